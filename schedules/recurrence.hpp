#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/base/result.hpp"
#include "schedules/workdays.hpp"

/// Rules that repeat, as values; and the times at which they fall, as pure functions from local time to local
/// time. No zone, no clock, no database.
namespace schedules {

struct EveryDay {
  bool operator==(const EveryDay&) const = default;
};

/// Chosen weekdays of every `every`-th week. Weeks begin on Monday; those count whose distance from the week
/// of `anchor` is a multiple of `every`.
struct Weekly {
  std::uint8_t days = 0;  ///< bit 0 = Sunday … bit 6 = Saturday
  int every = 1;
  Day anchor{};  ///< used when every > 1
  bool operator==(const Weekly&) const = default;
};

/// In the months `first`, `first` + `every` … of each year: 1 every month, 3 every quarter.
struct Months {
  int every = 1;
  int first = 1;
  bool operator==(const Months&) const = default;
};

/// 1 to 31, or -1 for the last day, -2 for the one before. A day that a month does not have is its last one.
struct MonthDay {
  int day = 1;
  Months months{};
  bool operator==(const MonthDay&) const = default;
};

/// The first (1) to fifth (5) or last (-1) such weekday of a month; a month without a fifth is left out.
struct NthWeekday {
  int nth = 1;
  unsigned weekday = 0;  ///< 0 = Sunday
  Months months{};
  bool operator==(const NthWeekday&) const = default;
};

/// What 29 February means in other years (reliability T3).
enum class LeapDay { february_28, march_1 };

struct Yearly {
  unsigned month = 1;
  unsigned day = 1;
  LeapDay leap_day = LeapDay::february_28;
  bool operator==(const Yearly&) const = default;
};

/// Statutory workdays, make-up Saturdays included: all (0), or the n-th (1 …) or last (-1) of each month.
struct EachWorkday {
  int nth = 0;
  bool operator==(const EachWorkday&) const = default;
};
/// Weekends and statutory days off, make-up workdays excluded.
struct EachDayOff {
  bool operator==(const EachDayOff&) const = default;
};

/// 农历. Month 0 is every month. Day 30 is the last day of a month that has 29. A leap month is meant only
/// with `leap`, and in years that do not have it the ordinary month takes its place.
struct Lunar {
  int month = 1;
  int day = 1;
  bool leap = false;
  bool operator==(const Lunar&) const = default;
};

struct SolarTerm {
  int term = 0;  ///< see solar_terms.hpp
  bool operator==(const SolarTerm&) const = default;
};

struct Once {
  Day day{};
  bool operator==(const Once&) const = default;
};

/// The day fields of a cron expression, as bits. As in cron(5): when both days of month and weekdays are
/// restricted, either suffices; a field that begins with "*" (also "*/2") is not restricted in this sense,
/// and both must fit.
struct CronDays {
  std::uint16_t months = 0;   ///< bit 1 … 12
  std::uint32_t days = 0;     ///< bit 1 … 31
  std::uint8_t weekdays = 0;  ///< bit 0 = Sunday
  bool any_day = false;       ///< the day field began with "*"
  bool any_weekday = false;
  std::string expression{};  ///< as written, single spaces
  bool operator==(const CronDays&) const = default;
};

using Days = std::variant<EveryDay, Weekly, MonthDay, NthWeekday, Yearly, EachWorkday, EachDayOff, Lunar,
                          SolarTerm, Once, CronDays>;

struct Rule {
  Days days = EveryDay{};
  int offset = 0;                             ///< days after (before, when negative) the days above
  std::vector<std::chrono::minutes> times{};  ///< after midnight, ascending, at least one
  std::chrono::minutes window{};  ///< each group has its own stable moment within this long after the time
  bool operator==(const Rule&) const = default;
};

/// Whether the days contain this one; the rule's offset is not part of the question.
bool falls_on(const Days& days, Day day, const Workdays& workdays);

/// The first time of the rule that is later than `after`. nullopt when there is none within eight years, or
/// the tables end before it.
std::optional<bot::LocalTime> next_after(const Rule& rule, bot::LocalTime after, const Workdays& workdays);

/// The years of statutory days that the rule needs in [from, until) and that have not been announced.
std::vector<int> unannounced_years(const Rule& rule, Day from, Day until, const Workdays& workdays);

/// Five fields as in cron(5): minute hour day month weekday, with * , - / and English names of months and
/// weekdays; 7 is Sunday. Or @hourly, @daily, @weekly, @monthly, @yearly. Errc::bad_input says which field is
/// wrong.
bot::Result<Rule> parse_cron(std::string_view expression);

}  // namespace schedules
