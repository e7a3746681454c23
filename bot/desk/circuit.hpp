#pragma once

#include <cstdint>

#include "bot/base/instant.hpp"
#include "bot/chat/priority.hpp"
#include "bot/desk/limits.hpp"

namespace bot {

/// The circuit breaker of one account (`failures` and `pause` of the limits). After so many failures in a row
/// it opens: nothing but urgent messages leaves for the pause. Then it is half open: one message is tried,
/// and the next one only after another pause, unless the verdict on the first closes the circuit.
///
/// A failure is a verdict that may be the account's fault: a send not done, unknown, or refused for a reason
/// that is not the chat's own. What a platform asks to wait is Pace's.
class Circuit {
 public:
  explicit Circuit(const Limits& limits) : failures_(limits.failures), pause_(limits.pause) {}

  /// When a message of this priority may leave; `now` or earlier means at once.
  SteadyTime ready_at(Priority priority, SteadyTime now) const;
  /// One message leaves: in a half open circuit it is the trial.
  void began(SteadyTime now);

  /// The verdicts. True when this opened or closed the circuit, which admins are told.
  bool failed(SteadyTime now);
  bool succeeded();

  bool open() const noexcept;

 private:
  void pause_from(SteadyTime now);

  std::optional<std::int64_t> failures_;
  std::optional<Limits::Duration> pause_;
  std::int64_t in_a_row_ = 0;
  SteadyTime paused_until_{};
};

}  // namespace bot
