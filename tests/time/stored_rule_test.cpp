#include "schedules/stored_rule.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

using schedules::restored;
using schedules::Rule;
using schedules::stored;
using namespace std::chrono_literals;

namespace {

schedules::CronDays cron(std::string_view expression) {
  const auto rule = schedules::parse_cron(expression);
  REQUIRE_FALSE(rule.has_error());
  return std::get<schedules::CronDays>(rule->days);
}

std::vector<Rule> rules_of_every_kind() {
  const std::vector<std::chrono::minutes> eight{8h};
  const schedules::Day day{std::chrono::days(20'518)};
  std::vector<Rule> rules;
  for (const schedules::Days& days : std::vector<schedules::Days>{
           schedules::EveryDay{}, schedules::Weekly{0b0101010, 1, {}}, schedules::Weekly{0b1000001, 2, day},
           schedules::MonthDay{31, {}}, schedules::MonthDay{-1, {3, 2}}, schedules::NthWeekday{-1, 5, {}},
           schedules::NthWeekday{5, 0, {12, 12}}, schedules::Yearly{2, 29},
           schedules::Yearly{2, 29, schedules::LeapDay::march_1}, schedules::EachWorkday{},
           schedules::EachWorkday{-1}, schedules::EachDayOff{}, schedules::Lunar{8, 15, false},
           schedules::Lunar{0, 30, true}, schedules::SolarTerm{0}, schedules::SolarTerm{23},
           schedules::Once{day}, cron("*/15 8-18 1,15 * mon-fri")}) {
    rules.push_back({days, 0, eight, {}});
    rules.push_back({days, -3, {0min, 8h + 5min, 24h}, 120min});
  }
  return rules;
}

}  // namespace

TEST_CASE("stored rules: every kind is read back as it was") {
  for (const Rule& rule : rules_of_every_kind()) {
    const std::string text = stored(rule);
    CAPTURE(text);
    CHECK(text.find('\n') == text.npos);
    const auto read = restored(text);
    REQUIRE(read);
    CHECK(*read == rule);
    CHECK(schedules::rule_of(text) == rule);
  }
}

TEST_CASE("stored rules: what is not one is none") {
  for (const std::string_view text :
       {"",
        "{",
        "{}",
        "[]",
        "null",
        "8",
        "every day 08:00",
        R"({"days":"every_day"})",
        R"({"days":"every_day","offset":0,"times":[],"window":0})",
        R"({"days":"every_day","offset":0,"times":[480]})",
        R"({"days":"every_day","offset":0,"times":480,"window":0})",
        R"({"days":"every_day","offset":0,"times":[480.5],"window":0})",
        R"({"days":"every_day","offset":0,"times":[-1],"window":0})",
        R"({"days":"every_day","offset":0,"times":[1441],"window":0})",
        R"({"days":"every_day","offset":0,"times":[500,480],"window":0})",
        R"({"days":"every_day","offset":367,"times":[480],"window":0})",
        R"({"days":"every_day","offset":0,"times":[480],"window":-1})",
        R"({"days":"never","offset":0,"times":[480],"window":0})",
        R"({"days":"weekly","bits":0,"every":1,"anchor":0,"offset":0,"times":[480],"window":0})",
        R"({"days":"weekly","bits":128,"every":1,"anchor":0,"offset":0,"times":[480],"window":0})",
        R"({"days":"weekly","bits":2,"every":0,"anchor":0,"offset":0,"times":[480],"window":0})",
        R"({"days":"month_day","day":32,"every":1,"first":1,"offset":0,"times":[480],"window":0})",
        R"({"days":"yearly","month":13,"day":1,"march_1":false,"offset":0,"times":[480],"window":0})",
        R"({"days":"lunar","month":1,"day":31,"leap":false,"offset":0,"times":[480],"window":0})",
        R"({"days":"solar_term","term":24,"offset":0,"times":[480],"window":0})",
        R"({"days":"cron","cron":"61 * * * *","offset":0,"times":[480],"window":0})",
        R"({"days":"once","day":99999999999999999999,"offset":0,"times":[480],"window":0})"}) {
    CAPTURE(text);
    CHECK_FALSE(restored(text));
  }
}

TEST_CASE("stored rules: what was cut or spoiled crashes nothing, and what is read can be used") {
  const auto try_out = [](const std::string& text) {
    const auto rule = restored(text);
    if (!rule) return;
    CHECK(restored(stored(*rule)) == rule);
    const schedules::Workdays workdays;
    const bot::LocalTime now{std::chrono::hours(24 * 20'518)};
    const auto next = schedules::next_after(*rule, now, workdays);
    if (next) CHECK(*next > now);
  };
  constexpr std::string_view kSpoilt = "0-9,:\"{}[]a\\\x80 ";
  for (const Rule& rule : rules_of_every_kind()) {
    const std::string text = stored(rule);
    for (std::size_t at = 0; at < text.size(); ++at) {
      CHECK_FALSE(restored(text.substr(0, at)));
      for (const char other : kSpoilt) {
        std::string changed = text;
        changed[at] = other;
        CAPTURE(changed);
        try_out(changed);
        changed = text;
        changed.insert(at, 1, other);
        try_out(changed);
      }
    }
  }
}
