#include "schedules/rule_days.hpp"

#include <algorithm>
#include <cstdlib>

#include "schedules/lunar.hpp"
#include "schedules/solar_terms.hpp"

namespace schedules {

using std::chrono::days;
using std::chrono::month;
using std::chrono::year;
using std::chrono::year_month;
using std::chrono::year_month_day;

namespace {

int year_of(Day day) {
  return static_cast<int>(year_month_day(day).year());
}

bool has_bit(std::uint32_t bits, unsigned bit) {
  return (bits >> bit & 1U) != 0;
}

Day first_of(year_month month) {
  return Day(month / 1);
}
Day last_of(year_month month) {
  return Day(month / std::chrono::last);
}

std::optional<Day> up_to(Day last, Day day) {
  return day <= last ? std::optional(day) : std::nullopt;
}

/// `contains` tells of a day whether it counts.
template <class Contains>
std::optional<Day> by_day(Day from, Day last, const Contains& contains) {
  for (Day day = from; day <= last; day += days(1)) {
    if (contains(day)) return day;
  }
  return std::nullopt;
}

/// `day_in` gives the one day of a month, if there is one.
template <class DayIn>
std::optional<Day> by_month(Day from, Day last, const DayIn& day_in) {
  const year_month_day date(from);
  for (year_month month = date.year() / date.month(); first_of(month) <= last;
       month += std::chrono::months(1)) {
    const std::optional<Day> day = day_in(month);
    if (day && *day >= from) return up_to(last, *day);
  }
  return std::nullopt;
}

/// `day_in` gives the one day of a year, if there is one. A lunar year begins after the year of its number.
template <class DayIn>
std::optional<Day> by_year(Day from, Day last, const DayIn& day_in) {
  for (int year = year_of(from) - 1; year <= year_of(last); ++year) {
    const std::optional<Day> day = day_in(year);
    if (day && *day >= from) return up_to(last, *day);
  }
  return std::nullopt;
}

bool contains(const Months& months, month month) {
  const int distance = static_cast<int>(static_cast<unsigned>(month)) - months.first;
  return distance >= 0 && distance % std::max(months.every, 1) == 0;
}

std::optional<Day> day_in(year_month month, const MonthDay& rule) {
  if (!contains(rule.months, month.month())) return std::nullopt;
  const Day first = first_of(month);
  const Day last = last_of(month);
  const Day day = rule.day > 0 ? std::min(first + days(rule.day - 1), last) : last + days(rule.day + 1);
  return rule.day != 0 && day >= first ? std::optional(day) : std::nullopt;
}

std::optional<Day> day_in(year_month month, const NthWeekday& rule) {
  if (!contains(rule.months, month.month())) return std::nullopt;
  const std::chrono::weekday weekday(rule.weekday);
  if (rule.nth == -1) return Day(month / weekday[std::chrono::last]);
  if (rule.nth < 1 || rule.nth > 5) return std::nullopt;
  const auto date = month / weekday[static_cast<unsigned>(rule.nth)];
  return date.ok() ? std::optional(Day(date)) : std::nullopt;
}

std::optional<Day> day_in(year_month month, const EachWorkday& rule, const Workdays& workdays) {
  const Day first = first_of(month);
  const Day last = last_of(month);
  const days step(rule.nth > 0 ? 1 : -1);
  int left = std::abs(rule.nth);
  for (Day day = rule.nth > 0 ? first : last; day >= first && day <= last; day += step) {
    if (workdays.is_workday(day) && --left == 0) return day;
  }
  return std::nullopt;
}

std::optional<Day> day_in(int number, const Yearly& rule) {
  const year_month_day date(year(number), month(rule.month), std::chrono::day(rule.day));
  if (date.ok()) return Day(date);
  if (rule.month != 2 || rule.day != 29) return std::nullopt;
  const Day february_28(year(number) / 2 / 28);
  return rule.leap_day == LeapDay::february_28 ? february_28 : february_28 + days(1);
}

std::optional<Day> day_in(int lunar_year, const Lunar& rule) {
  const bool leap = rule.leap && leap_month(lunar_year) == rule.month;
  const int length = days_in_lunar_month(lunar_year, rule.month, leap);
  if (length == 0) return std::nullopt;
  return day_of({lunar_year, rule.month, std::min(rule.day, length), leap});
}

/// Leap months included.
std::optional<Day> in_lunar_months(int number, Day from, Day last) {
  while (from <= last) {
    const std::optional<LunarDate> date = lunar_date(from);
    const int length = date ? days_in_lunar_month(date->year, date->month, date->leap) : 0;
    if (length == 0) return std::nullopt;
    const Day day = from + days(std::min(number, length) - date->day);
    if (day >= from) return up_to(last, day);
    from += days(length - date->day + 1);
  }
  return std::nullopt;
}

bool is_in(Day day, const Weekly& rule) {
  const std::chrono::weekday weekday(day);
  if (!has_bit(rule.days, weekday.c_encoding())) return false;
  if (rule.every <= 1) return true;
  const Day monday = day - (weekday - std::chrono::Monday);
  const Day anchor = rule.anchor - (std::chrono::weekday(rule.anchor) - std::chrono::Monday);
  return (monday - anchor).count() % (7 * rule.every) == 0;
}

bool is_in(Day day, const CronDays& rule) {
  const year_month_day date(day);
  if (!has_bit(rule.months, static_cast<unsigned>(date.month()))) return false;
  const bool by_date = has_bit(rule.days, static_cast<unsigned>(date.day()));
  const bool by_weekday = has_bit(rule.weekdays, std::chrono::weekday(day).c_encoding());
  return rule.any_day || rule.any_weekday ? by_date && by_weekday : by_date || by_weekday;
}

struct Next {
  Day from;
  Day last;
  const Workdays& workdays;

