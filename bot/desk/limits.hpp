#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "bot/base/instant.hpp"
#include "bot/base/rate.hpp"

/// How the bot keeps quiet (conversation.md E.4). Every value is a key of `[limits]`; a limit that is lifted
/// ("off") is nullopt.
namespace bot {

/// Minutes after local midnight; `from` > `until` spans midnight.
struct DailySpan {
  std::chrono::minutes from{};
  std::chrono::minutes until{};
  bool operator==(const DailySpan&) const = default;
};

struct Limits {
  using Duration = std::chrono::milliseconds;

  /// Same person, same command. "off" also lifts `repeat` and `per_member`, unless those are set themselves.
  std::optional<Duration> cooldown = std::chrono::seconds(3);
  /// Same person, same text: taken as one message that the platform delivered twice.
  std::optional<Duration> repeat = std::chrono::seconds(5);
  /// Commands of one person; over it the person is told once in private and ignored for `ignore`.
  std::optional<Rate> per_member = Rate{10, std::chrono::minutes(1)};
  std::optional<Duration> ignore = std::chrono::minutes(5);
  /// Answers in a row that one sender takes up faster than a person can; then it is a robot, and ignored for
  /// `ignore` (reliability E5).
  std::optional<Rate> two_bots = Rate{3, std::chrono::seconds(60)};
  /// Messages to one group, to one account.
  std::optional<Rate> per_group = Rate{1, std::chrono::seconds(3)};
  std::optional<Rate> per_account = Rate{15, std::chrono::minutes(1)};
  /// Percent of `per_account` that unasked messages leave to answers and urgent ones.
  std::optional<std::int64_t> reserve = 20;
  /// After each message of an account a pause of chance length, at most this long.
  std::optional<Duration> jitter = Duration(500);
  /// Sends of one account whose verdict is awaited: after a crash at most this many are unknown (reliability
  /// P5).
  std::optional<std::int64_t> in_flight = 1;
  /// A send without a verdict is looked for in the chat's history once it has settled this long, and once
  /// more after `look_again`; after `undecided` nobody will know (reliability B.1).
  std::optional<Duration> settle = std::chrono::seconds(15);
  std::optional<Duration> look_again = std::chrono::seconds(30);
  std::optional<Duration> undecided = std::chrono::minutes(10);
  /// Failures in a row after which an account sends nothing but urgent messages for `pause`.
  std::optional<std::int64_t> failures = 3;
  std::optional<Duration> pause = std::chrono::minutes(30);
  /// Unasked messages to one group.
  std::optional<Rate> unasked_hour = Rate{2, std::chrono::hours(1)};
  std::optional<Rate> unasked_day = Rate{6, std::chrono::hours(24)};
  /// Unasked messages wait until these hours end, in the group's time.
  std::optional<DailySpan> quiet_hours = DailySpan{std::chrono::hours(22), std::chrono::hours(7)};
  /// A second span of them, such as the nap after lunch.
  std::optional<DailySpan> noon_quiet{};
  /// Unasked messages of one moment spread over this long, each group at its own offset.
  std::optional<Duration> stagger = std::chrono::seconds(90);
  /// Answers that may be told together, such as bookings of check-ins, are collected this long.
  std::optional<Duration> merge_window = std::chrono::seconds(60);
  /// People named in such an answer; of the rest it gives the number.
  std::optional<std::int64_t> merge_names = 8;
  /// The same answer in one group.
  std::optional<Duration> same_answer = std::chrono::seconds(60);
  /// After one hint on a word that was not understood, silence for that person.
  std::optional<Duration> hint = std::chrono::minutes(10);
  /// Messages older than this on arrival are booked, not answered.
  std::optional<Duration> backlog = std::chrono::minutes(5);
  /// Answers that could not leave within this time are dropped; their effect stays.
  std::optional<Duration> late_reply = std::chrono::seconds(60);
  /// Characters and lines of one message in a group.
  std::optional<std::int64_t> length = 300;
  std::optional<std::int64_t> lines = 12;
  /// People mentioned in one message; the rest are only named.
  std::optional<std::int64_t> mentions = 5;
  /// Messages to one group that mention everybody.
  std::optional<Rate> everyone_day = Rate{1, std::chrono::hours(24)};

  bool operator==(const Limits&) const = default;
};

/// Whether a time of day lies within the span; its end does not.
bool within(const DailySpan& span, std::chrono::minutes after_midnight) noexcept;

/// Whether the two spans of quiet hours leave no minute of the day to unasked messages.
bool always_quiet(const Limits& limits);

/// The same time, or the end of the quiet hours in which it lies.
LocalTime after_quiet_hours(const Limits& limits, LocalTime local);

/// When quiet hours begin next, later than `local`; nullopt without any.
std::optional<LocalTime> next_quiet_hours(const Limits& limits, LocalTime local);

}  // namespace bot
