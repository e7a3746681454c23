#pragma once

#include <chrono>
#include <optional>

/// The Chinese lunar calendar of 1900 to 2100, from a table that schedules/generate_tables.mjs writes. Days
/// are those of Beijing. ICU's calendar is wrong in eleven months of that time, so it is not used.
namespace schedules {

using Day = std::chrono::local_days;

/// 农历. The year is the one that begins at the Spring Festival.
struct LunarDate {
  int year = 0;
  int month = 1;      ///< 1 to 12
  int day = 1;        ///< 1 to 30
  bool leap = false;  ///< in the leap month that follows `month`
  bool operator==(const LunarDate&) const = default;
};

/// nullopt outside 1900-01-31 (正月初一 of 1900) to 2100-12-31.
std::optional<LunarDate> lunar_date(Day day);

/// The inverse of lunar_date. nullopt when there is no such date (a leap month or a thirtieth day that the
/// year does not have), and outside the same days.
std::optional<Day> day_of(const LunarDate& date);

/// 29 or 30; 0 when the year has no such month or is outside 1900 to 2100.
int days_in_lunar_month(int year, int month, bool leap);

/// The month behind which the leap month stands; 0 when the year has none.
int leap_month(int year);

}  // namespace schedules
