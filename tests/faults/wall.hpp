#pragma once

#include <atomic>

#include "bot/base/instant.hpp"

namespace faults {

/// The wall clock of the bot that is under test: the machine's, shifted. Any thread.
class Wall {
 public:
  bot::Instant now() const noexcept { return clock_.now() + bot::Milliseconds(shift_.load()); }
  bot::Milliseconds shift() const noexcept { return bot::Milliseconds(shift_.load()); }
  void set_shift(bot::Milliseconds shift) noexcept { shift_ = shift.count(); }

 private:
  bot::SystemClock clock_{};
  std::atomic<std::int64_t> shift_{0};
};

}  // namespace faults
