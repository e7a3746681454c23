#include "schedules/recurrence.hpp"

#include <algorithm>

#include "schedules/rule_days.hpp"

namespace schedules {

using bot::LocalTime;
using std::chrono::days;

namespace {

/// From one 29 February to the next around 2100, the longest wait of any rule.
constexpr days kHorizon(8 * 366);

int year_of(Day day) {
  return static_cast<int>(std::chrono::year_month_day(day).year());
}

bool needs_announcements(const Days& days) {
  return std::holds_alternative<EachWorkday>(days) || std::holds_alternative<EachDayOff>(days);
}

}  // namespace

std::optional<LocalTime> next_after(const Rule& rule, LocalTime after, const Workdays& workdays) {
  if (rule.times.empty()) return std::nullopt;
  const days offset(rule.offset);
  // The first day whose last time is later than `after`.
  const Day from = std::chrono::floor<days>(after - rule.times.back()) + days(1) - offset;
  const std::optional<Day> found = next_day(rule.days, from, from + kHorizon, workdays);
  if (!found) return std::nullopt;
  const LocalTime midnight = *found + offset;
  const auto time =
      std::ranges::find_if(rule.times, [&](std::chrono::minutes each) { return midnight + each > after; });
  return midnight + *time;
}

std::vector<int> unannounced_years(const Rule& rule, Day from, Day until, const Workdays& workdays) {
  if (!needs_announcements(rule.days) || from >= until) return {};
  const days offset(rule.offset);
  const int last = year_of(until - offset - days(1));
  std::vector<int> years;
  for (int year = year_of(from - offset); year <= last; ++year) {
    if (!workdays.covers(year)) years.push_back(year);
  }
  return years;
}

}  // namespace schedules
