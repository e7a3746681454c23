#include "bot/desk/inbox.hpp"

#include <algorithm>

namespace bot {

namespace {

constexpr std::size_t kMostEvents = 10'000;
constexpr std::size_t kMostBytes = 64 * 1024 * 1024;
/// Waking a thread costs more than handling a message: whoever was woken waits this long for company.
constexpr auto kCompany = std::chrono::microseconds(100);

/// Roughly what an event holds in memory.
std::size_t weight(const Event& event) {
  const auto* posted = std::get_if<MessagePosted>(&event.what);
  if (posted == nullptr) return sizeof(Event);
  std::size_t bytes = sizeof(Event);
  for (const Segment& part : posted->message.parts()) {
    if (const auto* text = std::get_if<Text>(&part)) bytes += text->text.size();
    if (const auto* raw = std::get_if<Raw>(&part)) bytes += raw->data.size();
  }
  return bytes;
}

}  // namespace

bool Inbox::offer(Event& event) {
  const bool can_wait = std::holds_alternative<MessagePosted>(event.what);
  const std::size_t bytes = weight(event);
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (can_wait && (events_.size() >= kMostEvents || bytes_ + bytes > kMostBytes)) return false;
    events_.push_back(std::move(event));
    bytes_ += bytes;
    wake = waiting_;
  }
  if (wake) arrived_.notify_one();
  return true;
}

std::vector<Event> Inbox::take(std::size_t most, SteadyTime until) {
  std::unique_lock lock(mutex_);
  if (events_.empty() && !stopped_) {
    waiting_ = true;
    arrived_.wait_until(lock, until, [this] { return !events_.empty() || stopped_; });
    waiting_ = false;
    if (!events_.empty()) arrived_.wait_for(lock, kCompany, [this] { return stopped_; });
  }
  std::vector<Event> taken;
  const std::size_t count = std::min(most, events_.size());
  taken.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    bytes_ -= std::min(bytes_, weight(events_.front()));
    taken.push_back(std::move(events_.front()));
    events_.pop_front();
  }
  return taken;
}

void Inbox::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  arrived_.notify_all();
}

bool Inbox::stopped() const {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

}  // namespace bot
