#include "bot/desk/inbox.hpp"

#include <algorithm>
#include <iterator>

namespace bot {

namespace {

constexpr std::size_t kMostEvents = 10'000;
constexpr std::size_t kMostBytes = 64 * 1024 * 1024;
/// Waking a thread costs more than handling a message: whoever was woken waits this long for company.
constexpr auto kCompany = std::chrono::microseconds(200);
constexpr std::size_t kRoom = 128;  // events that arrive meanwhile without the list having to grow

/// Roughly what a part of a message holds in memory.
std::size_t weight(const Segment& part) {
  if (const auto* text = std::get_if<Text>(&part)) return text->text.size();
  if (const auto* picture = std::get_if<Picture>(&part)) return picture->bytes.size() + picture->url.size();
  if (const auto* card = std::get_if<Card>(&part))
    return card->title.size() + card->text.size() + card->url.size();
  if (const auto* raw = std::get_if<Raw>(&part)) return raw->data.size();
  return 0;
}

/// Roughly what an event holds in memory.
std::size_t weight(const Event& event) {
  const auto* posted = std::get_if<MessagePosted>(&event.what);
  if (posted == nullptr) return sizeof(Event);
  std::size_t bytes = sizeof(Event);
  for (const Segment& part : posted->message.parts()) bytes += weight(part);
  return bytes;
}

}  // namespace

bool Inbox::offer(Event& event) {
  const bool can_wait = std::holds_alternative<MessagePosted>(event.what);
  const std::size_t bytes = weight(event);
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    if (can_wait && (events_.size() >= kMostEvents || bytes_ + bytes > kMostBytes)) {
      ++refused_;
      return false;
    }
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
    arrived_.wait_until(lock, until, [this] { return !events_.empty() || stopped_ || nudged_; });
    waiting_ = false;
    nudged_ = false;
    if (!events_.empty()) arrived_.wait_for(lock, kCompany, [this] { return stopped_; });
  }
  return taken(most);
}

std::vector<Event> Inbox::taken(std::size_t most) {
  std::vector<Event> first;
  if (events_.size() <= most) {
    first.swap(events_);
    events_.reserve(kRoom);
    bytes_ = 0;
    return first;
  }
  const auto end = events_.begin() + static_cast<std::ptrdiff_t>(most);
  first.assign(std::make_move_iterator(events_.begin()), std::make_move_iterator(end));
  events_.erase(events_.begin(), end);
  for (const Event& event : first) bytes_ -= std::min(bytes_, weight(event));
  return first;
}

void Inbox::nudge() {
  {
    const std::lock_guard lock(mutex_);
    nudged_ = true;
  }
  arrived_.notify_all();
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

Inbox::Load Inbox::load() const {
  const std::lock_guard lock(mutex_);
  return {events_.size(), refused_};
}

}  // namespace bot
