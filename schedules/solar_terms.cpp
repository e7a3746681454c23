#include "schedules/solar_terms.hpp"

#include <cstddef>

#include "schedules/tables.hpp"

namespace schedules {

namespace {

constexpr Day kFirstDay{std::chrono::year(tables::kFirstYear) / 1 / 1};
constexpr Day kLastDay{std::chrono::year(tables::kLastYear) / 12 / 31};

/// The listed year's day of the month on which the term begins.
std::chrono::day day_of_month(int year, int term) {
  const auto place = static_cast<std::size_t>(year - tables::kFirstYear);
  return std::chrono::day(tables::kTermDays[place][static_cast<std::size_t>(term)]);
}

}  // namespace

std::optional<Day> solar_term_day(int year, int term) {
  if (year < tables::kFirstYear || year > tables::kLastYear) return std::nullopt;
  if (term < 0 || term >= kSolarTerms) return std::nullopt;
  const std::chrono::month month(static_cast<unsigned>(term / 2 + 1));
  return Day(std::chrono::year(year) / month / day_of_month(year, term));
}

std::optional<int> solar_term_on(Day day) {
  if (day < kFirstDay || day > kLastDay) return std::nullopt;
  const std::chrono::year_month_day date(day);
  const int year = static_cast<int>(date.year());
  const int first = (static_cast<int>(static_cast<unsigned>(date.month())) - 1) * 2;
  if (date.day() == day_of_month(year, first)) return first;
  if (date.day() == day_of_month(year, first + 1)) return first + 1;
  return std::nullopt;
}

}  // namespace schedules
