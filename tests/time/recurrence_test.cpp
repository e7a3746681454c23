/// Rules and their times: dates from published calendars.
#include "schedules/recurrence.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/lines.hpp"
#include "tests/support/wall.hpp"

using bot::LocalTime;
using support::day;
using support::wall;
using namespace schedules;
using namespace std::chrono_literals;

namespace {

const Workdays& workdays() {
  static const Workdays shipped = [] {
    bot::Problems problems;
    auto read = load_workdays(std::filesystem::path(XUEBAN_SOURCE) / "content/calendar", problems);
    REQUIRE(problems.empty());
    return read;
  }();
  return shipped;
}

/// The next `count` times after `after`, and "none" when they end before that.
Lines next(const Rule& rule, const std::string& after, std::size_t count = 5) {
  Lines lines;
  LocalTime at = wall(after);
  while (lines.size() < count) {
    const auto found = next_after(rule, at, workdays());
    lines.push_back(found ? support::written(*found) : "none");
    if (!found) break;
    at = *found;
  }
  return lines;
}

/// The next days of a rule at 08:00.
Lines days_of(const Days& days, const std::string& after, int offset = 0, std::size_t count = 5) {
  Lines lines = next({days, offset, {8h}}, after, count);
  for (std::string& line : lines) line = line.substr(0, line.find(" 08:00"));
  return lines;
}

constexpr std::uint8_t kMonday = 1U << 1U;
constexpr std::uint8_t kTuesday = 1U << 2U;
constexpr std::uint8_t kSunday = 1U << 0U;
constexpr std::uint8_t kMondayWednesdayFriday = 0b0101010;

}  // namespace

TEST_CASE("every day, at every one of its times") {
  const Rule rule{EveryDay{}, 0, {8h, 20h}};
  CHECK(next(rule, "2026-12-30 08:00") == Lines{"2026-12-30 20:00", "2026-12-31 08:00", "2026-12-31 20:00",
                                                "2027-01-01 08:00", "2027-01-01 20:00"});
  CHECK(next(rule, "2026-12-30 07:59", 1) == Lines{"2026-12-30 08:00"});
  CHECK(next(rule, "2026-12-30 20:00", 1) == Lines{"2026-12-31 08:00"});
  CHECK(next({EveryDay{}, 0, {0min}}, "2026-12-31 23:59", 1) == Lines{"2027-01-01 00:00"});
  CHECK(next({EveryDay{}, 0, {24h}}, "2026-12-31 23:59", 2) == Lines{"2027-01-01 00:00", "2027-01-02 00:00"});
  CHECK(next({EveryDay{}, 0, {}}, "2026-12-31 23:59", 1) == Lines{"none"});
  // A second after the time is after it.
  CHECK(next_after(rule, wall("2026-12-30 08:00") + 1s, workdays()) == wall("2026-12-30 20:00"));
  CHECK(next_after(rule, wall("2026-12-30 08:00") - 1ms, workdays()) == wall("2026-12-30 08:00"));
}

TEST_CASE("weekdays, and the rhythm of weeks across a year of 53 weeks") {
  CHECK(days_of(Weekly{kMondayWednesdayFriday}, "2026-11-24") ==
        Lines{"2026-11-25", "2026-11-27", "2026-11-30", "2026-12-02", "2026-12-04"});
  const Lines fortnight{"2026-11-24", "2026-12-08", "2026-12-22", "2027-01-05", "2027-01-19"};
  CHECK(days_of(Weekly{kTuesday, 2, day("2026-11-24")}, "2026-11-24") == fortnight);
  CHECK(days_of(Weekly{kTuesday, 2, day("2026-11-29")}, "2026-11-24") == fortnight);
  CHECK(days_of(Weekly{kTuesday, 2, day("2027-06-07")}, "2026-11-24") == fortnight);
  CHECK(days_of(Weekly{kTuesday, 2, day("2026-11-30")}, "2026-11-24", 0, 2) ==
        Lines{"2026-12-01", "2026-12-15"});
  // A week ends with its Sunday.
  CHECK(days_of(Weekly{kSunday, 3, day("2026-11-23")}, "2026-11-24") ==
        Lines{"2026-11-29", "2026-12-20", "2027-01-10", "2027-01-31", "2027-02-21"});
  CHECK(days_of(Weekly{kMonday | kSunday, 2, day("2026-11-23")}, "2026-11-23 08:00", 0, 3) ==
        Lines{"2026-11-29", "2026-12-07", "2026-12-13"});
  CHECK(days_of(Weekly{kMonday, 0}, "2026-11-24", 0, 1) == Lines{"2026-11-30"});
  CHECK(days_of(Weekly{}, "2026-11-24", 0, 1) == Lines{"none"});
}

