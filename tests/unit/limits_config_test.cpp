#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "bot/config/limits_reader.hpp"
#include "tests/support/config_folder.hpp"

using support::limits_of;
using support::problem_of_limit;
using namespace std::chrono_literals;

TEST_CASE("limits: every key") {
  const bot::Limits limits = limits_of(R"(
cooldown = "250ms"
repeat = "1m30s"
per_member = "3/2m"
ignore = "1h30m"
per_group = "2/5s"
per_account = "30/1m"
unasked_hour = "1/1h"
unasked_day = "9/1d"
quiet_hours = "12:30-13:45"
stagger = "45s"
same_answer = "2m"
hint = "1d"
backlog = "10m"
late_reply = "90s"
length = 500
lines = 20
two_bots = "5/2m"
reserve = 30
jitter = "1s"
in_flight = 4
settle = "20s"
look_again = "40s"
undecided = "15m"
failures = 5
pause = "1h"
noon_quiet = "14:00-14:30"
merge_window = "3m"
merge_names = 10
mentions = 3
everyone_day = "2/1d"
)");
  CHECK(limits.cooldown == 250ms);
  CHECK(limits.repeat == 90s);
  CHECK(limits.per_member == bot::Rate{3, 2min});
  CHECK(limits.ignore == 90min);
  CHECK(limits.per_group == bot::Rate{2, 5s});
  CHECK(limits.per_account == bot::Rate{30, 1min});
  CHECK(limits.unasked_hour == bot::Rate{1, 1h});
  CHECK(limits.unasked_day == bot::Rate{9, 24h});
  CHECK(limits.quiet_hours == bot::DailySpan{12h + 30min, 13h + 45min});
  CHECK(limits.stagger == 45s);
  CHECK(limits.same_answer == 2min);
  CHECK(limits.hint == 24h);
  CHECK(limits.backlog == 10min);
  CHECK(limits.late_reply == 90s);
  CHECK(limits.length == 500);
  CHECK(limits.lines == 20);
  CHECK(limits.two_bots == bot::Rate{5, 2min});
  CHECK(limits.reserve == 30);
  CHECK(limits.jitter == 1s);
  CHECK(limits.in_flight == 4);
  CHECK(limits.settle == 20s);
  CHECK(limits.look_again == 40s);
  CHECK(limits.undecided == 15min);
  CHECK(limits.failures == 5);
  CHECK(limits.pause == 1h);
  CHECK(limits.noon_quiet == bot::DailySpan{14h, 14h + 30min});
  CHECK(limits.merge_window == 3min);
  CHECK(limits.merge_names == 10);
  CHECK(limits.mentions == 3);
  CHECK(limits.everyone_day == bot::Rate{2, 24h});
}

TEST_CASE("limits: off lifts each of them") {
  for (const auto& key : bot::limits_keys()) {
    CAPTURE(key.name);
    const bot::Limits limits = limits_of(key.name + " = \"off\"\n");
    CHECK(key.print(limits) == "\"off\"");
    CHECK((limits == bot::Limits{}) == (key.name == "noon_quiet"));
  }
}

TEST_CASE("limits: no cooldown also lifts repeat and per_member") {
  const bot::Limits limits = limits_of("cooldown = \"off\"\n");
  CHECK_FALSE(limits.cooldown);
  CHECK_FALSE(limits.repeat);
  CHECK_FALSE(limits.per_member);
  CHECK(limits.ignore == bot::Limits{}.ignore);
  CHECK(limits.per_group == bot::Limits{}.per_group);
}

TEST_CASE("limits: no cooldown leaves what is set itself") {
  const bot::Limits limits = limits_of("repeat = \"7s\"\ncooldown = \"off\"\n");
  CHECK(limits.repeat == 7s);
  CHECK_FALSE(limits.per_member);
  CHECK(limits_of("per_member = \"5/1m\"\ncooldown = \"off\"\n").per_member == bot::Rate{5, 1min});
  const bot::Limits others = limits_of("repeat = \"off\"\n");
  CHECK(others.cooldown);
  CHECK(others.per_member);
}

