#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "bot/base/problem.hpp"

namespace bot {

/// A lesson file of `content/lessons/<course>/`.
struct Lesson {
  std::int64_t number = 0;  ///< of `L12`; unique over all courses, never reused
  std::string course{};
  std::string title{};
  std::int64_t minutes = 0;  ///< reading time of the long text
  std::string question{};    ///< one thing to think about
  std::string source{};      ///< may be empty
  std::string brief{};       ///< chat text for the group
  std::string body{};        ///< chat text of the long version; the brief one when there is no other
  std::string file{};
  std::int64_t number_line = 0;  ///< where the number stands in the file
};

/// A named column (版块) of `content/columns.toml`.
struct Column {
  std::string id{};
  std::string name{};
  std::string course{};  ///< empty while the column has no lessons
  std::string about{};
  std::string
      slot{};  ///< when it is said, as people write it: "每天 08:00"; empty: only where a group says when
  std::int64_t line = 0;  ///< where it stands in columns.toml
};

/// Lessons and columns. Immutable after loading.
class Library {
 public:
  /// Reads `<folder>/columns.toml` and `<folder>/lessons/`. A lesson with a problem is left out and named.
  static Library load(const std::filesystem::path& folder, Problems& problems);

  const std::vector<Column>& columns() const noexcept { return columns_; }
  /// nullptr when there is none. Valid while the library lives.
  const Column* column(const std::string& id) const;
  const Lesson* lesson(std::int64_t number) const;
  /// By number; empty for an unknown course.
  const std::vector<Lesson>& course(const std::string& name) const;
  std::size_t lessons() const noexcept;

 private:
  std::vector<Column> columns_;
  std::map<std::string, std::vector<Lesson>> courses_;
};

}  // namespace bot
