#include "schedules/lunar.hpp"

#include <array>
#include <cstddef>

#include "schedules/tables.hpp"

namespace schedules {

namespace {

using std::chrono::days;
using Row = tables::LunarYear;

constexpr std::array<Day, tables::kYears> first_days() {
  std::array<Day, tables::kYears> firsts{};
  for (std::size_t i = 0; i < tables::kYears; ++i) {
    const Row& row = tables::kLunarYears[i];
    const std::chrono::year year(tables::kFirstYear + static_cast<int>(i));
    firsts[i] = Day(year / std::chrono::month(row.first_month) / row.first_day);
  }
  return firsts;
}

constexpr std::array<Day, tables::kYears> kFirstDays = first_days();
constexpr Day kLastDay{std::chrono::year(tables::kLastYear) / 12 / 31};

constexpr bool is_listed(int year) {
  return year >= tables::kFirstYear && year <= tables::kLastYear;
}

constexpr std::size_t place_of(int year) {
  return static_cast<std::size_t>(year - tables::kFirstYear);
}

constexpr int length(const Row& row, int index) {
  return ((row.long_months >> index) & 1) != 0 ? 30 : 29;
}

/// Where the month stands in its year, from 0; nullopt when the year does not have it.
std::optional<int> index_of(const Row& row, int month, bool leap) {
  if (month < 1 || month > 12) return std::nullopt;
  if (leap) return month == row.leap ? std::optional(month) : std::nullopt;
  return row.leap != 0 && month > row.leap ? month : month - 1;
}

LunarDate named(int year, const Row& row, int index, int day) {
  const bool leap = row.leap != 0 && index == row.leap;
  const bool behind_leap = row.leap != 0 && index >= row.leap;
  return {year, behind_leap ? index : index + 1, day, leap};
}

int lunar_year_of(Day day) {
  const int year = static_cast<int>(std::chrono::year_month_day(day).year());
  return day < kFirstDays[place_of(year)] ? year - 1 : year;
}

}  // namespace

std::optional<LunarDate> lunar_date(Day day) {
  if (day < kFirstDays.front() || day > kLastDay) return std::nullopt;
  const int year = lunar_year_of(day);
  const Row& row = tables::kLunarYears[place_of(year)];
  int left = static_cast<int>((day - kFirstDays[place_of(year)]).count());
  int index = 0;
  for (; left >= length(row, index); ++index) left -= length(row, index);
  return named(year, row, index, left + 1);
}

std::optional<Day> day_of(const LunarDate& date) {
  if (date.day < 1 || date.day > days_in_lunar_month(date.year, date.month, date.leap)) return std::nullopt;
  const Row& row = tables::kLunarYears[place_of(date.year)];
  const int index = *index_of(row, date.month, date.leap);
  Day day = kFirstDays[place_of(date.year)] + days(date.day - 1);
  for (int before = 0; before < index; ++before) day += days(length(row, before));
  return day > kLastDay ? std::nullopt : std::optional(day);
}

int days_in_lunar_month(int year, int month, bool leap) {
  if (!is_listed(year)) return 0;
  const Row& row = tables::kLunarYears[place_of(year)];
  const auto index = index_of(row, month, leap);
  return index ? length(row, *index) : 0;
}

int leap_month(int year) {
  return is_listed(year) ? tables::kLunarYears[place_of(year)].leap : 0;
}

}  // namespace schedules
