#pragma once

#include <string>
#include <vector>

namespace bench {

/// What was measured, beside what the raw bot reached and what is aimed at.
struct Line {
  std::string what{};
  std::string measured{};
  std::string raw{};
  std::string ratio{};
  std::string target{};
  std::string verdict{};
};

class Table {
 public:
  /// A line without a target.
  void note(std::string what, std::string measured, std::string raw = {}, std::string ratio = {});
  void judge(std::string what, std::string measured, std::string raw, std::string ratio, std::string target,
             bool reached);
  std::string text() const;

 private:
  std::vector<Line> lines_;
};

}  // namespace bench
