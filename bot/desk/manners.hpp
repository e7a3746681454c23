#pragma once

#include <deque>
#include <string>
#include <unordered_map>
#include <unordered_set>

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
  bool first_time(const std::string& event_key);

  enum class Verdict {
    answer,
    ignore,
    tell_once,  ///< too many commands: say so in private this one time, then ignore
  };
  /// One command of one person.
  Verdict admit(const Address& where, const std::string& user, const std::string& command,
                const std::string& said, SteadyTime now);

  /// Whether a word that was not understood gets a hint.
  bool may_hint(const Address& where, const std::string& user, SteadyTime now);
  /// False when the same answer stood in this group a moment ago.
  bool may_repeat(const Address& where, const std::string& answer, SteadyTime now);

 private:
  struct Person {
    std::unordered_map<std::string, SteadyTime> commands{};
    std::deque<SteadyTime> recent{};
    std::string last_said{};
    SteadyTime last_said_at{};
    SteadyTime ignored_until{};
    SteadyTime seen{};
  };

  void forget_old(SteadyTime now);

  Limits limits_;
  std::unordered_set<std::string> seen_;
  std::deque<std::string> seen_order_;
  std::unordered_map<std::string, Person> people_;
  std::unordered_map<std::string, SteadyTime> hints_;
  std::unordered_map<std::string, SteadyTime> answers_;
};

}  // namespace bot
