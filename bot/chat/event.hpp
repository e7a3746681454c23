#pragma once

#include <cstddef>
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
/// Who is in a group, as the platform lists it.
struct MembersListed {
  struct Entry {
    std::string user{};
    std::string card{};      ///< what the group calls the person; may be empty
    std::string nickname{};  ///< what the person calls himself or herself
    Sender::Role role = Sender::Role::unknown;
    std::optional<Instant> joined{};
  };
  std::vector<Entry> members{};
  std::string failure{};  ///< why nothing was read; empty: it was
};
/// The verdict on a delivery.
struct Settled {
  std::int64_t outbox = 0;
  std::string subject{};
  SendOutcome outcome{};
};

/// An answer that nobody waited for any more; `echo` tells to which attempt.
struct AnsweredLate {
  std::string echo{};
  SendOutcome outcome{};
};
/// The platform reports what the account itself has said, from here or from another device.
struct OwnMessage {
  Message message{};
  std::string id{};
};
struct PastMessage {
  Instant at{};
  std::string sequence{};  ///< as in Event
  bool own = false;        ///< said by the account itself
  MessagePosted posted{};
};
/// What the platform remembers of a chat, the oldest first. Platforms leave messages out.
struct HistoryRead {
  std::vector<PastMessage> messages{};
  std::size_t asked = 0;  ///< how many messages were asked for
  std::string failure{};  ///< why nothing was read; empty: it was
  bool supported = true;  ///< false: the platform has no history, asking again is in vain
};

/// Somebody took a message back, or an admin did.
struct MessageRecalled {
  std::string id{};
  std::string by{};  ///< user id
};
struct MemberJoined {
  std::string user{};
  bool self = false;  ///< the account itself
};
struct MemberLeft {
  std::string user{};
  std::string by{};   ///< who removed them; empty: left by themselves
  bool self = false;  ///< the account itself
};
/// A member may not speak, or may again.
struct MemberMuted {
  std::string user{};                      ///< empty: the whole group
  std::optional<Milliseconds> duration{};  ///< zero: may speak again; absent: until that is told
  bool self = false;                       ///< the account itself is concerned
};
/// Somebody tapped a member on the shoulder.
struct Poked {
  std::string by{};
  std::string user{};
  bool self = false;
};
/// Somebody wants something of the account. Only a person may answer it, at the platform.
struct Requested {
  enum class What { friendship, joining, invitation };
  What what = What::friendship;
  std::string by{};
  std::string comment{};
  std::string flag{};  ///< opaque: brings an answer back to the request
};

using Happening = std::variant<MessagePosted, LinkUp, LinkDown, GroupsListed, Settled, AnsweredLate,
                               OwnMessage, HistoryRead, MembersListed, MessageRecalled, MemberJoined,
                               MemberLeft, MemberMuted, Poked, Requested>;

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
  /// Whatever is no MessagePosted is always taken.
  virtual bool offer(Event& event) = 0;
};

}  // namespace bot
