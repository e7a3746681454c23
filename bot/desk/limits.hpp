#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "bot/base/instant.hpp"

/// How the bot keeps quiet (conversation.md E.4). Every value is a key of `[limits]`; a limit that is lifted
/// ("off") is nullopt.
namespace bot {

/// "15/1m": at most `count` within `window`.
struct Rate {
  std::int64_t count = 1;
  std::chrono::milliseconds window{1000};
  bool operator==(const Rate&) const = default;
};

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
  /// Messages to one group, to one account.
  std::optional<Rate> per_group = Rate{1, std::chrono::seconds(3)};
  std::optional<Rate> per_account = Rate{15, std::chrono::minutes(1)};
  /// Unasked messages to one group.
  std::optional<Rate> unasked_hour = Rate{2, std::chrono::hours(1)};
  std::optional<Rate> unasked_day = Rate{6, std::chrono::hours(24)};
  /// Unasked messages wait until these hours end, in the group's time.
  std::optional<DailySpan> quiet_hours = DailySpan{std::chrono::hours(22), std::chrono::hours(7)};
  /// Unasked messages of one moment spread over this long, each group at its own offset.
  std::optional<Duration> stagger = std::chrono::seconds(90);
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

  bool operator==(const Limits&) const = default;
};

/// The same time, or the end of the quiet hours in which it lies.
LocalTime after_quiet_hours(const Limits& limits, LocalTime local);

}  // namespace bot
