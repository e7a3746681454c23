/// The tables against what almanacs publish. tests/time/astronomy_test.cpp checks them against the sky.
#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <vector>

#include "schedules/lunar.hpp"
#include "schedules/solar_terms.hpp"

using schedules::Day;
using schedules::day_of;
using schedules::days_in_lunar_month;
using schedules::lunar_date;
using schedules::LunarDate;
using schedules::solar_term_day;
using schedules::solar_term_on;
using std::chrono::days;

namespace {

Day on(int year, unsigned month, unsigned day) {
  return Day(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day));
}

/// A lunar date and the day on which almanacs put it.
struct Fact {
  LunarDate date;
  Day day;
};

void check(const std::vector<Fact>& facts) {
  for (const Fact& fact : facts) {
    CAPTURE(fact.date.year);
    CHECK(day_of(fact.date) == fact.day);
    CHECK(lunar_date(fact.day) == fact.date);
  }
}

/// The days of the month of a year's terms, 小寒 first.
struct TermsOfYear {
  int year;
  std::array<unsigned, schedules::kSolarTerms> days;
};

constexpr int kBeginningOfSpring = 2;
constexpr int kClearAndBright = 6;
constexpr int kWinterSolstice = 23;

}  // namespace

TEST_CASE("the Spring Festival falls on its published days") {
  struct Festival {
    int year;
    unsigned month;
    unsigned day;
  };
  const std::vector<Festival> festivals = {
      {1900, 1, 31}, {1901, 2, 19}, {1902, 2, 8},  {1905, 2, 4},  {1911, 1, 30}, {1912, 2, 18}, {1921, 2, 8},
      {1931, 2, 17}, {1937, 2, 11}, {1941, 1, 27}, {1945, 2, 13}, {1949, 1, 29}, {1950, 2, 17}, {1953, 2, 14},
      {1956, 2, 12}, {1958, 2, 18}, {1960, 1, 28}, {1962, 2, 5},  {1966, 1, 21}, {1968, 1, 30}, {1970, 2, 6},
      {1972, 2, 15}, {1976, 1, 31}, {1978, 2, 7},  {1980, 2, 16}, {1981, 2, 5},  {1984, 2, 2},  {1985, 2, 20},
      {1988, 2, 17}, {1990, 1, 27}, {1995, 1, 31}, {1997, 2, 7},  {1999, 2, 16}, {2000, 2, 5},  {2001, 1, 24},
      {2004, 1, 22}, {2008, 2, 7},  {2010, 2, 14}, {2012, 1, 23}, {2015, 2, 19}, {2016, 2, 8},  {2018, 2, 16},
      {2019, 2, 5},  {2020, 1, 25}, {2021, 2, 12}, {2022, 2, 1},  {2023, 1, 22}, {2024, 2, 10}, {2025, 1, 29},
      {2026, 2, 17}, {2027, 2, 6},  {2028, 1, 26}, {2029, 2, 13}, {2030, 2, 3},  {2031, 1, 23}, {2032, 2, 11},
      {2033, 1, 31}, {2034, 2, 19}, {2035, 2, 8},  {2044, 1, 30}, {2050, 1, 23}, {2100, 2, 9}};
  std::vector<Fact> facts;
  for (const auto& [year, month, day] : festivals) facts.push_back({{year, 1, 1}, on(year, month, day)});
  check(facts);
}

TEST_CASE("other festivals fall on their published days") {
  // The Dragon Boat Festival, then Mid-Autumn, each as the notices of days off have it; the Double Ninth.
  check({{{2019, 5, 5}, on(2019, 6, 7)},
         {{2020, 5, 5}, on(2020, 6, 25)},
         {{2021, 5, 5}, on(2021, 6, 14)},
         {{2022, 5, 5}, on(2022, 6, 3)},
         {{2023, 5, 5}, on(2023, 6, 22)},
         {{2024, 5, 5}, on(2024, 6, 10)},
         {{2025, 5, 5}, on(2025, 5, 31)},
         {{2026, 5, 5}, on(2026, 6, 19)},
         {{2019, 8, 15}, on(2019, 9, 13)},
         {{2020, 8, 15}, on(2020, 10, 1)},
         {{2021, 8, 15}, on(2021, 9, 21)},
         {{2022, 8, 15}, on(2022, 9, 10)},
         {{2023, 8, 15}, on(2023, 9, 29)},
         {{2024, 8, 15}, on(2024, 9, 17)},
         {{2025, 8, 15}, on(2025, 10, 6)},
         {{2026, 8, 15}, on(2026, 9, 25)},
         {{2025, 9, 9}, on(2025, 10, 29)}});
}

