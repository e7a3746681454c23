#include "bot/base/instant.hpp"

namespace bot {

Instant SystemClock::now() const noexcept {
  return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
}

SteadyTime SystemClock::steady() const noexcept {
  return std::chrono::steady_clock::now();
}

}  // namespace bot
