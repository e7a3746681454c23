#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/base/random.hpp"
#include "bot/chat/address.hpp"
#include "bot/chat/priority.hpp"
#include "bot/desk/limits.hpp"

namespace bot {

/// A token bucket on the steady clock: `count` at once, refilled evenly over `window`.
class Bucket {
 public:
  explicit Bucket(const Rate& rate, SteadyTime now);
  /// When the next token is there and `reserve` more stay behind; `now` or earlier means at once.
  SteadyTime ready_at(SteadyTime now, std::int64_t reserve = 0) const;
  void spend(SteadyTime now);
  bool full(SteadyTime now) const;

 private:
  std::chrono::nanoseconds per_token_;
  std::chrono::nanoseconds burst_;
  SteadyTime empty_until_;  // the bucket is full when this lies `burst_` in the past
};

/// Never more than `count` within any `window`: how platforms count. A bucket may let pass nearly twice as
/// many, a burst and its refill. Remembers the last `count` times.
class Window {
 public:
  explicit Window(const Rate& rate) : rate_(rate) {}
  SteadyTime ready_at(SteadyTime now) const;
  void spend(SteadyTime now);
  bool full(SteadyTime now) const;

 private:
  Rate rate_;
  std::deque<SteadyTime> spent_{};
};

/// What a platform itself allows. It counts besides the settings, so that the stricter wins.
struct PlatformCaps {
  std::vector<Rate> per_chat{};
  std::vector<Rate> per_account{};
};

/// How fast messages may leave: per chat and per account (conversation.md E.4, rate). Times that lie at `now`
/// or earlier mean at once. One thread.
class Pace {
 public:
  /// Without reserve and jitter.
  Pace(std::optional<Rate> per_chat, std::optional<Rate> per_account);
  Pace(const Limits& limits, Random random);

  /// Before the first message of the account.
  void cap(const std::string& account, const PlatformCaps& caps);

  /// When a message may leave, as far as its account and its chat let it.
  SteadyTime ready_at(const Address& chat, Priority priority, SteadyTime now) const;
  /// For a push also when the reserve for answers will stay.
  SteadyTime account_ready_at(const std::string& account, SteadyTime now,
                              Priority priority = Priority::reply) const;
  SteadyTime chat_ready_at(const Address& chat, SteadyTime now) const;
  /// One message left.
  void spend(const Address& chat, SteadyTime now);

  /// The platform told to wait this long, of which 1 s to 15 min are believed (reliability N5): until then
  /// nothing leaves, urgent or not.
  void hold_account(const std::string& account, Milliseconds retry_after, SteadyTime now);
  void hold_chat(const Address& chat, Milliseconds retry_after, SteadyTime now);

 private:
  /// What is left of one chat's or one account's share.
  struct Share {
    std::optional<Bucket> own{};
    std::vector<Window> caps{};
    SteadyTime not_before{};

    Share(const std::optional<Rate>& own_rate, const std::vector<Rate>& cap_rates, SteadyTime now);
    SteadyTime ready_at(SteadyTime now, std::int64_t reserve) const;
    void spend(SteadyTime now);
    void hold(Milliseconds retry_after, SteadyTime now);
    bool full(SteadyTime now) const;
  };

  const PlatformCaps& caps_of(const std::string& account) const;
  Share& account_share(const std::string& account, SteadyTime now);
  Share& chat_share(const Address& chat, SteadyTime now);
  void forget_idle(SteadyTime now);

  std::optional<Rate> per_chat_;
  std::optional<Rate> per_account_;
  std::int64_t reserve_ = 0;  // tokens of an account that a push leaves alone
  Milliseconds jitter_{0};
  Random random_{0};
  std::unordered_map<std::string, PlatformCaps> caps_{};
  std::unordered_map<Address, Share, AddressHash> chats_{};
  std::unordered_map<std::string, Share> accounts_{};
  std::size_t sweep_at_;  // chats
};

}  // namespace bot
