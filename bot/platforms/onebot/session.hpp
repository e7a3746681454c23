#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "bot/base/instant.hpp"
#include "bot/base/result.hpp"
#include "bot/chat/account.hpp"
#include "bot/chat/event.hpp"
#include "bot/net/task.hpp"
#include "bot/net/websocket.hpp"
#include "bot/platforms/onebot/account.hpp"
#include "bot/platforms/onebot/calls.hpp"
#include "bot/platforms/onebot/codec.hpp"
#include "bot/platforms/onebot/transport.hpp"

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

/// The WebSockets of one connection. Most implementations use one for everything; others use a second one for
/// events, which must be connected already.
class Sockets {
 public:
  Sockets(std::unique_ptr<WebSocket> for_calls, std::unique_ptr<WebSocket> for_events = nullptr)
      : calls(std::move(for_calls)), events(std::move(for_events)) {}

  std::unique_ptr<WebSocket> calls;
  std::unique_ptr<WebSocket> events;
};

/// One connection, from dialling or being dialled to its end; a reconnect makes a new one, so nothing of an
/// older connection can reach a newer one (reliability N3). Net thread only. `account` must outlive it.
class Session final : public Line {
 public:
  Session(const boost::asio::any_io_executor& executor, Account& account, Sockets sockets);

  /// Connects and serves; returns why it ended. Errc::refused: the token is wrong. Call once.
  Task<Error> live();
  /// Ends live() soon and every call now. The desk is not told.
  void stop();
  /// The same, but the desk is told: a newer connection takes over.
  void give_way();

  /// Why the connection is over; absent until then.
  const std::optional<Error>& lost() const noexcept { return lost_; }

  std::optional<std::string> closed_for_sends() const override;
  Task<Answer> call(std::string echo, std::string frame, Milliseconds limit) override;
  /// The first half of call(): queues it.
  void ask(const std::string& echo, std::string frame);
  /// The second half: to be awaited once per ask().
  Task<Answer> answer(std::string echo, Milliseconds limit);

 private:
  struct Outgoing {
    std::string echo{};
    std::string frame{};
  };

  Task<void> read_all(WebSocket* socket);
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
  Sockets sockets_;
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
