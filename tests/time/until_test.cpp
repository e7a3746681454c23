#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "bot/base/zone.hpp"
#include "schedules/phrases.hpp"

namespace {

/// "2026-03-02 16:20", "past" or "nothing", said on Monday 2026-03-02 14:20:35.
std::string until(std::string_view phrase) {
  using namespace std::chrono_literals;
  const bot::LocalTime now = std::chrono::local_days(std::chrono::year(2026) / 3 / 2) + 14h + 20min + 35s;
  const auto found = schedules::parse_until(phrase, now);
  if (found.at) return bot::iso_date(*found.at) + " " + bot::clock_time(*found.at);
  return found.error == schedules::PhraseError::past ? "past" : "nothing";
}

}  // namespace

TEST_CASE("until: a length counts from now") {
  const std::vector<std::pair<std::string, std::string>> said = {
      {"2小时", "2026-03-02 16:20"},
      {"两个半小时", "2026-03-02 16:50"},
      {"２ 小时 吧", "2026-03-02 16:20"},
      {"半小时", "2026-03-02 14:50"},
      {"2天", "2026-03-04 14:20"},
      {"一周", "2026-03-09 14:20"},
      {"一个月", "2026-04-02 14:20"},
      {"2 hours", "2026-03-02 16:20"},
      {"for half an hour", "2026-03-02 14:50"},
      {"3 days please", "2026-03-05 14:20"},
  };
  for (const auto& [phrase, expected] : said) {
    INFO(phrase);
    CHECK(until(phrase) == expected);
  }
}

TEST_CASE("until: a moment is that moment, with or without the word") {
  const std::vector<std::pair<std::string, std::string>> said = {
      {"到明早8点", "2026-03-03 08:00"},  {"明早8点", "2026-03-03 08:00"},
      {"直到 16:00", "2026-03-02 16:00"}, {"到周五", "2026-03-06 09:00"},
      {"2小时后", "2026-03-02 16:21"},    {"until tomorrow 8:00", "2026-03-03 08:00"},
      {"till 8 pm", "2026-03-02 20:00"},
  };
  for (const auto& [phrase, expected] : said) {
    INFO(phrase);
    CHECK(until(phrase) == expected);
  }
}

TEST_CASE("until: what is over or no end") {
  CHECK(until("到今天8点") == "past");
  for (const char* phrase :
       {"", "到", "到下班", "每天8点", "一会儿", "2小时开会", "开会前10分钟", "到2小时", "\xff"}) {
    INFO(phrase);
    CHECK(until(phrase) == "nothing");
  }
}
