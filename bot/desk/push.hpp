#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace bot {

/// What is said unasked, when, and how patient it is: a `[[push]]` of a group's file, a feature's own job, or
/// something planned in the chat.
struct Push {
  std::string occasion{};  ///< what the feature listens to, such as "lesson"
  std::string subject{};   ///< what of it: a column's id, the text of a reminder
  std::string when{};      ///< the rule as people write it, "每个工作日 17:50", or as schedules/ stores it;
                           ///< empty: the column's own slot
  std::string person{};    ///< whom it is for, mentioned in a group; empty: everybody
  std::chrono::minutes catch_up{120};  ///< after downtime: sent up to this late, then booked as missed
  /// Unsent so long after its time, it is dropped; as long as `catch_up` when absent.
  std::optional<std::chrono::minutes> expires{};
  bool coalesce = true;   ///< of several that were missed only the latest is caught up
  bool sharp = false;     ///< on the second; else at the group's own moment within the stagger
  bool cheerful = false;  ///< not said on solemn days
  bool urgent = false;    ///< neither quiet hours nor the budget of unasked messages hold it back
  bool everyone = false;  ///< mentions everybody, as often as the limits and the platform allow
  /// If nobody can tell whether it arrived: "again" says it once more and says so, "tell" tells the admins
  /// alone; empty: as the occasion has it.
  std::string unsure{};
  std::int64_t line = 0;  ///< where it stands in the group's file; 0: nowhere

  bool operator==(const Push&) const = default;
};

}  // namespace bot
