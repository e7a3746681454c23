#pragma once

#include <string>

#include "bot/chat/capabilities.hpp"
#include "bot/chat/delivery.hpp"
#include "bot/chat/event.hpp"
#include "bot/chat/outcome.hpp"
#include "bot/net/task.hpp"

namespace bot {

/// One account on a chat platform, in coroutines. Lives on the net thread; made and destroyed while no
/// coroutine of it runs. What it hears goes to an EventSink.
class Platform {
 public:
  virtual ~Platform() = default;
  virtual const std::string& account() const noexcept = 0;
  /// What a chat allows at the moment. From any thread.
  virtual Capabilities capabilities(const Address& chat) const = 0;
  /// Connects, reads and reconnects for ever; returns only after stop().
  virtual Task<void> run() = 0;
  /// Ends run() soon: closes the socket and cancels every wait. Calls in flight end as Unknown.
  virtual void stop() noexcept = 0;
  /// Returns when the outcome is decided or its deadline has passed. Sends of one chat keep the order of the
  /// calls. Never throws for a platform that misbehaves.
  virtual Task<SendOutcome> send(Delivery delivery) = 0;
  /// The latest messages of a chat, at most `count`. Never throws for a platform that misbehaves.
  virtual Task<HistoryRead> history(Address chat, std::size_t count) = 0;
  /// Who is in a group. Never throws for a platform that misbehaves. Unless overridden: nobody can say.
  virtual Task<MembersListed> members(Address group);
};

}  // namespace bot