TEST_CASE("limits: numbers without a unit") {
  CHECK(problem_of_limit("cooldown = 5") ==
        "xueban.toml:2: cooldown must be a duration in quotes or \"off\", not a whole number — such as "
        "cooldown = "
        "\"5s\"");
  CHECK(problem_of_limit("cooldown = 2.5").find("such as cooldown = \"3s\"") != std::string::npos);
  CHECK(problem_of_limit("cooldown = false").find("or \"off\", not true or false") != std::string::npos);
  CHECK(problem_of_limit("per_group = 20").find("such as per_group = \"20/1m\"") != std::string::npos);
  CHECK(problem_of_limit("quiet_hours = 22:00:00").find("not a time without quotes") != std::string::npos);
  CHECK(
      problem_of_limit("lines = \"12\"") ==
      "xueban.toml:2: lines must be a whole number without quotes or \"off\", not text — such as lines = 12");
  CHECK(problem_of_limit("lines = 0") ==
        "xueban.toml:2: lines = 0 is out of range — write 1 to 1000000, or \"off\"");
  CHECK(problem_of_limit("length = -1").find("out of range") != std::string::npos);
  CHECK(problem_of_limit("reserve = 100") ==
        "xueban.toml:2: reserve = 100 is out of range — write 1 to 99, or \"off\"");
  CHECK(problem_of_limit("reserve = \"20%\"").find("such as reserve = 20") != std::string::npos);
}

TEST_CASE("limits: values that are not understood") {
  CHECK(problem_of_limit("cooldown = \"5\"") ==
        "xueban.toml:2: cooldown = \"5\" has a number without a unit (d, h, m, s or ms) — such as cooldown = "
        "\"1h30m\", or \"off\"");
  CHECK(problem_of_limit("per_group = \"3s\"").find("is not a rate") != std::string::npos);
  CHECK(problem_of_limit("quiet_hours = \"22-7\"").find("is not a time span") != std::string::npos);
  CHECK(problem_of_limit("quiet_hours = \"22:00-7:00\"").find("two digits") != std::string::npos);
  CHECK(problem_of_limit("hint = \"none\"").find("is not a duration") != std::string::npos);
}

TEST_CASE("limits: durations") {
  CHECK(*bot::parse_duration("3s") == 3s);
  CHECK(*bot::parse_duration("1h30m") == 90min);
  CHECK(*bot::parse_duration("1d2h3m4s5ms") == 26h + 3min + 4s + 5ms);
  CHECK(*bot::parse_duration("366d") == 24h * 366);
  for (const char* text :
       {"",     "s",       "3",           "0s",         "0h0m",         "3 s",  " 3s", "3s ",
        "3S",   "-3s",     "+3s",         "1.5s",       "30m1h",        "1m1m", "3x",  "s3",
        "367d", "366d1ms", "9999999999s", "999999999d", "\xe7\xa7\x92", "3s\n"}) {
    CAPTURE(text);
    CHECK(bot::parse_duration(text).error().code == bot::Errc::bad_input);
  }
}

TEST_CASE("limits: rates, spans and times of day") {
  CHECK(*bot::parse_rate("15/1m") == bot::Rate{15, 1min});
  for (const char* text : {"", "/", "1", "1/", "/1m", "0/1m", "-1/1m", "1/1m/1m", "1 / 1m", "1000001/1m"}) {
    CAPTURE(text);
    CHECK(bot::parse_rate(text).has_error());
  }
  CHECK(*bot::parse_daily_span("22:00-07:00") == bot::DailySpan{22h, 7h});
  for (const char* text : {"", "-", "22:00", "22:00-", "-07:00", "22:00-22:00", "24:00-07:00", "22:60-07:00",
                           "22:00 - 07:00", "2200-0700", "22:00-07:00-08:00"}) {
    CAPTURE(text);
    CHECK(bot::parse_daily_span(text).has_error());
  }
  CHECK(*bot::parse_clock("00:00") == 0min);
  CHECK(*bot::parse_clock("23:59") == 23h + 59min);
  for (const char* text : {"", "8:00", "08:0", "08.00", "24:00", "08:60", "ab:cd", "08:00:00", "-8:00"}) {
    CAPTURE(text);
    CHECK(bot::parse_clock(text).has_error());
  }
}

TEST_CASE("limits: printed values are read back") {
  for (const char* text : {"3s", "1h30m", "250ms", "1d", "26d3h4m5s6ms"}) {
    CHECK(bot::duration_text(*bot::parse_duration(text)) == text);
  }
  CHECK(bot::rate_text(*bot::parse_rate("15/60s")) == "15/1m");
  CHECK(bot::daily_span_text(*bot::parse_daily_span("22:00-07:05")) == "22:00-07:05");
}

TEST_CASE("limits: quiet hours that never end") {
  const std::string never = "quiet_hours and noon_quiet leave no time of day to speak";
  CHECK(problem_of_limit("noon_quiet = \"07:00-22:00\"").find(never) != std::string::npos);
  CHECK(problem_of_limit("noon_quiet = \"06:00-23:00\"").find(never) != std::string::npos);
  CHECK(problem_of_limit("noon_quiet = \"07:00-21:59\"") == "");
  CHECK(problem_of_limit("noon_quiet = \"23:00-06:00\"") == "");
  CHECK(problem_of_limit("noon_quiet = \"21:00-08:00\"") == "");
}
