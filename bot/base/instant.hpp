#pragma once

#include <chrono>
#include <cstdint>

/// Time as values. Schedules use the wall clock, timeouts the steady clock (reliability T1).
namespace bot {

using Milliseconds = std::chrono::milliseconds;

/// A moment in UTC. Stored as a 64-bit count of milliseconds since 1970.
using Instant = std::chrono::sys_time<Milliseconds>;

/// What the clock on the wall of a group shows. Means nothing without the group's Zone.
using LocalTime = std::chrono::local_time<Milliseconds>;

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::int64_t in_ms(Instant at) noexcept {
  return at.time_since_epoch().count();
}
constexpr Instant from_ms(std::int64_t ms) noexcept {
  return Instant{Milliseconds{ms}};
}

/// The only source of the present. Injected; may be asked from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  /// The wall clock, which may step backwards.
  virtual Instant now() const noexcept = 0;
  /// Never steps backwards; for timeouts and rates.
  virtual SteadyTime steady() const noexcept = 0;
};

class SystemClock final : public Clock {
 public:
  Instant now() const noexcept override;
  SteadyTime steady() const noexcept override;
};

}  // namespace bot
