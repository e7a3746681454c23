#pragma once

#include "bot/base/instant.hpp"

namespace bot {

/// A clock that stands still until it is moved, the steady one with it, which never goes backwards.
class TravelClock final : public Clock {
 public:
  explicit TravelClock(Instant start) : at_(start) {}

  Instant now() const noexcept override { return at_; }
  SteadyTime steady() const noexcept override { return steady_; }

  void advance(Milliseconds by) noexcept {
    at_ += by;
    steady_ += by;
  }
  /// Somebody sets the wall clock back.
  void step_back(Milliseconds by) noexcept { at_ -= by; }

 private:
  Instant at_;
  SteadyTime steady_{std::chrono::hours(1000)};
};

}  // namespace bot