TEST_CASE("days of the month, and months that are too short") {
  CHECK(days_of(MonthDay{1}, "2026-11-24", 0, 3) == Lines{"2026-12-01", "2027-01-01", "2027-02-01"});
  CHECK(days_of(MonthDay{31}, "2027-01-30") ==
        Lines{"2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"});
  CHECK(days_of(MonthDay{30}, "2028-01-30") ==
        Lines{"2028-01-30", "2028-02-29", "2028-03-30", "2028-04-30", "2028-05-30"});
  CHECK(days_of(MonthDay{-1}, "2028-01-31 08:00", 0, 3) == Lines{"2028-02-29", "2028-03-31", "2028-04-30"});
  CHECK(days_of(MonthDay{-2}, "2026-02-01", 0, 2) == Lines{"2026-02-27", "2026-03-30"});
  CHECK(days_of(MonthDay{-31}, "2026-02-01", 0, 2) == Lines{"2026-03-01", "2026-05-01"});
  CHECK(days_of(MonthDay{0}, "2026-02-01", 0, 1) == Lines{"none"});
}

TEST_CASE("quarters and other rhythms of months") {
  CHECK(days_of(MonthDay{1, {3, 1}}, "2026-11-24") ==
        Lines{"2027-01-01", "2027-04-01", "2027-07-01", "2027-10-01", "2028-01-01"});
  CHECK(days_of(MonthDay{-1, {3, 3}}, "2026-11-24") ==
        Lines{"2026-12-31", "2027-03-31", "2027-06-30", "2027-09-30", "2027-12-31"});
  CHECK(days_of(MonthDay{15, {6, 2}}, "2026-11-24", 0, 3) == Lines{"2027-02-15", "2027-08-15", "2028-02-15"});
  CHECK(days_of(MonthDay{1, {5, 1}}, "2026-11-24", 0, 3) == Lines{"2027-01-01", "2027-06-01", "2027-11-01"});
  CHECK(days_of(NthWeekday{-1, 5, {12, 12}}, "2026-11-24", 0, 2) == Lines{"2026-12-25", "2027-12-31"});
}

TEST_CASE("the n-th weekday of a month") {
  CHECK(days_of(NthWeekday{-1, 5}, "2026-11-24") ==
        Lines{"2026-11-27", "2026-12-25", "2027-01-29", "2027-02-26", "2027-03-26"});
  CHECK(days_of(NthWeekday{5, 5}, "2026-11-24") ==
        Lines{"2027-01-29", "2027-04-30", "2027-07-30", "2027-10-29", "2027-12-31"});
  CHECK(days_of(NthWeekday{2, 3}, "2026-11-24", 0, 3) == Lines{"2026-12-09", "2027-01-13", "2027-02-10"});
  CHECK(days_of(NthWeekday{1, 0}, "2026-11-24", 0, 2) == Lines{"2026-12-06", "2027-01-03"});
  CHECK(days_of(NthWeekday{6, 0}, "2026-11-24", 0, 1) == Lines{"none"});
}

TEST_CASE("a day of the year, and 29 February in years that have none") {
  CHECK(days_of(Yearly{7, 1}, "2026-07-01 08:00", 0, 2) == Lines{"2027-07-01", "2028-07-01"});
  CHECK(days_of(Yearly{2, 29, LeapDay::february_28}, "2026-03-01") ==
        Lines{"2027-02-28", "2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28"});
  CHECK(days_of(Yearly{2, 29, LeapDay::march_1}, "2026-03-02") ==
        Lines{"2027-03-01", "2028-02-29", "2029-03-01", "2030-03-01", "2031-03-01"});
  CHECK(days_of(Yearly{4, 31}, "2026-03-02", 0, 1) == Lines{"none"});
}

