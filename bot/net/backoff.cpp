#include "bot/net/backoff.hpp"

#include <algorithm>

namespace bot {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Milliseconds kBase{500};
constexpr Milliseconds kCap = seconds(30);
constexpr Milliseconds kStable = seconds(60);
constexpr Milliseconds kRefusedCap = minutes(5);
constexpr unsigned kDoublings = 10;  // beyond any cap here, and far from overflow

Milliseconds doubled(Milliseconds base, unsigned times, Milliseconds cap) {
  const Milliseconds grown = base * (1LL << std::min(times, kDoublings));
  return std::min(cap, grown);
}

}  // namespace

Milliseconds Backoff::after_loss(Milliseconds lived) {
  if (lived >= kStable) losses_ = refusals_ = 0;
  return jitter(doubled(kBase, losses_++, kCap));
}

Milliseconds Backoff::after_refusal() {
  return kCap + jitter(doubled(kCap, refusals_++, kRefusedCap - kCap));
}

Milliseconds Backoff::jitter(Milliseconds bound) {
  return Milliseconds(
      static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(bound.count()) + 1)));
}

}  // namespace bot
