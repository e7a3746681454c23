#include <doctest/doctest.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <vector>

#include "bot/sandbox.hpp"

namespace {

struct Pushed {
  std::string day{};
  int minute = 0;  ///< of the day
  std::string text{};
};

int minute_of(const std::string& clock) {
  return std::stoi(clock.substr(0, 2)) * 60 + std::stoi(clock.substr(3, 2));
}

/// "2026-02-18 08:00 【微课堂·第1期】"
std::vector<Pushed> expected() {
  std::ifstream file(XUEBAN_SOURCE "/tests/chats/year.pushes");
  std::vector<Pushed> pushes;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    pushes.push_back({line.substr(0, 10), minute_of(line.substr(11, 5)), line.substr(17)});
  }
  return pushes;
}

/// What the bot said by itself: everything but its answers to the plans, which begin with their number.
std::vector<Pushed> said_by_itself(const std::string& transcript) {
  static const std::regex day_line("—— \\S+ (\\d{4}-\\d\\d-\\d\\d) ——");
  static const std::regex push_line("\\[\\d+\\] (\\d\\d:\\d\\d) 学伴: ((?!T\\d).*)");
  std::vector<Pushed> pushes;
  std::string day;
  std::istringstream lines(transcript);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, day_line)) day = match[1];
    if (std::regex_match(line, match, push_line)) pushes.push_back({day, minute_of(match[1]), match[2]});
  }
  return pushes;
}

}  // namespace

TEST_CASE("a year from one Spring Festival to the next, day by day") {
  std::ostringstream transcript;
  REQUIRE(bot::run_sandbox(XUEBAN_SOURCE "/content", "zh-CN", XUEBAN_SOURCE "/tests/chats/year.chat",
                           transcript) == 0);
  const std::vector<Pushed> wanted = expected();
  const std::vector<Pushed> got = said_by_itself(transcript.str());
  REQUIRE(wanted.size() > 800);
  CHECK(got.size() == wanted.size());
  for (std::size_t i = 0; i < std::min(got.size(), wanted.size()); ++i) {
    CAPTURE(wanted[i].day);
    REQUIRE(got[i].day == wanted[i].day);
    REQUIRE(got[i].text.starts_with(wanted[i].text));
    // The group's own offset is at most ninety seconds.
    REQUIRE(got[i].minute >= wanted[i].minute);
    REQUIRE(got[i].minute <= wanted[i].minute + 1);
  }
}
