#pragma once

#include <cstdio>
#include <stdexcept>
#include <string>

#include "bot/base/zone.hpp"
#include "schedules/recurrence.hpp"

/// Local times as "2026-11-24 08:00", for tables in tests.
namespace support {

inline bot::LocalTime wall(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  if (std::sscanf(text.c_str(), "%d-%u-%u %d:%d", &year, &month, &day, &hour, &minute) < 3) {
    throw std::invalid_argument(text);
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  return schedules::Day(date) + std::chrono::hours(hour) + std::chrono::minutes(minute);
}

inline schedules::Day day(const std::string& text) {
  return std::chrono::floor<std::chrono::days>(wall(text));
}

inline std::string written(bot::LocalTime at) {
  return bot::iso_date(at) + " " + bot::clock_time(at);
}

}  // namespace support
