#include "bot/desk/circuit.hpp"

#include <algorithm>

namespace bot {

SteadyTime Circuit::ready_at(Priority priority, SteadyTime now) const {
  return open() && priority != Priority::urgent ? std::max(now, paused_until_) : now;
}

void Circuit::began(SteadyTime now) {
  if (open() && now >= paused_until_) pause_from(now);
}

bool Circuit::failed(SteadyTime now) {
  const bool was_open = open();
  ++in_a_row_;
  if (open()) pause_from(now);
  return open() && !was_open;
}

bool Circuit::succeeded() {
  const bool was_open = open();
  in_a_row_ = 0;
  return was_open;
}

bool Circuit::open() const noexcept {
  return failures_ && in_a_row_ >= *failures_;
}

void Circuit::pause_from(SteadyTime now) {
  paused_until_ = now + pause_.value_or(Limits::Duration(0));
}

}  // namespace bot
