#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "bot/base/instant.hpp"
#include "bot/base/random.hpp"
#include "bot/chat/event.hpp"
#include "bot/net/standing.hpp"
#include "bot/platforms/onebot/codec.hpp"
#include "bot/platforms/onebot/implementations.hpp"

namespace bot::onebot {

/// What one account knows across its connections. Tells the desk once per change whether it can be used.
class Account {
 public:
  Account(std::string account_name, EventSink& sink, const Clock& clock, std::uint64_t seed)
      : name(std::move(account_name)), standing_(name, sink, clock), clock_(clock), random_(seed) {}

  const std::string name;
  std::string self{};     ///< own id on the platform, once known
  Abilities abilities{};  ///< of the implementation behind it

  void up(const std::string& implementation) { standing_.up(self, implementation); }
  /// Also when it never was up: somebody must be told why.
  void down(const std::string& reason) { standing_.down(reason); }
  /// False when the desk is full.
  bool offer(Event& event) { return standing_.offer(event); }
  Event event(Happening what) const { return standing_.event(std::move(what)); }
  Reader reader() const { return Reader{name, self, clock_.now()}; }
  SteadyTime steady() const { return clock_.steady(); }
  /// 128 random bits: never the echo of an earlier connection or process (reliability B.1).
  std::string fresh_echo();

  /// Private chats with people who are no friends go through a group; the last 256 are remembered.
  void remember_route(const std::string& user, const std::string& group);
  std::string route(const Address& to) const;

 private:
  Standing standing_;
  const Clock& clock_;
  Random random_;
  std::deque<std::pair<std::string, std::string>> routes_;
};

}  // namespace bot::onebot
