#pragma once

#include "bot/base/instant.hpp"

namespace bot {

/// A clock that can be set: it stands still, or runs along with another one. The steady clock moves by as much
/// as the wall clock, and never backwards.
class TravelClock final : public Clock {
 public:
  explicit TravelClock(Instant start, const Clock* running = nullptr)
      : at_(start), running_(running), since_(running == nullptr ? SteadyTime{} : running->steady()) {}

  Instant now() const noexcept override { return at_ + elapsed(); }
  SteadyTime steady() const noexcept override { return steady_ + elapsed(); }

  void advance(Milliseconds by) noexcept {
    at_ += by;
    steady_ += by;
  }

 private:
  Milliseconds elapsed() const noexcept {
    return running_ == nullptr ? Milliseconds{}
                               : std::chrono::duration_cast<Milliseconds>(running_->steady() - since_);
  }

  Instant at_;
  SteadyTime steady_{std::chrono::hours(1000)};
  const Clock* running_;
  SteadyTime since_;
};

}  // namespace bot
