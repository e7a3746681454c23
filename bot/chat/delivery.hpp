#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/chat/address.hpp"
#include "bot/chat/message.hpp"

namespace bot {

/// One message on its way to a platform. A class with a constructor, because it crosses `co_await`.
class Delivery {
 public:
  Delivery() = default;
  Delivery(Address where, Message what) : to(std::move(where)), message(std::move(what)) {}

  std::int64_t outbox = 0;  ///< row of the outbox; 0 for an answer that nobody is owed (a ping, a ranking)
  Address to{};
  Message message{};
  std::string kind{};      ///< key of the sentence, such as "lesson.push": what the ledger calls the message
  std::string subject{};   ///< what the message is about, such as "L12": lets a quote of it be understood
  bool push = false;       ///< unasked: planned by a schedule
  bool asked_for = false;  ///< planned by a schedule that the person made: no budget, no quiet hours
  Instant expires = Instant::max();  ///< not to be sent after this
};

/// Takes messages to the platforms. `send` may be called from the desk's thread only and never blocks;
/// each delivery comes back as a Settled event.
class Postman {
 public:
  virtual ~Postman() = default;
  virtual void send(std::vector<Delivery> deliveries) = 0;
  /// Whether the platform allows messages there that answer nobody. Some only let a bot reply.
  virtual bool can_push(const Address&) const { return true; }
};

/// Takes nothing anywhere: for commands that only look.
class NoPostman final : public Postman {
 public:
  void send(std::vector<Delivery>) override {}
};

}  // namespace bot
