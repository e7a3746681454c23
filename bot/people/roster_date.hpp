#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace bot {

/// A day of the solar calendar as people and Excel write it in a table.
struct RosterDate {
  std::optional<std::chrono::year> year{};  ///< a birthday need not say it
  std::chrono::month_day day{};

  bool operator==(const RosterDate&) const = default;
};

/// Understands 1990-03-05, 1990/3/5, 1990.3.5, 1990年3月5日, 19900305, 3月5日 and 3-5, in wide digits too,
/// and a time of day behind it, which it ignores. Nothing when it is no day of 1900 to 2199, or none at all.
std::optional<RosterDate> read_roster_date(std::string_view text);

/// Begins with 农历, 阴历 or 旧历. What follows is not looked at.
bool is_lunar_date(std::string_view text);

/// "1990-03-05", or "03-05" without a year. What read_roster_date reads back.
std::string iso_date(const RosterDate& date);

}  // namespace bot
