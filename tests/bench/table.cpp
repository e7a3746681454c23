#include "tests/bench/table.hpp"

#include <fmt/format.h>

#include <utility>

namespace bench {

namespace {

std::string printed(const Line& line) {
  return fmt::format("{:<46} {:>16} {:>14} {:>9}  {:<11} {}\n", line.what, line.measured, line.raw,
                     line.ratio, line.target, line.verdict);
}

}  // namespace

void Table::note(std::string what, std::string measured, std::string raw, std::string ratio) {
  lines_.push_back({std::move(what), std::move(measured), std::move(raw), std::move(ratio), "", ""});
}

void Table::judge(std::string what, std::string measured, std::string raw, std::string ratio,
                  std::string target, bool reached) {
  lines_.push_back({std::move(what), std::move(measured), std::move(raw), std::move(ratio), std::move(target),
                    reached ? "ok" : "MISS"});
}

std::string Table::text() const {
  std::string text = printed({"what", "measured", "raw", "ratio", "target", ""});
  for (const Line& line : lines_) text += printed(line);
  return text;
}

}  // namespace bench