TEST_CASE("leap months") {
  const std::map<int, int> leaps = {{2001, 4}, {2004, 2}, {2006, 7}, {2009, 5}, {2012, 4},
                                    {2014, 9}, {2017, 6}, {2020, 4}, {2023, 2}, {2025, 6},
                                    {2028, 5}, {2031, 3}, {2033, 11}};
  for (int year = 2001; year <= 2033; ++year) {
    CAPTURE(year);
    const auto found = leaps.find(year);
    CHECK(schedules::leap_month(year) == (found == leaps.end() ? 0 : found->second));
  }
  check({{{2033, 11, 1}, on(2033, 11, 22)},
         {{2033, 11, 1, true}, on(2033, 12, 22)},
         {{2033, 12, 1}, on(2034, 1, 20)},
         {{2025, 6, 1}, on(2025, 6, 25)},
         {{2025, 6, 1, true}, on(2025, 7, 25)},
         {{2025, 7, 1}, on(2025, 8, 23)},
         {{2023, 2, 1}, on(2023, 2, 20)},
         {{2023, 2, 1, true}, on(2023, 3, 22)},
         {{2023, 3, 1}, on(2023, 4, 20)}});
}

TEST_CASE("from 2025 to 2029 there is no New Year's Eve on a thirtieth") {
  for (int year = 2024; year <= 2028; ++year) {
    CAPTURE(year);
    CHECK(days_in_lunar_month(year, 12, false) == 29);
    CHECK(day_of({year, 12, 30}) == std::nullopt);
    CHECK(day_of({year, 12, 29}) == *day_of({year + 1, 1, 1}) - days(1));
  }
  CHECK(days_in_lunar_month(2029, 12, false) == 30);
  CHECK(day_of({2029, 12, 30}) == on(2030, 2, 2));
  CHECK(days_in_lunar_month(2030, 12, false) == 29);
}

TEST_CASE("every day has its lunar date, and the lunar date its day") {
  std::optional<LunarDate> before;
  int wrong = 0;
  for (Day day = on(1900, 1, 31); day <= on(2100, 12, 31); day += days(1)) {
    const auto date = lunar_date(day);
    REQUIRE(date.has_value());
    if (day_of(*date) != day) ++wrong;
    if (date->day > days_in_lunar_month(date->year, date->month, date->leap)) ++wrong;
    // Each date follows the one of the day before: next day, next month, or the Spring Festival.
    if (before && date->day != before->day + 1) {
      const bool whole = before->day == days_in_lunar_month(before->year, before->month, before->leap);
      const bool leaps = date->leap && date->month == before->month && date->year == before->year;
      const bool next = !date->leap && date->month == before->month % 12 + 1 &&
                        date->year == before->year + (before->month == 12 ? 1 : 0);
      if (!whole || date->day != 1 || !(leaps || next)) ++wrong;
    }
    before = date;
  }
  CHECK(wrong == 0);
}

TEST_CASE("outside the table there is no lunar date") {
  CHECK(lunar_date(on(1900, 1, 30)) == std::nullopt);
  CHECK(lunar_date(on(1900, 1, 31)) == LunarDate{1900, 1, 1});
  CHECK(lunar_date(on(2100, 12, 31)) == LunarDate{2100, 12, 1});
  CHECK(lunar_date(on(2101, 1, 1)) == std::nullopt);
  CHECK(lunar_date(Day::min()) == std::nullopt);
  CHECK(lunar_date(Day::max()) == std::nullopt);

  CHECK(day_of({1899, 12, 30}) == std::nullopt);
  CHECK(day_of({2100, 12, 1}) == on(2100, 12, 31));
  CHECK(day_of({2100, 12, 2}) == std::nullopt);
  CHECK(day_of({2101, 1, 1}) == std::nullopt);
  CHECK(schedules::leap_month(1899) == 0);
  CHECK(schedules::leap_month(2101) == 0);
  CHECK(days_in_lunar_month(2101, 1, false) == 0);
}

TEST_CASE("a date that the year does not have is no date") {
  CHECK(day_of({2026, 6, 1, true}) == std::nullopt);
  CHECK(day_of({2025, 5, 1, true}) == std::nullopt);
  CHECK(day_of({2026, 0, 1}) == std::nullopt);
  CHECK(day_of({2026, 0, 1, true}) == std::nullopt);
  CHECK(day_of({2026, 13, 1}) == std::nullopt);
  CHECK(day_of({2026, 1, 0}) == std::nullopt);
  CHECK(day_of({2026, 1, 31}) == std::nullopt);
  CHECK(days_in_lunar_month(2025, 6, true) == 29);
  CHECK(days_in_lunar_month(2025, 6, false) == 30);
}

