#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/chat/address.hpp"
#include "bot/chat/capabilities.hpp"
#include "bot/chat/message.hpp"
#include "bot/chat/priority.hpp"

namespace bot {

inline constexpr std::int64_t kFirstPart = -1;
inline constexpr std::int64_t kFurtherPart = -2;

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
  Priority priority = Priority::reply;
  /// Row of the first part, for a message that was split; parts stay together. Before it is planned or
  /// enqueued: kFirstPart or kFurtherPart, in this order.
  std::int64_t part_of = 0;
  bool last_part = false;
  std::string everyone{};   ///< what stands instead of a mention of everybody where the platform allows none
  std::string asker{};      ///< user whom it answers; empty: nobody
  std::string answers{};    ///< id of the message that it answers, for platforms that tie answers to it
  bool repeatable = false;  ///< if nobody can tell whether it arrived, it is said once more, and says so
  std::int64_t again_of = 0;  ///< the row that it says once more
  std::string echo{};         ///< of this attempt; 128 random bits that an answer, however late, brings back
};

/// Takes messages to the platforms. `send` may be called from the desk's thread only and never blocks;
/// each delivery comes back as a Settled event.
class Postman {
 public:
  virtual ~Postman() = default;
  virtual void send(std::vector<Delivery> deliveries) = 0;
  /// Asks the platform for the latest messages of a chat, at most `count`; comes back as HistoryRead.
  virtual void read_history(const Address& chat, std::size_t count) = 0;
  /// Asks the platform who is in a group, where capabilities() says that it can tell; comes back as
  /// MembersListed.
  virtual void read_members(const Address&) {}
  /// What that chat allows at the moment.
  virtual Capabilities capabilities(const Address&) const { return {}; }
};

/// Takes nothing anywhere: for commands that only look.
class NoPostman final : public Postman {
 public:
  void send(std::vector<Delivery>) override {}
  void read_history(const Address&, std::size_t) override {}
};

}  // namespace bot
