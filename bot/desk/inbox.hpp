#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <vector>

#include "bot/chat/event.hpp"

namespace bot {

/// The crossing from the net thread to the desk: bounded, in order.
class Inbox final : public EventSink {
 public:
  bool offer(Event& event) override;
  /// Waits until there is something, `until` has passed or stop() was called, and then a fifth of a
  /// millisecond more; up to `most` events.
  std::vector<Event> take(std::size_t most, SteadyTime until);
  /// Ends a take() that waits, now or next.
  void nudge();
  void stop();
  bool stopped() const;

  struct Load {
    std::size_t waiting = 0;
    std::int64_t refused = 0;  ///< times that there was no room
  };
  Load load() const;

 private:
  std::vector<Event> taken(std::size_t most);

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Event> events_;
  std::size_t bytes_ = 0;
  std::int64_t refused_ = 0;
  bool waiting_ = false;
  bool nudged_ = false;
  bool stopped_ = false;
};

}  // namespace bot
