#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

#include "bot/base/problem.hpp"

namespace bot {

/// "1 account", "2 accounts"
std::string counted(std::size_t count, std::string_view noun);
/// "3.4 MB", "62.1 GB"
std::string shown_bytes(std::uintmax_t bytes);

/// What `xueban doctor` prints, line by line as it finds it: verdict, subject, what it found and, unless that
/// is well, what to do. No secret and no control character gets into a line.
class Report {
 public:
  explicit Report(std::ostream& out) : out_(out) {}

  void ok(std::string_view subject, std::string_view what);
  void warn(std::string_view subject, std::string_view what, std::string_view todo);
  void fail(std::string_view subject, std::string_view what, std::string_view todo);
  /// Each as a warning or a failure.
  void problems(std::string_view subject, const Problems& problems);
  /// The last line, with the counts.
  void summary();

  bool failed() const noexcept { return failures_ > 0; }

 private:
  void line(std::string_view verdict, std::string_view subject, std::string_view what, std::string_view todo);

  std::ostream& out_;
  std::size_t fine_ = 0;
  std::size_t warnings_ = 0;
  std::size_t failures_ = 0;
};

}  // namespace bot
