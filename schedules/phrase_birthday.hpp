#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schedules/lunar.hpp"
#include "schedules/recurrence.hpp"

/// Birthdays by either calendar, as people type them and as they are kept.
namespace schedules {

struct Birthday {
  std::optional<int> year{};  ///< never shown
  Days day{};                 ///< Yearly or Lunar
  bool operator==(const Birthday&) const = default;
};

/// "3月5日", "1990-03-05", "农历八月十五", "1990年农历腊月廿三", "5 March". nullopt for anything else, for a
/// day that no year has, and for a birth that is still to come or 130 years ago. `today` is the person's.
///
/// A year that makes the person younger than 14 is left out (reliability X15).
std::optional<Birthday> parse_birthday(std::string_view text, Day today);

/// For the database: "1990-03-05", "--03-05", "lunar --08-15", "lunar leap --06-15".
std::string stored(const Birthday& birthday);
/// nullopt for anything that stored() does not write.
std::optional<Birthday> restored_birthday(std::string_view text);

/// As parse_birthday() and Excel read it: "1990-03-05", "03-05", "农历8-15", "农历1990年8-15".
std::string written(const Birthday& birthday);

/// The first one on or after that day; nullopt when the tables end before it.
std::optional<Day> next_birthday(const Birthday& birthday, Day from);

}  // namespace schedules
