#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <memory>
#include <string>

#include "bot/base/instant.hpp"

/// Coroutines and who owns them. Everything here belongs to the net thread.
namespace bot {

template <class T>
using Task = boost::asio::awaitable<T>;

/// What coroutines wait on until somebody wakes them. A wake-up while nobody waits is lost, so wait in a loop
/// that tests a condition first.
class Waiter {
 public:
  explicit Waiter(const boost::asio::any_io_executor& executor);
  ~Waiter();
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  /// Everybody who waits goes on.
  void wake() noexcept;
  Task<void> wait();
  /// Until woken or until `limit` has passed on the steady clock, whichever is first. Wakes whoever waits
  /// already.
  Task<void> wait_for(Milliseconds limit);

 private:
  struct Timer;
  std::unique_ptr<Timer> timer_;
};

/// Owns spawned coroutines: it counts them and can be waited for. Must outlive them. Stopping them is the
/// owner's business: it closes the socket or wakes the waiter that they wait on.
class Scope {
 public:
  explicit Scope(const boost::asio::any_io_executor& executor);
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  std::size_t running() const noexcept { return running_; }
  /// Returns when every coroutine of the scope has ended. Not to be awaited by one of them.
  Task<void> joined();

 private:
  friend void spawn(Scope& scope, std::string name, Task<void> task);
  void ended();

  boost::asio::any_io_executor executor_;
  Waiter empty_;
  std::size_t running_ = 0;
};

/// Runs `task` in `scope`; it starts on the loop, in the order of the calls. An exception that leaves it is
/// logged as an error with `name`.
void spawn(Scope& scope, std::string name, Task<void> task);

/// Waits on the steady clock. Cannot be cut short: for short waits only.
Task<void> sleep_for(Milliseconds time);

}  // namespace bot
