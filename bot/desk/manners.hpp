#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/chat/event.hpp"
#include "bot/desk/limits.hpp"

namespace bot {

/// When the bot stays silent although it understood (conversation.md E.4). Remembers only the last minutes,
/// in memory; a restart forgives everybody.
class Manners {
 public:
  explicit Manners(const Limits& limits) : limits_(limits) {}

  /// True once per key: a platform that delivers an event again is not answered again (reliability E1).
  bool first_time(std::string_view event_key);

  enum class Verdict {
    answer,
    ignore,
    tell_once,  ///< as ignore, and say so this one time
  };
  /// One command of one person.
  Verdict admit(const Address& where, const std::string& user, const std::string& command,
                const std::string& said, SteadyTime now);

  /// An answer to this person left just now.
  void answered(const Address& where, const std::string& user, SteadyTime now);
  /// What to do with a message that would be answered, should it come from another robot (reliability E5):
  /// its sender took up as many answers in a row as `two_bots` allows, each within two seconds, and is
  /// ignored for `ignore`. `tell_once` the first time in a day. Ask once for each message.
  Verdict as_robot(const Address& where, const std::string& user, SteadyTime now);

  /// Whether a word that was not understood gets a hint.
  bool may_hint(const Address& where, const std::string& user, SteadyTime now);
  /// False when the same answer stood in this group a moment ago.
  bool may_repeat(const Address& where, const std::string& answer, SteadyTime now);

 private:
  struct Person {
    std::vector<std::pair<std::string, SteadyTime>> commands{};  // few per person
    std::vector<SteadyTime> recent{};
    std::string last_said{};
    SteadyTime last_said_at{};
    SteadyTime ignored_until{};
    SteadyTime seen{};
  };

  /// Answers to one sender, and how fast it takes them up.
  struct Exchange {
    SteadyTime answered_at{};
    bool taken_up = true;  // the last answer, by a later message
    std::vector<SteadyTime> fast{};
    SteadyTime ignored_until{};
    SteadyTime silent_until{};  // nobody is told of it before
  };

  bool is_repeated(Person& person, const std::string& said, SteadyTime now) const;
  bool is_too_soon(Person& person, const std::string& command, SteadyTime now) const;
  bool is_too_much(Person& person, SteadyTime now) const;
  void forget_old(SteadyTime now);

  Limits limits_;
  std::unordered_set<std::uint64_t> seen_;  // hashes of event keys
  std::deque<std::uint64_t> seen_order_;
  std::unordered_map<std::string, Person> people_;
  std::unordered_map<std::string, Exchange> exchanges_;
  std::unordered_map<std::string, SteadyTime> hints_;
  std::unordered_map<std::string, SteadyTime> answers_;
  SteadyTime next_sweep_{};
};

}  // namespace bot
