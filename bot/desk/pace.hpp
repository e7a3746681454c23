#pragma once

#include <optional>
#include <unordered_map>

#include "bot/base/instant.hpp"
#include "bot/chat/address.hpp"
#include "bot/desk/limits.hpp"

namespace bot {

/// A token bucket on the steady clock: `count` at once, refilled evenly over `window`.
class Bucket {
 public:
  explicit Bucket(const Rate& rate, SteadyTime now);
  /// When the next token is there; `now` or earlier means at once.
  SteadyTime ready_at(SteadyTime now) const;
  void spend(SteadyTime now);
  bool full(SteadyTime now) const;

 private:
  std::chrono::nanoseconds per_token_;
  std::chrono::nanoseconds burst_;
  SteadyTime empty_until_;  // the bucket is full when this lies `burst_` in the past
};

/// How fast messages may leave: per chat and per account (conversation.md E.4, rate).
class Pace {
 public:
  Pace(std::optional<Rate> per_chat, std::optional<Rate> per_account)
      : per_chat_(per_chat), per_account_(per_account) {}
  SteadyTime account_ready_at(const std::string& account, SteadyTime now) const;
  SteadyTime chat_ready_at(const Address& chat, SteadyTime now) const;
  void spend(const Address& chat, SteadyTime now);

 private:
  void forget_idle(SteadyTime now);

  std::optional<Rate> per_chat_;
  std::optional<Rate> per_account_;
  std::unordered_map<Address, Bucket, AddressHash> chats_;
  std::unordered_map<std::string, Bucket> accounts_;
};

}  // namespace bot
