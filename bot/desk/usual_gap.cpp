#include "bot/desk/usual_gap.hpp"

#include <algorithm>

namespace bot {

namespace {

using std::chrono::hours;

constexpr Milliseconds kShortest = std::chrono::seconds(1);
constexpr int kStep = 20;
constexpr Milliseconds kMostOfAnHour = std::chrono::minutes(45);
constexpr Milliseconds kMemory = hours(4);  // of one hour a day

}  // namespace

void UsualGap::add(Milliseconds gap) {
  const Milliseconds target = std::max(gap, kShortest);
  if (!known_) {
    known_ = true;
    value_ = target;
  } else if (target > value_) {
    value_ = std::min(value_ + value_ / kStep, target);
  } else {
    value_ = std::max(value_ - value_ / kStep, target);
  }
}

std::size_t SilentHours::index(Instant at) noexcept {
  const auto hour = std::chrono::floor<hours>(at).time_since_epoch().count() % 24;
  return static_cast<std::size_t>(hour < 0 ? hour + 24 : hour);
}

void SilentHours::add(Instant begin, Instant end) {
  const Milliseconds silence = end - begin;
  Instant from = std::max(begin, end - hours(24));
  while (from < end) {
    const Instant to = std::min<Instant>(std::chrono::floor<hours>(from) + hours(1), end);
    Hour& hour = hours_[index(from)];
    const Milliseconds part = to - from;
    hour.seen = std::min(hour.seen + part, kMemory);
    hour.usual += (silence - hour.usual) * part.count() / hour.seen.count();
    from = to;
  }
}

std::optional<Milliseconds> SilentHours::usual(Instant at) const {
  const Hour& hour = hours_[index(at)];
  return hour.seen < kMostOfAnHour ? std::nullopt : std::optional(hour.usual);
}

}  // namespace bot
