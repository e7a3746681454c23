/// Every rule that can be said is understood when it is said back, in both languages.
#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "bot/base/random.hpp"
#include "bot/texts/texts.hpp"
#include "schedules/phrases.hpp"
#include "schedules/rule_words.hpp"

using namespace schedules;
using namespace std::chrono_literals;

namespace {

const bot::Texts& texts() {
  static const bot::Texts shipped = [] {
    bot::Problems problems;
    return bot::Texts::load(std::filesystem::path(XUEBAN_SOURCE) / "content/words", problems);
  }();
  return shipped;
}

std::string said(const std::string& language, const Rule& rule) {
  bot::Random random(1);
  return rule_words(rule, [&](std::string key, bot::Values values) {
    return texts().render(language, {std::move(key), std::move(values)}, random);
  });
}

void check(const Rule& rule) {
  for (const char* language : {"zh-CN", "en"}) {
    const std::string words = said(language, rule);
    CAPTURE(words);
    const auto read = parse_rule(words);
    REQUIRE(read);
    CHECK(*read == rule);
  }
}

/// Also days before and after, which all rules but "every day" and a single day have.
void check_shifted(const Days& days) {
  for (const int offset : {0, -1, 1, -10, 3}) check({days, offset, {8h}, {}});
}

/// Read without a now, every other week counts from this Monday.
constexpr Day kAnchor{
    std::chrono::year_month_day{std::chrono::year(2024), std::chrono::January, std::chrono::day(1)}};

}  // namespace

TEST_CASE("round trip: times and windows") {
  check({EveryDay{}, 0, {0min}, {}});
  check({EveryDay{}, 0, {24h}, {}});
  check({EveryDay{}, 0, {8h, 12h + 30min, 20h + 5min}, {}});
  check({EveryDay{}, 0, {8h}, 60min});
  check({EveryDay{}, 0, {8h, 23h + 30min}, 60min});
  check({EachDayOff{}, 0, {3h}, {}});
  for (auto time = 0min; time < 24h; time += 7min) check({EachWorkday{}, 0, {time}, {}});
}

TEST_CASE("round trip: weeks") {
  for (int mask = 1; mask < 128; ++mask) {
    for (int every = 1; every <= 5; ++every) {
      check_shifted(Weekly{static_cast<std::uint8_t>(mask), every, every > 1 ? kAnchor : Day{}});
    }
  }
}

TEST_CASE("round trip: months and quarters") {
  for (const Months months : {Months{}, Months{3, 1}, Months{3, 3}, Months{6, 1}, Months{6, 6}, Months{2, 2},
                              Months{12, 1}, Months{12, 12}}) {
    for (int day = -28; day <= 31; ++day) {
      if (day != 0) check_shifted(MonthDay{day, months});
    }
    for (const int nth : {1, 2, 3, 4, 5, -1}) {
      for (unsigned weekday = 0; weekday < 7; ++weekday) check_shifted(NthWeekday{nth, weekday, months});
    }
  }
  for (int nth = -1; nth <= 23; ++nth) check_shifted(EachWorkday{nth});
  check_shifted(EachDayOff{});
}

TEST_CASE("round trip: years") {
  for (unsigned month = 1; month <= 12; ++month) {
    for (const unsigned day : {1U, 2U, 10U, 11U, 20U, 28U}) check_shifted(Yearly{month, day});
  }
  check_shifted(Yearly{2, 29, LeapDay::february_28});
  check_shifted(Yearly{2, 29, LeapDay::march_1});
  check_shifted(Yearly{12, 31});
  for (int term = 0; term < 24; ++term) check_shifted(SolarTerm{term});
  for (int month = 0; month <= 12; ++month) {
    for (int day = 1; day <= 30; ++day) {
      check_shifted(Lunar{month, day});
      if (month > 0) check_shifted(Lunar{month, day, true});
    }
  }
}

TEST_CASE("round trip: single days and cron") {
  for (int days = 0; days < 800; days += 13) check({Once{kAnchor + std::chrono::days(days)}, 0, {15h}, {}});
  check({Once{kAnchor}, 0, {8h, 20h}, {}});
  check({Once{kAnchor}, 0, {8h}, 30min});
  for (const char* expression : {"0 8 * * 1-5", "*/30 8-10 1,15 * *", "0 0 29 feb *"}) {
    check(parse_cron(expression).value());
  }
}