TEST_CASE("workdays and days off around the holidays of 2026") {
  CHECK(days_of(EachWorkday{}, "2026-09-18 18:00") ==
        Lines{"2026-09-20", "2026-09-21", "2026-09-22", "2026-09-23", "2026-09-24"});
  CHECK(days_of(EachWorkday{}, "2026-09-24 18:00", 0, 7) == Lines{"2026-09-28", "2026-09-29", "2026-09-30",
                                                                  "2026-10-08", "2026-10-09", "2026-10-10",
                                                                  "2026-10-12"});
  CHECK(days_of(EachWorkday{}, "2026-02-12 18:00") ==
        Lines{"2026-02-13", "2026-02-14", "2026-02-24", "2026-02-25", "2026-02-26"});
  CHECK(days_of(EachWorkday{}, "2026-02-26 18:00", 0, 3) == Lines{"2026-02-27", "2026-02-28", "2026-03-02"});
  CHECK(days_of(EachDayOff{}, "2026-09-19") ==
        Lines{"2026-09-19", "2026-09-25", "2026-09-26", "2026-09-27", "2026-10-01"});
  CHECK(days_of(EachDayOff{}, "2026-02-07") ==
        Lines{"2026-02-07", "2026-02-08", "2026-02-15", "2026-02-16", "2026-02-17"});
}

