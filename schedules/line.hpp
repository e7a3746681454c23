#pragma once

#include <memory>
#include <optional>
#include <string>

#include "bot/desk/agenda.hpp"
#include "bot/desk/limits.hpp"
#include "schedules/recurrence.hpp"

namespace schedules {

/// One schedule with its rule read: of a file, for all groups that follow it, or of one chat.
struct Line {
  std::shared_ptr<const bot::Push> push{};
  Rule rule{};
  std::string name{};       ///< in the ledger
  std::int64_t number = 0;  ///< T number; 0: of a file or a feature
  const bot::GroupProfile* group = nullptr;
  std::optional<bot::Address> target{};  ///< absent: every group that has no file of its own
  bot::Instant since{};                  ///< occurrences up to here are not owed
};

/// One occurrence of a line, before it is told apart by chat.
struct Moment {
  bot::LocalTime local{};
  bot::Instant planned{};  ///< by the rule
  bot::Instant at{};       ///< after quiet hours
  std::string label{};  ///< the local day; from the second time of a day on with its number, "2026-03-06#2"
};

/// When lines fall, in the zone of their group and with the quiet hours of the limits.
class Moments {
 public:
  /// References outlive the object.
  Moments(const bot::Limits& limits, const Workdays& workdays) : limits_(limits), workdays_(workdays) {}

  /// nullopt when the rule has no further time.
  std::optional<Moment> after(const Line& line, const Moment& moment) const;
  /// The first that falls due later than `after` and that the line owes.
  std::optional<Moment> first_after(const Line& line, bot::Instant after) const;
  /// When the moment falls due in one chat: quiet hours and the chat's own offset included.
  bot::Instant at(const Line& line, const Moment& moment, const bot::Address& chat) const;
  /// The longest that at() can be behind the moment.
  std::chrono::seconds spread(const Line& line) const;

 private:
  std::optional<Moment> next(const Line& line, bot::LocalTime after) const;
  bot::LocalTime after_quiet_hours(const bot::Push& push, bot::LocalTime local) const;

  const bot::Limits& limits_;
  const Workdays& workdays_;
};

/// "lesson:daily": a change of the hour keeps the name, so what was pushed today is not pushed again (P10).
std::string file_schedule_name(const bot::Push& push);
/// "T3", in a private chat "private:T3".
std::string chat_schedule_name(const bot::Address& where, std::int64_t number);

/// Somebody asked for it, or it cannot wait: quiet hours and budgets do not hold it back.
bool is_unrestrained(const bot::Push& push);

}  // namespace schedules
