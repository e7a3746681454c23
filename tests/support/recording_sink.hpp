#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/chat/event.hpp"

namespace support {

/// A sink that keeps what it is offered. Any thread may offer; the test's thread waits.
class RecordingSink final : public bot::EventSink {
 public:
  static constexpr bot::Milliseconds kPatience = std::chrono::seconds(20);

  bool offer(bot::Event& event) override {
    const std::lock_guard guard(lock_);
    const bool message = std::holds_alternative<bot::MessagePosted>(event.what);
    if (message && full_) {
      ++turned_away_;
      changed_.notify_all();
      return false;
    }
    events_.push_back(std::move(event));
    changed_.notify_all();
    return true;
  }

  /// While full, messages are turned away.
  void set_full(bool full) {
    const std::lock_guard guard(lock_);
    full_ = full;
  }
  bool wait_turned_away(std::size_t count, bot::Milliseconds limit = kPatience) {
    std::unique_lock guard(lock_);
    return changed_.wait_for(guard, limit, [&] { return turned_away_ >= count; });
  }

  std::vector<bot::Event> events() {
    const std::lock_guard guard(lock_);
    return events_;
  }

  template <class What>
  std::vector<What> all() {
    const std::lock_guard guard(lock_);
    return picked<What>();
  }

  /// The `count`-th event of this kind, or nothing when it did not come in time.
  template <class What>
  std::optional<What> wait(std::size_t count = 1, bot::Milliseconds limit = kPatience) {
    std::unique_lock guard(lock_);
    std::vector<What> found;
    changed_.wait_for(guard, limit, [&] {
      found = picked<What>();
      return found.size() >= count;
    });
    if (found.size() < count) return std::nullopt;
    return found[count - 1];
  }

 private:
  template <class What>
  std::vector<What> picked() {
    std::vector<What> found;
    for (const bot::Event& event : events_) {
      if (const auto* what = std::get_if<What>(&event.what)) found.push_back(*what);
    }
    return found;
  }

  std::mutex lock_;
  std::condition_variable changed_;
  std::vector<bot::Event> events_;
  std::size_t turned_away_ = 0;
  bool full_ = false;
};

}  // namespace support
