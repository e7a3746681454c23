#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "bot/base/instant.hpp"
#include "bot/chat/address.hpp"

namespace bot {

/// Chats in which the platform lets the bot say nothing: it was muted or removed there, or the person closed
/// the private chat (reliability P12). One refused attempt pauses the chat. It is tried again when there is
/// a sign that the bot is still in it, at most once a day, and at once when the platform says that the
/// reason is gone. A mute that the platform announces pauses the chat without an attempt, until it ends:
/// accounts that went on sending into muted groups were banned (NapCatQQ#398). In memory; a restart costs
/// each chat one more attempt.
class RefusedChats {
 public:
  struct Refusal {
    std::string reason{};  ///< the platform's words
    SteadyTime last_attempt{};
    bool sign = false;                  ///< heard from since the last attempt
    bool absent = false;                ///< missing among the groups that the account is in
    bool told = false;                  ///< admins were told of it
    std::optional<SteadyTime> until{};  ///< end of an announced mute
  };

  /// A message leaves for this chat: if it is paused, this is the day's attempt.
  void began(const Address& chat, SteadyTime now);
  /// The platform refused a message. True when the chat was not paused before, which admins are told.
  bool refused(const Address& chat, std::string reason, SteadyTime now);
  /// A message got through. True when admins were told of a pause, and should hear that it is over.
  bool accepted(const Address& chat);

  /// The platform announces that the bot may say nothing there until then. True when admins should be told:
  /// never of a short mute.
  bool muted(const Address& chat, SteadyTime until, SteadyTime now);
  /// Mutes whose time is over hold nothing back any more.
  void end_mutes(SteadyTime now);
  /// The platform announces that the bot is no more in that group. True when admins should be told.
  bool removed(const Address& chat, SteadyTime now);

  /// Somebody spoke there. In a private chat that ends the pause: who writes to us can be written to.
  void heard(const Address& chat);
  /// The groups that the account is in. One that was missing and is back is not paused any more.
  void listed(const std::string& account, const std::set<std::string>& chats);
  /// The platform says that the mute is lifted, or that the bot was taken in again. True as for accepted().
  bool restored(const Address& chat);
  /// The mute of the whole group is lifted; one of the bot alone goes on. True as for accepted().
  bool group_unmuted(const Address& chat);

  /// When a message may be tried there; `now` or earlier means at once, SteadyTime::max() not before a sign.
  SteadyTime ready_at(const Address& chat, SteadyTime now) const;
  /// What is paused, to be shown.
  const std::unordered_map<Address, Refusal, AddressHash>& all() const noexcept { return refusals_; }

 private:
  void forget_old(SteadyTime now);

  std::unordered_map<Address, Refusal, AddressHash> refusals_{};
};

}  // namespace bot
