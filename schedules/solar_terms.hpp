#pragma once

#include <optional>

#include "schedules/lunar.hpp"

/// The twenty-four solar terms (节气) of 1900 to 2100 by the day on which they begin in Beijing, from the
/// generated table.
namespace schedules {

/// 0 = 小寒 (January) in the order of the calendar year to 23 = 冬至 (December). 清明 is 6.
constexpr int kSolarTerms = 24;

/// nullopt outside the table.
std::optional<Day> solar_term_day(int year, int term);

/// The term that begins on this day.
std::optional<int> solar_term_on(Day day);

}  // namespace schedules
