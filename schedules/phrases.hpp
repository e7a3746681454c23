#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "bot/base/instant.hpp"
#include "schedules/recurrence.hpp"

/// Times as people type them, in Chinese and English, with full-width characters, Chinese numerals and sloppy
/// spaces. What is not understood whole is not understood: never a guess. Whoever answers repeats the time in
/// full, so conventions may decide what people leave open:
///
/// - "HH:MM" is on the 24-hour clock. "3点" is 15:00: 1 to 5 without a part of the day are in the afternoon.
/// - A day alone is 09:00, 早上 08:00, 中午 12:00, 下午 15:00, 傍晚 18:00, 晚上 20:00; all with `no_time`.
/// - "晚上12点" and "midnight" are 24:00 of the day. "夜里2点" of a certain day is not understood.
/// - "周五", "3号", "清明" are the next one whose time is not over; "这周五", "今天" and dates with their
/// year may
///   be over. "下周五" and "next Friday" are in the week after this one; weeks begin on Monday.
/// - "周五前" is 18:00 of the day before, with `no_time`; "周五17点前" is that time. "by Friday" needs a
/// time.
/// - A month later than 31 January is 28 February. Minutes from now are counted from the nearest minute.
/// - "每两周" counts from the week in which it falls first; "每隔两周" is not understood.
/// - "8点到9点" is a time with a window, at most twelve hours long and perhaps over midnight.
/// - "3点半开会前10分钟" takes the event to be at 3:30.
namespace schedules {

/// A moment seen from `now` on the same wall: "明天 08:00", "周五", "+90m", "08:00" (the next one). A day
/// without a time means 00:00.
std::optional<bot::LocalTime> parse_moment(std::string_view phrase, bot::LocalTime now);

/// "开会前10分钟": so long before (negative) or after something that only the group's schedules know.
struct AroundEvent {
  std::string event{};  ///< as typed
  std::chrono::minutes offset{};
  bool operator==(const AroundEvent&) const = default;
};

struct When {
  std::variant<Rule, AroundEvent> what{};
  bool no_time = false;  ///< only a day was named: the rule says 09:00
  bool operator==(const When&) const = default;
};

enum class PhraseError {
  not_understood,
  past,  ///< understood, but over: "今天8点" at nine
};

struct Phrase {
  std::optional<When> when{};
  PhraseError error = PhraseError::not_understood;  ///< without `when`
};

/// The whole phrase is a time: once ("明天下午3点") or repeating ("每月最后一个周五下午3点", a cron
/// expression).
Phrase parse_when(std::string_view phrase, bot::LocalTime now);

/// The whole phrase says until when: a length from now ("2小时", "3天", "half an hour") or a moment
/// ("到明早8点", "until 8 pm"). To the minute.
struct Until {
  std::optional<bot::LocalTime> at{};
  PhraseError error = PhraseError::not_understood;  ///< without `at`
};
Until parse_until(std::string_view phrase, bot::LocalTime now);

/// A rule as it stands in a file: anything that parse_when() takes but a moment relative to today. Without a
/// time of day it is not understood. Every other week counts from Monday 2024-01-01.
std::optional<Rule> parse_rule(std::string_view text);

/// A sentence that begins or ends with a time: "明天下午3点交报告", "submit the report tomorrow at 15:00".
struct Timed {
  Phrase phrase{};
  std::string rest{};  ///< what remains, trimmed
};
/// The longest time that stands at the beginning, else at the end. `phrase` is not_understood when there is
/// none, when a second one is joined to it ("明天和后天"), or when the words around it may mean something
/// else: "一点建议", "周五的会", "8点左右". Of "8点半价票" the time is "8点". What is understood but over is
/// cut off too.
Timed split_time(std::string_view sentence, bot::LocalTime now);

}  // namespace schedules