TEST_CASE("the n-th workday of a month") {
  CHECK(days_of(EachWorkday{1}, "2025-12-31") ==
        Lines{"2026-01-04", "2026-02-02", "2026-03-02", "2026-04-01", "2026-05-06"});
  CHECK(days_of(EachWorkday{-1}, "2025-12-31 08:00") ==
        Lines{"2026-01-30", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-29"});
  CHECK(days_of(EachWorkday{3}, "2026-10-01", 0, 1) == Lines{"2026-10-10"});
  CHECK(days_of(EachWorkday{-1}, "2026-02-01", -1, 1) == Lines{"2026-02-27"});
  // Twenty-three workdays are in few months: December 2026 has them.
  CHECK(days_of(EachWorkday{23}, "2026-10-01", 0, 1) == Lines{"2026-12-31"});
  CHECK(days_of(EachWorkday{24}, "2026-10-01", 0, 1) == Lines{"none"});
}

TEST_CASE("lunar dates as published") {
  CHECK(days_of(Lunar{8, 15}, "2026-01-01") ==
        Lines{"2026-09-25", "2027-09-15", "2028-10-03", "2029-09-22", "2030-09-12"});
  CHECK(days_of(Lunar{1, 1}, "2026-02-17 08:00") ==
        Lines{"2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03", "2031-01-23"});
  // New Year's Eve: the twelfth months of 2024 to 2028 have 29 days.
  CHECK(days_of(Lunar{12, 30}, "2025-01-01", 0, 6) ==
        Lines{"2025-01-28", "2026-02-16", "2027-02-05", "2028-01-25", "2029-02-12", "2030-02-02"});
  CHECK(falls_on(Lunar{12, 29}, day("2026-02-16"), workdays()));
  CHECK_FALSE(falls_on(Lunar{12, 29}, day("2030-02-02"), workdays()));
}

TEST_CASE("leap months: the one of 2025") {
  CHECK(days_of(Lunar{6, 1, true}, "2025-06-01", 0, 3) == Lines{"2025-07-25", "2026-07-14", "2027-07-04"});
  CHECK(days_of(Lunar{6, 1, false}, "2025-06-01", 0, 3) == Lines{"2025-06-25", "2026-07-14", "2027-07-04"});
  // The leap month has 29 days, the one before it 30.
  CHECK(days_of(Lunar{6, 30, true}, "2025-06-01", 0, 1) == Lines{"2025-08-22"});
  CHECK(days_of(Lunar{6, 30, false}, "2025-06-01", 0, 1) == Lines{"2025-07-24"});
  CHECK(days_of(Lunar{0, 1}, "2025-06-01") ==
        Lines{"2025-06-25", "2025-07-25", "2025-08-23", "2025-09-22", "2025-10-21"});
  CHECK(days_of(Lunar{0, 30}, "2025-06-01") ==
        Lines{"2025-06-24", "2025-07-24", "2025-08-22", "2025-09-21", "2025-10-20"});
}

TEST_CASE("solar terms as published") {
  CHECK(days_of(SolarTerm{6}, "2026-01-01") ==
        Lines{"2026-04-05", "2027-04-05", "2028-04-04", "2029-04-04", "2030-04-05"});
  CHECK(days_of(SolarTerm{23}, "2026-01-01") ==
        Lines{"2026-12-22", "2027-12-22", "2028-12-21", "2029-12-21", "2030-12-22"});
  CHECK(days_of(SolarTerm{24}, "2026-01-01", 0, 1) == Lines{"none"});
}

TEST_CASE("so many days before and after, across the end of the year") {
  CHECK(days_of(SolarTerm{6}, "2026-01-01", -2, 3) == Lines{"2026-04-03", "2027-04-03", "2028-04-02"});
  CHECK(days_of(Yearly{1, 1}, "2026-11-24", -1, 3) == Lines{"2026-12-31", "2027-12-31", "2028-12-31"});
  CHECK(days_of(Yearly{12, 31}, "2026-12-31 08:00", 3, 2) == Lines{"2027-01-03", "2028-01-03"});
  CHECK(days_of(Lunar{12, 30}, "2026-01-01", 1, 3) == Lines{"2026-02-17", "2027-02-06", "2028-01-26"});
  CHECK(days_of(Lunar{8, 15}, "2026-09-24 08:00", -1, 2) == Lines{"2027-09-14", "2028-10-02"});
  CHECK(days_of(NthWeekday{-1, 5}, "2026-11-24", 3, 4) ==
        Lines{"2026-11-30", "2026-12-28", "2027-02-01", "2027-03-01"});
  CHECK(days_of(MonthDay{1}, "2026-11-29", -3, 4) ==
        Lines{"2026-12-29", "2027-01-29", "2027-02-26", "2027-03-29"});
  CHECK(days_of(Yearly{7, 1}, "2026-11-24", -400, 1) == Lines{"2027-05-28"});
}

TEST_CASE("once") {
  CHECK(next({Once{day("2026-11-24")}, 0, {15h}}, "2026-11-24 14:59") == Lines{"2026-11-24 15:00", "none"});
  CHECK(next({Once{day("2026-11-24")}, 0, {15h}}, "2026-11-24 15:00") == Lines{"none"});
  CHECK(next({Once{day("2026-11-24")}, -1, {15h}}, "2026-11-01") == Lines{"2026-11-23 15:00", "none"});
  CHECK(next({Once{day("2050-01-01")}, 0, {15h}}, "2026-11-24") == Lines{"none"});
}

TEST_CASE("where the tables end there is no time rather than a wrong one") {
  CHECK(days_of(Lunar{8, 15}, "2099-12-01") == Lines{"2100-09-18", "none"});
  CHECK(days_of(Lunar{12, 15}, "2100-02-01") == Lines{"none"});
  CHECK(days_of(SolarTerm{23}, "2100-01-01") == Lines{"2100-12-22", "none"});
  CHECK(days_of(Lunar{0, 1}, "2101-01-01") == Lines{"none"});
  CHECK(days_of(Lunar{0, 1}, "1899-01-01") == Lines{"none"});
}

TEST_CASE("years whose statutory days are not announced") {
  const auto years = [](const Rule& rule, const char* from, const char* until) {
    return unannounced_years(rule, day(from), day(until), workdays());
  };
  using Years = std::vector<int>;
  const int last = *workdays().years().rbegin();
  const auto date = [last](int after, const char* rest) { return std::to_string(last + after) + rest; };
  const Rule rule{EachWorkday{}, 0, {8h}};
  CHECK(years(rule, "2026-01-01", "2026-12-31").empty());
  CHECK(years(rule, date(0, "-12-30").c_str(), date(1, "-01-01").c_str()).empty());
  CHECK(years(rule, date(0, "-12-30").c_str(), date(1, "-01-02").c_str()) == Years{last + 1});
  CHECK(years(rule, date(0, "-12-30").c_str(), date(2, "-06-01").c_str()) == Years{last + 1, last + 2});
  CHECK(years({EachWorkday{1}, -3, {8h}}, date(0, "-12-30").c_str(), date(1, "-01-01").c_str()) ==
        Years{last + 1});
  CHECK(years({EachDayOff{}, 3, {8h}}, date(0, "-12-30").c_str(), date(1, "-01-04").c_str()).empty());
  CHECK(years(rule, "2015-01-01", "2015-01-01").empty());
  CHECK(years({EveryDay{}, 0, {8h}}, "2015-01-01", "2035-01-01").empty());
}
