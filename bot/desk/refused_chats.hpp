#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <unordered_map>

#include "bot/base/instant.hpp"
#include "bot/chat/address.hpp"

namespace bot {

/// Chats in which the platform lets the bot say nothing: it was muted or removed there, or the person closed
/// the private chat (reliability P12). One refused attempt pauses the chat. It is tried again when there is
/// a sign that the bot is still in it, at most once a day, and at once when the platform says that the
/// reason is gone. In memory; a restart costs each chat one more attempt.
class RefusedChats {
 public:
  struct Refusal {
    std::string reason{};  ///< the platform's words
    SteadyTime last_attempt{};
    bool sign = false;    ///< heard from since the last attempt
    bool absent = false;  ///< missing among the groups that the account is in
  };

  /// A message leaves for this chat: if it is paused, this is the day's attempt.
  void began(const Address& chat, SteadyTime now);
  /// The platform refused a message. True when the chat was not paused before, which admins are told.
  bool refused(const Address& chat, std::string reason, SteadyTime now);
  /// A message got through. True when the chat was paused, which admins are told.
  bool accepted(const Address& chat);

  /// Somebody spoke there. In a private chat that ends the pause: who writes to us can be written to.
  void heard(const Address& chat);
  /// The groups that the account is in. One that was missing and is back is not paused any more.
  void listed(const std::string& account, const std::set<std::string>& chats);
  /// The platform says that the mute is lifted, or that the bot was taken in again.
  void restored(const Address& chat);

  /// When a message may be tried there; `now` or earlier means at once, SteadyTime::max() not before a sign.
  SteadyTime ready_at(const Address& chat, SteadyTime now) const;
  /// What is paused, to be shown.
  const std::unordered_map<Address, Refusal, AddressHash>& all() const noexcept { return refusals_; }

 private:
  void forget_old(SteadyTime now);

  std::unordered_map<Address, Refusal, AddressHash> refusals_{};
};

}  // namespace bot