TEST_CASE("solar terms fall on their published days") {
  const std::vector<TermsOfYear> years = {
      {2023, {5, 20, 4, 19, 6, 21, 5, 20, 6, 21, 6, 21, 7, 23, 8, 23, 8, 23, 8, 24, 8, 22, 7, 22}},
      {2024, {6, 20, 4, 19, 5, 20, 4, 19, 5, 20, 5, 21, 6, 22, 7, 22, 7, 22, 8, 23, 7, 22, 6, 21}},
      {2025, {5, 20, 3, 18, 5, 20, 4, 20, 5, 21, 5, 21, 7, 22, 7, 23, 7, 23, 8, 23, 7, 22, 7, 21}}};
  for (const auto& [year, terms] : years) {
    for (int term = 0; term < schedules::kSolarTerms; ++term) {
      CAPTURE(year);
      CAPTURE(term);
      const auto place = static_cast<unsigned>(term);
      CHECK(solar_term_day(year, term) == on(year, place / 2 + 1, terms[place]));
    }
  }
  CHECK(solar_term_day(1984, kBeginningOfSpring) == on(1984, 2, 4));
  CHECK(solar_term_day(2017, kBeginningOfSpring) == on(2017, 2, 3));
  CHECK(solar_term_day(2021, kBeginningOfSpring) == on(2021, 2, 3));
  CHECK(solar_term_day(2026, kBeginningOfSpring) == on(2026, 2, 4));
  CHECK(solar_term_day(2019, kClearAndBright) == on(2019, 4, 5));
  CHECK(solar_term_day(2020, kClearAndBright) == on(2020, 4, 4));
  CHECK(solar_term_day(2021, kClearAndBright) == on(2021, 4, 4));
  CHECK(solar_term_day(2022, kClearAndBright) == on(2022, 4, 5));
  CHECK(solar_term_day(2026, kClearAndBright) == on(2026, 4, 5));
  CHECK(solar_term_day(2020, kWinterSolstice) == on(2020, 12, 21));
  CHECK(solar_term_day(2026, kWinterSolstice) == on(2026, 12, 22));
}

TEST_CASE("24 terms a year in their order, 14 to 17 days apart, and each is found by its day") {
  std::optional<Day> before;
  int days_with_term = 0;
  for (int year = 1900; year <= 2100; ++year) {
    for (int term = 0; term < schedules::kSolarTerms; ++term) {
      const auto day = solar_term_day(year, term);
      REQUIRE(day.has_value());
      CHECK(solar_term_on(*day) == term);
      if (before) {
        CHECK(*day - *before >= days(14));
        CHECK(*day - *before <= days(17));
      }
      before = day;
    }
  }
  for (Day day = on(1899, 1, 1); day <= on(2101, 12, 31); day += days(1)) {
    if (solar_term_on(day)) ++days_with_term;
  }
  CHECK(days_with_term == 201 * schedules::kSolarTerms);
}

TEST_CASE("outside the table there is no solar term") {
  CHECK(solar_term_day(1899, kWinterSolstice) == std::nullopt);
  CHECK(solar_term_day(2101, 0) == std::nullopt);
  CHECK(solar_term_day(2026, -1) == std::nullopt);
  CHECK(solar_term_day(2026, schedules::kSolarTerms) == std::nullopt);
  CHECK(solar_term_on(on(1899, 12, 22)) == std::nullopt);
  CHECK(solar_term_on(on(2101, 1, 5)) == std::nullopt);
  CHECK(solar_term_on(Day::min()) == std::nullopt);
  CHECK(solar_term_on(Day::max()) == std::nullopt);
}

TEST_CASE("the two tables agree: the winter solstice is in month 11, and a leap month has no major term") {
  for (int year = 1900; year <= 2100; ++year) {
    CAPTURE(year);
    const auto solstice = lunar_date(*solar_term_day(year, kWinterSolstice));
    REQUIRE(solstice.has_value());
    CHECK(solstice->month == 11);
    CHECK_FALSE(solstice->leap);
    const int leap = schedules::leap_month(year);
    for (int day = 1; day <= days_in_lunar_month(year, leap, true); ++day) {
      const int term = solar_term_on(*day_of({year, leap, day, true})).value_or(0);
      CHECK(term % 2 == 0);  // the major terms (中气) are the second of each month of the solar year
    }
  }
}
