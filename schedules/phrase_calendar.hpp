#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>

#include "bot/base/instant.hpp"
#include "schedules/phrase_clock.hpp"
#include "schedules/phrase_reader.hpp"
#include "schedules/recurrence.hpp"

/// Days as typed.
namespace schedules {

struct NamedDay {
  enum class Kind {
    repeating,  ///< the rule is `days`
    coming,     ///< the next of `days`
    fixed,      ///< `day`
  };
  Kind kind = Kind::repeating;
  Days days{};
  Day day{};
  int offset = 0;                 ///< days after it
  const DayPart* part = nullptr;  ///< "今晚"
  bool dated = false;             ///< with its year, so that it means the same at any time
};

inline NamedDay repeating(Days days, const DayPart* part = nullptr) {
  return {NamedDay::Kind::repeating, std::move(days), {}, 0, part, false};
}
inline NamedDay coming(Days days) {
  return {NamedDay::Kind::coming, std::move(days), {}, 0, nullptr, false};
}
inline NamedDay fixed(Day day, const DayPart* part = nullptr) {
  return {NamedDay::Kind::fixed, {}, day, 0, part, false};
}

using Now = std::optional<bot::LocalTime>;

/// A day with what shifts it: "周五", "每年清明前两天", "2 days before the last Friday of every month".
std::optional<NamedDay> read_day(Reader& reader, Now now);
std::optional<NamedDay> read_chinese_day(Reader& reader, Now now);
std::optional<NamedDay> read_english_day(Reader& reader, Now now);

/// The first of the readings that understands what comes next; nothing is taken when none does.
using DayReading = std::optional<NamedDay> (*)(Reader& reader, Now now);
std::optional<NamedDay> first_understood(std::initializer_list<DayReading> readings, Reader& reader, Now now);

/// Whether `day` is one of them, and exactly: 28 February is not the 31st, nor 29 February.
bool is_one_of(const Days& days, Day day);
/// The first one in [from, until).
std::optional<Day> first_of(const Days& days, Day from, Day until);

Day day_after(Day day, const Span& span);
Day monday_of(Day day);
Day first_of_month(Day day, int months_later);
Day first_of_year(int year);
int year_of(Day day);

/// Days by which a rule may be shifted.
constexpr int kFurthestShift = 366;
constexpr std::uint8_t kMondayToFriday = 0b0111110;
constexpr std::uint8_t kWeekend = 0b1000001;
/// Rules for every other week that are read without a now count from this Monday.
constexpr Day kFirstMonday = Day(std::chrono::days(19723));

Days weekly(std::uint8_t mask, int every = 1);
/// nullopt when no year has it.
std::optional<Days> yearly(int month, int day);
std::optional<Days> lunar(int month, int day, bool leap = false);

/// "最后一个周五", "第1个工作日", "15号", without saying of what.
struct Place {
  enum class Of { day, weekday, workday };
  Of of = Of::day;
  int nth = 1;  ///< negative: from the end
  unsigned weekday = 0;
};
/// The place in every month (1), quarter (3), half year (6) or year (12); nullopt when a rule cannot say it.
std::optional<Days> placed(const Place& place, int every);
/// In these months of the year.
std::optional<Days> placed(const Place& place, const Months& months);

/// "(周二)" behind a date; false when the date is another weekday.
bool weekday_agrees(Reader& reader, Day day);

std::optional<unsigned> take_weekday(Reader& reader);       ///< "周五"
std::optional<unsigned> take_weekday_sign(Reader& reader);  ///< "五"
std::optional<Days> take_feast(Reader& reader);
/// "2027-03-08"; with its year, so it is fixed.
std::optional<Day> take_iso_date(Reader& reader);

}  // namespace schedules