  std::optional<Day> operator()(const EveryDay&) const { return up_to(last, from); }
  std::optional<Day> operator()(const Once& rule) const {
    return rule.day >= from ? up_to(last, rule.day) : std::nullopt;
  }
  std::optional<Day> operator()(const Weekly& rule) const {
    return by_day(from, last, [&rule](Day day) { return is_in(day, rule); });
  }
  std::optional<Day> operator()(const CronDays& rule) const {
    return by_day(from, last, [&rule](Day day) { return is_in(day, rule); });
  }
  std::optional<Day> operator()(const MonthDay& rule) const {
    return by_month(from, last, [&rule](year_month month) { return day_in(month, rule); });
  }
  std::optional<Day> operator()(const NthWeekday& rule) const {
    return by_month(from, last, [&rule](year_month month) { return day_in(month, rule); });
  }
  std::optional<Day> operator()(const EachWorkday& rule) const {
    if (rule.nth == 0) return by_day(from, last, [this](Day day) { return workdays.is_workday(day); });
    return by_month(from, last, [&](year_month month) { return day_in(month, rule, workdays); });
  }
  std::optional<Day> operator()(const EachDayOff&) const {
    return by_day(from, last, [this](Day day) { return !workdays.is_workday(day); });
  }
  std::optional<Day> operator()(const Yearly& rule) const {
    return by_year(from, last, [&rule](int number) { return day_in(number, rule); });
  }
  std::optional<Day> operator()(const Lunar& rule) const {
    if (rule.month == 0) return in_lunar_months(rule.day, from, last);
    return by_year(from, last, [&rule](int number) { return day_in(number, rule); });
  }
  std::optional<Day> operator()(const SolarTerm& rule) const {
    return by_year(from, last, [&rule](int number) { return solar_term_day(number, rule.term); });
  }
};

}  // namespace

std::optional<Day> next_day(const Days& which, Day from, Day last, const Workdays& workdays) {
  return std::visit(Next{from, last, workdays}, which);
}

bool falls_on(const Days& which, Day day, const Workdays& workdays) {
  return next_day(which, day, day, workdays).has_value();
}

}  // namespace schedules
