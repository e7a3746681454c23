#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "bot/base/instant.hpp"
#include "bot/base/random.hpp"
#include "bot/base/result.hpp"
#include "bot/chat/account.hpp"
#include "bot/chat/delivery.hpp"
#include "bot/chat/event.hpp"
#include "bot/net/task.hpp"
#include "bot/net/websocket.hpp"
#include "bot/platforms/onebot/calls.hpp"
#include "bot/platforms/onebot/codec.hpp"
#include "bot/platforms/onebot/implementations.hpp"

namespace bot::onebot {

/// How long a connection may bring nothing before its peer is asked for a sign of life, and how long the
/// answer may take. Together at most 60 s, whatever interval between heartbeats the peer names, if it names
/// one (reliability N1).
struct Patience {
  Milliseconds silence{};
  Milliseconds answer{};
};
Patience patience_with(std::optional<Milliseconds> interval);

/// How an account's platform is dialled.
WebSocketOptions options_of(const AccountConfig& config);

/// What one account knows across its connections. Tells the desk once per change whether it can be used.
class Account {
 public:
  Account(std::string account_name, EventSink& sink, const Clock& clock, std::uint64_t seed)
      : name(std::move(account_name)), sink_(sink), clock_(clock), random_(seed) {}

  const std::string name;
  std::string self{};     ///< own id on the platform, once known
  Abilities abilities{};  ///< of the implementation behind it

  void up(const std::string& implementation);
  /// Also when it never was up: somebody must be told why.
  void down(const std::string& reason);
  /// False when the desk is full.
  bool offer(Event& event) { return sink_.offer(event); }
  Event event(Happening what) const;
  Reader reader() const;
  SteadyTime steady() const { return clock_.steady(); }
  /// 128 random bits: never the echo of an earlier connection or process (reliability B.1).
  std::string fresh_echo();

  /// Private chats with people who are no friends go through a group; the last 256 are remembered.
  void remember_route(const std::string& user, const std::string& group);
  std::string route(const Address& to) const;

 private:
  enum class Standing { untold, up, down };

  EventSink& sink_;
  const Clock& clock_;
  Random random_;
  Standing standing_ = Standing::untold;
  std::deque<std::pair<std::string, std::string>> routes_;
};

/// One connection, from dialling to its end; a reconnect makes a new one, so nothing of an older connection
/// can reach a newer one (reliability N3). Net thread only. `account` must outlive it.
class Session {
 public:
  Session(const boost::asio::any_io_executor& executor, Account& account, std::unique_ptr<WebSocket> socket);

  /// Connects and serves; returns why it ended. Errc::refused: the token is wrong. Call once.
  Task<Error> live();
  /// Ends live() soon and every call now. The desk is not told.
  void stop();

  /// Why the connection is over; absent until then.
  const std::optional<Error>& lost() const noexcept { return lost_; }

  /// Whether calls can be written. When not, the reason.
  std::optional<std::string> closed_for_sends() const;
  /// Queues a call; calls are written in the order of this function's calls.
  void ask(const std::string& echo, std::string frame);
  /// To be awaited once per ask().
  Task<Answer> answer(std::string echo, Milliseconds limit);

 private:
  struct Outgoing {
    std::string echo{};
    std::string frame{};
  };

  Task<void> read_all();
  Task<void> write_all();
  Task<void> greet();
  Task<void> watch();
  Task<void> ask_for_life(Milliseconds limit);
  Task<void> offer(Event event);
  std::string ask_for(std::string_view action);

  void handle(Frame frame);
  void hear(const Heartbeat& heartbeat);
  void hear(const Lifecycle& lifecycle);
  void hear(const WentOffline& offline);
  void hear(Response response);
  void hear(OwnSaid own);
  void set_online(bool online, const std::string& reason);
  void announce();
  void lose(Error why);

  Account& account_;
  std::unique_ptr<WebSocket> socket_;
  Calls calls_;
  Scope scope_;
  Waiter work_;  // for the writer
  Waiter beat_;  // for the watchdog
  std::deque<Outgoing> queue_;
  std::optional<Milliseconds> interval_;
  SteadyTime heard_{};  // the latest frame
  std::optional<Error> lost_;
  std::string implementation_;
  std::uint64_t frames_ = 0;
  std::uint64_t ignored_ = 0;
  bool connected_ = false;
  bool greeted_ = false;
  bool online_ = true;
  bool stopped_ = false;
};

}  // namespace bot::onebot
