#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "bot/base/instant.hpp"
#include "bot/chat/event.hpp"

namespace bot {

/// Whether an account can be used, told to the desk once per change. Net thread only; sink and clock outlive
/// it.
class Standing {
 public:
  Standing(std::string account, EventSink& sink, const Clock& clock)
      : account_(std::move(account)), sink_(sink), clock_(clock) {}

  const std::string& account() const noexcept { return account_; }
  void up(const std::string& self, const std::string& implementation);
  /// Also when it never was up: somebody must be told why.
  void down(const std::string& reason);
  /// False when the desk is full.
  bool offer(Event& event) { return sink_.offer(event); }
  /// Something that concerns the account as a whole, now.
  Event event(Happening what) const;
  /// Logs an outcome that is not what was hoped for.
  void complain(const Address& chat, std::int64_t outbox, const SendOutcome& outcome) const;

 private:
  enum class Told { nothing, up, down };

  std::string account_;
  EventSink& sink_;
  const Clock& clock_;
  Told told_ = Told::nothing;
};

}  // namespace bot
