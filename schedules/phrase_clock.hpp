#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "schedules/phrase_reader.hpp"

/// Times of day and lengths of time, as typed.
namespace schedules {

/// How a part of the day reads the hour behind it.
struct DayPart {
  int first;  ///< the first hour on a 12-hour clock that can be meant
  int final;  ///< the last one
  int shift;  ///< what is added to it
  int noon;   ///< what 12 means; -1: nothing
  int last;   ///< the last hour on a 24-hour clock
  int alone;  ///< the hour when none is named; -1: not understood
  bool operator==(const DayPart&) const = default;
};
const DayPart* take_day_part(Reader& reader);

extern const DayPart kMorning;
extern const DayPart kEvening;
extern const DayPart kAfternoon;

struct Times {
  std::vector<std::chrono::minutes> at{};  ///< ascending
  std::chrono::minutes window{};
  bool no_time = false;      ///< at most a part of the day was named
  bool small_hours = false;  ///< "夜里2点": of which day is not clear when one is named
};

/// The hour that a part alone means.
std::optional<Times> usual_times(const DayPart* part);

/// "8点半", "早晚8点", "08:00、20:00", "晚上8点到9点之间", "between 8:00 and 9:00", "下午". `part` is what
/// the day said already: "今晚".
std::optional<Times> read_times(Reader& reader, const DayPart* part);

/// "半小时", "1个半小时", "三天", "两个月", "two and a half hours".
struct Span {
  int months = 0;
  int days = 0;
  std::chrono::minutes time{};

  bool in_days() const { return time == std::chrono::minutes(0); }
};
std::optional<Span> read_span(Reader& reader);

/// -1 for "前", "之前" and "before", 1 for "后" and "after".
std::optional<int> take_chinese_side(Reader& reader);
std::optional<int> take_english_side(Reader& reader);

}  // namespace schedules
