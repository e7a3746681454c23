/// Random rules against a slow oracle that asks every day anew, in ways of its own.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bot/base/random.hpp"
#include "schedules/lunar.hpp"
#include "schedules/recurrence.hpp"
#include "schedules/solar_terms.hpp"
#include "tests/support/wall.hpp"

using bot::LocalTime;
using std::chrono::days;
using std::chrono::minutes;
using namespace schedules;

namespace {

const Workdays& workdays() {
  static const Workdays shipped = [] {
    bot::Problems problems;
    return load_workdays(std::filesystem::path(XUEBAN_SOURCE) / "content/calendar", problems);
  }();
  return shipped;
}

struct Sample {
  Days days{};
  std::function<bool(Day)> contains{};
};

struct Date {
  int year = 0;
  int month = 0;
  int day = 0;
};

Date date_of(Day day) {
  const std::chrono::year_month_day date(day);
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day()))};
}

/// 1970-01-01 was a Thursday.
int weekday_of(Day day) {
  return static_cast<int>((day.time_since_epoch().count() + 4 + 70'000) % 7);
}

int month_length(Day day) {
  const Date date = date_of(day);
  static constexpr int kLengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
  return kLengths[date.month - 1] + (leap && date.month == 2 ? 1 : 0);
}

bool has_month(const Months& months, int month) {
  for (int each = months.first; each <= 12; each += months.every) {
    if (each == month) return true;
  }
  return false;
}

int workdays_until(Day day) {
  int count = 0;
  for (Day each = day - days(date_of(day).day - 1); each <= day; each += days(1)) {
    count += workdays().is_workday(each) ? 1 : 0;
  }
  return count;
}

bool is_last_workday(Day day) {
  const Day end = day + days(month_length(day) - date_of(day).day);
  return workdays().is_workday(day) && workdays_until(end) == workdays_until(day);
}

class Samples {
 public:
  explicit Samples(std::uint64_t seed) : random_(seed) {}

  int between(int low, int high) {
    return low + static_cast<int>(random_.below(static_cast<std::uint64_t>(high - low + 1)));
  }

  Day day() { return support::day("2020-01-01") + days(between(0, 366 * 16)); }

  Months months() {
    if (between(0, 1) == 0) return {};
    const int every = between(1, 12);
    return {every, between(1, every)};
  }

  Sample weekly() {
    const Weekly rule{static_cast<std::uint8_t>(between(1, 127)), between(1, 5), day()};
    return {rule, [rule](Day day) {
              const auto week = [](Day each) { return (each.time_since_epoch().count() + 3 + 70'000) / 7; };
              return (rule.days & 1 << weekday_of(day)) != 0 &&
                     std::abs(week(day) - week(rule.anchor)) % rule.every == 0;
            }};
  }

  Sample month_day() {
    const MonthDay rule{between(0, 2) == 0 ? -between(1, 31) : between(1, 31), months()};
    return {rule, [rule](Day day) {
              const int number = date_of(day).day;
              const int length = month_length(day);
              const bool fits = number == rule.day || (number == length && rule.day > length) ||
                                number - length - 1 == rule.day;
              return fits && has_month(rule.months, date_of(day).month);
            }};
  }

  Sample nth_weekday() {
    const int nth = between(0, 5);
    const NthWeekday rule{nth == 0 ? -1 : nth, static_cast<unsigned>(between(0, 6)), months()};
    return {rule, [rule](Day day) {
              const int number = date_of(day).day;
              const bool fits =
                  rule.nth == -1 ? number + 7 > month_length(day) : (number - 1) / 7 + 1 == rule.nth;
              return fits && weekday_of(day) == static_cast<int>(rule.weekday) &&
                     has_month(rule.months, date_of(day).month);
            }};
  }

  Sample yearly() {
    const bool leap_day = between(0, 3) == 0;
    const Yearly rule{static_cast<unsigned>(leap_day ? 2 : between(1, 12)),
                      static_cast<unsigned>(leap_day ? 29 : between(1, 31)),
                      between(0, 1) == 0 ? LeapDay::february_28 : LeapDay::march_1};
    return {rule, [rule, leap_day](Day day) {
              const Date date = date_of(day);
              const auto is = [&date](int month, int number) {
                return date.month == month && date.day == number;
              };
              if (!leap_day) return is(static_cast<int>(rule.month), static_cast<int>(rule.day));
              if (date.year % 4 == 0) return is(2, 29);
              return rule.leap_day == LeapDay::february_28 ? is(2, 28) : is(3, 1);
            }};
  }

  Sample workday() {
    const EachWorkday rule{between(0, 2) == 0 ? 0 : between(-1, 22)};
    return {rule, [rule](Day day) {
              if (rule.nth == -1) return is_last_workday(day);
              return workdays().is_workday(day) && (rule.nth == 0 || workdays_until(day) == rule.nth);
            }};
  }

  Sample lunar() {
    const Lunar rule{between(0, 12), between(1, 30), between(0, 1) == 0};
    return {rule, [rule](Day day) {
              const auto date = lunar_date(day);
              if (!date) return false;
              const bool ends = lunar_date(day + days(1))->day == 1;
              if (date->day != rule.day && !(rule.day == 30 && ends)) return false;
              if (rule.month == 0) return true;
              const bool in_leap = rule.leap && leap_month(date->year) == rule.month;
              return date->month == rule.month && date->leap == in_leap;
            }};
  }

  Sample solar_term() {
    const int term = between(0, 23);
    return {SolarTerm{term}, [term](Day day) { return solar_term_on(day) == term; }};
  }

  Sample once() {
    const Day only = day();
    return {Once{only}, [only](Day day) { return day == only; }};
  }

  /// Built from sets, parsed from their text, and asked of the sets again.
  Sample cron() {
    const auto [months, month_field] = cron_field(1, 12);
    const auto [numbers, day_field] = cron_field(1, 31);
    const auto [weekdays, weekday_field] = cron_field(0, 6);
    const auto rule = parse_cron("0 0 " + day_field + " " + month_field + " " + weekday_field);
    const bool either = day_field != "*" && weekday_field != "*";
    return {rule.value().days, [=](Day day) {
              const Date date = date_of(day);
              const bool number = numbers.contains(date.day);
              const bool weekday = weekdays.contains(weekday_of(day));
              return months.contains(date.month) && (either ? number || weekday : number && weekday);
            }};
  }

  Rule rule(const Days& days) {
    Rule rule{days, between(0, 1) == 0 ? 0 : between(-40, 40)};
    std::set<minutes> times;
    for (int count = between(1, 3); count > 0; --count) times.insert(minutes(between(0, 1440)));
    rule.times.assign(times.begin(), times.end());
    return rule;
  }

  LocalTime moment() { return day() + minutes(between(0, 1439)) + std::chrono::seconds(between(0, 59)); }

 private:
  std::pair<std::set<int>, std::string> cron_field(int low, int high) {
    std::set<int> numbers;
    if (between(0, 1) == 0) {
      for (int number = low; number <= high; ++number) numbers.insert(number);
      return {numbers, "*"};
    }
    for (int count = between(1, 3); count > 0; --count) numbers.insert(between(low, high));
    std::string text;
    for (const int number : numbers) text += (text.empty() ? "" : ",") + std::to_string(number);
    return {numbers, text};
  }

  bot::Random random_;
};

std::optional<LocalTime> slow_next(const Rule& rule, const Sample& sample, LocalTime after) {
  const Day today = std::chrono::floor<days>(after);
  for (Day day = today - days(1); day < today + days(8 * 366 - 60); day += days(1)) {
    if (!sample.contains(day - days(rule.offset))) continue;
    for (const minutes time : rule.times) {
      if (day + time > after) return day + time;
    }
  }
  return std::nullopt;
}

void check_against_oracle(const std::string& kind, Sample (Samples::*make)(), std::uint64_t seed) {
  CAPTURE(kind);
  Samples samples(seed);
  for (int round = 0; round < 200; ++round) {
    const Sample sample = (samples.*make)();
    const Rule rule = samples.rule(sample.days);
    LocalTime after = samples.moment();
    for (int step = 0; step < 4; ++step) {
      CAPTURE(round);
      CAPTURE(support::written(after));
      const auto expected = slow_next(rule, sample, after);
      const auto found = next_after(rule, after, workdays());
      if (!expected) {
        REQUIRE((!found || *found > after + days(8 * 366 - 64)));
        break;
      }
      REQUIRE(found.has_value());
      REQUIRE(support::written(*found) == support::written(*expected));
      REQUIRE(*found > after);
      after = *found;
    }
  }
}

}  // namespace

TEST_CASE("random rules agree with an oracle that asks every day") {
  check_against_oracle("weekly", &Samples::weekly, 1);
  check_against_oracle("month day", &Samples::month_day, 2);
  check_against_oracle("nth weekday", &Samples::nth_weekday, 3);
  check_against_oracle("yearly", &Samples::yearly, 4);
  check_against_oracle("workday", &Samples::workday, 5);
  check_against_oracle("lunar", &Samples::lunar, 6);
  check_against_oracle("solar term", &Samples::solar_term, 7);
  check_against_oracle("once", &Samples::once, 8);
  check_against_oracle("cron", &Samples::cron, 9);
}

TEST_CASE("falls_on agrees with the oracle on every day of six years") {
  Samples samples(10);
  for (const auto make : {&Samples::weekly, &Samples::month_day, &Samples::nth_weekday, &Samples::yearly,
                          &Samples::workday, &Samples::lunar, &Samples::solar_term, &Samples::cron}) {
    const Sample sample = (samples.*make)();
    for (Day day = support::day("2023-01-01"); day < support::day("2029-01-01"); day += days(1)) {
      REQUIRE(falls_on(sample.days, day, workdays()) == sample.contains(day));
    }
  }
}
