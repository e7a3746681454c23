#pragma once

#include <cstdint>

#include "bot/base/instant.hpp"
#include "bot/base/result.hpp"
#include "bot/net/backoff.hpp"
#include "bot/net/task.hpp"

namespace bot {

/// What is connected again and again.
class Dialled {
 public:
  virtual ~Dialled() = default;
  /// One connection, from dialling to its end; why it ended. Must end soon once Redial::stop() was called and
  /// the owner has closed its socket.
  virtual Task<Error> connection() = 0;
  /// A connection has ended, or none was had, and `pause` is what Backoff says. Returns the pause to take.
  virtual Milliseconds ended(const Error& why, Milliseconds pause) = 0;
};

/// What asking again soon cannot mend: a person has to (Errc::refused, Errc::bad_input).
bool is_for_a_person(const Error& why) noexcept;

/// Keeps a connection: one after the other for ever, with the pauses of reliability N2 between them, long
/// ones after what a person has to mend. Net thread only; everything it refers to outlives it.
class Redial {
 public:
  Redial(Dialled& dialled, const boost::asio::any_io_executor& executor, const Clock& clock,
         std::uint64_t seed);

  /// Returns only after stop().
  Task<void> run();
  void stop() noexcept;
  bool stopping() const noexcept { return stopping_; }

 private:
  Dialled& dialled_;
  const Clock& clock_;
  Backoff backoff_;
  Waiter pause_;
  bool stopping_ = false;
};

}  // namespace bot
