#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/chat/address.hpp"
#include "bot/desk/alarm.hpp"
#include "bot/desk/usual_gap.hpp"

namespace bot {

/// The account's hearing got worse, or, when `over`, what was told before has ended.
struct HearingChange {
  enum class What {
    down,    ///< no usable connection for longer than `alarm_after`
    deaf,    ///< the chat goes on without being heard: its history says so
    silent,  ///< nothing heard for much longer than usual, and no history to look it up in
  };
  What what = What::down;
  bool over = false;
  std::string account{};
  Address where{};         ///< of `deaf`: the chat whose history gave it away
  Milliseconds lasted{0};  ///< how long it has lasted so far, or did
  std::string reason{};    ///< of `down`: what the platform said
};

/// Without its text: that is said_of(), worded by whoever knows the language.
Alarm alarm_of(const HearingChange& change);
/// The sentence for the operator.
Said said_of(const HearingChange& change);

/// Whether each account hears what is said to it (reliability N1, complaints C.1). A connection can stay
/// open, with heartbeats, and bring nothing; so when an account is silent for longer than its groups usually
/// are, a canary is flown: the caller reads the newest messages of one chat, and tells what it found.
///
/// Durations are on the steady clock. One thread. Remembers 20,000 groups at most, the latest heard.
class Hearing {
 public:
  /// `clock` must outlive it. `alarm_after`: how long an account may be down before that is told.
  Hearing(const Clock& clock, Milliseconds alarm_after) : clock_(clock), alarm_after_(alarm_after) {}

  /// An account that is configured should be told as down at start: that is the truth until it connects.
  void link_down(const std::string& account, const std::string& reason);
  /// Down is over when the link has lasted for a minute: one that comes and goes counts as down.
  void link_up(const std::string& account);
  /// The account is in this group, so its history can be read.
  void joined(const Address& group);
  /// The account is no more in this group: its silence says nothing.
  void left(const Address& group);
  /// A message from others; `at` is the platform's time of it.
  void heard(const Address& where, Instant at);

  /// The chats whose newest messages should be read now: one chat of an account that has been silent for more
  /// than three times the usual gap of its liveliest group (at least 60 s, at most 4 min), at most once in
  /// two minutes. To be answered by one of the next two.
  std::vector<Address> suspects();
  /// The platform's time of the newest message from others in that chat's history; nothing when there is
  /// none.
  void canary_answered(const Address& where, std::optional<Instant> newest);
  /// The history could not be read: the platform cannot, or did not answer.
  void canary_failed(const Address& where);

  /// What has to be told, each once.
  std::vector<HearingChange> changes();
  /// When suspects() or changes() may have something new, if nothing else happens before; silence is looked
  /// at whenever they are called.
  SteadyTime next_check() const;

 private:
  struct Group {
    UsualGap gap{};
    SteadyTime last{};                ///< heard, or joined
    SteadyTime canary{};              ///< the last one flown there
    std::optional<Instant> newest{};  ///< heard of it; what is in its history before that is no news
    std::uint64_t link = 0;           ///< the connection that `newest` belongs to
    bool heard = false;
  };
  /// A message in a history that may still be on its way here.
  struct Missed {
    Address where{};
    SteadyTime since{};
  };
  struct Ear {
    bool up = false;
    SteadyTime up_since{};
    std::optional<SteadyTime> down_since{};
    std::string reason{};
    SteadyTime last{};  ///< heard anything, or connected
    std::uint64_t link = 0;
    std::optional<SteadyTime> canary{};
    int failed_canaries = 0;
    bool history = false;  ///< the last canary was answered
    std::optional<Missed> missed{};
    SilentHours hours{};
    bool told_down = false;
    std::optional<HearingChange> told{};  ///< deaf or silent
    SteadyTime told_from{};               ///< the last thing heard before that
    std::unordered_map<std::string, Group> groups{};
  };

  Group& group(Ear& ear, const Address& where);
  void forget_the_quietest();
  static std::vector<std::pair<Milliseconds, std::string>> liveliest(const Ear& ear);
  static std::string next_to_ask(const Ear& ear);
  static Milliseconds patience(const Ear& ear);
  static SteadyTime next_canary(const Ear& ear);
  void look_at_link(const std::string& account, Ear& ear);
  void look_for_deafness(const std::string& account, Ear& ear);
  void look_for_silence(const std::string& account, Ear& ear);
  std::optional<Milliseconds> unusual_silence(const Ear& ear) const;
  void tell(Ear& ear, HearingChange change);

  const Clock& clock_;
  Milliseconds alarm_after_;
  std::map<std::string, Ear> ears_;
  std::size_t groups_ = 0;
  std::vector<HearingChange> changes_;
};

}  // namespace bot
