#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/chat/address.hpp"
#include "bot/chat/message.hpp"
#include "bot/chat/outcome.hpp"

namespace bot {

struct MessagePosted {
  Sender from{};
  Message message{};
  std::string id{};                     ///< the platform's message id; may repeat (reliability E2)
  std::optional<std::string> quotes{};  ///< id of the quoted message
  bool to_me = false;                   ///< the message mentions this account
  bool to_others = false;               ///< it mentions somebody else, or everybody
};

/// An account can be used from now on.
struct LinkUp {
  std::string self{};            ///< the bot's own id on the platform
  std::string implementation{};  ///< such as "NapCat.Onebot 4.8.90"; may be empty
};
struct LinkDown {
  std::string reason{};
};
/// The groups that an account is in.
struct GroupsListed {
  struct Entry {
    std::string chat{};
    std::string name{};
  };
  std::vector<Entry> groups{};
};
/// The verdict on a delivery.
struct Settled {
  std::int64_t outbox = 0;
  std::string subject{};
  SendOutcome outcome{};
};

using Happening = std::variant<MessagePosted, LinkUp, LinkDown, GroupsListed, Settled>;

/// Something that happened outside. The class has a constructor, because it crosses `co_await`.
class Event {
 public:
  Event() = default;
  Event(Address place, Instant time, Happening happening)
      : where(std::move(place)), at(time), what(std::move(happening)) {}

  Address where{};
  Instant at{};            ///< the platform's time of the event
  std::string sequence{};  ///< the platform's true sequence number in that chat, where it gives one
  Happening what{};
};

/// The way in. Any thread may offer.
class EventSink {
 public:
  virtual ~EventSink() = default;
  /// False when full: nothing was taken; stop reading and offer again later (back-pressure, reliability S3).
  /// Settled, LinkUp and LinkDown are always taken.
  virtual bool offer(Event& event) = 0;
};

}  // namespace bot
