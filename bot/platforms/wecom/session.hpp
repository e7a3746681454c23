#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "bot/base/random.hpp"
#include "bot/base/result.hpp"
#include "bot/chat/account.hpp"
#include "bot/net/calls.hpp"
#include "bot/net/standing.hpp"
#include "bot/net/task.hpp"
#include "bot/net/websocket.hpp"
#include "bot/platforms/wecom/codec.hpp"
#include "bot/platforms/wecom/open_questions.hpp"

namespace bot::wecom {

using Calls = CallTable<Ack>;

/// How long things take between robot and platform (wecom.md 3). Tests are in a hurry.
struct RobotTimes {
  Milliseconds ping = std::chrono::seconds(30);  ///< from one to the next, and until one counts as missed
  Milliseconds subscribe = std::chrono::seconds(10);
  Milliseconds aside = std::chrono::minutes(5);  ///< left alone at least, after another program took over
};

/// How an account's platform is dialled; WeCom's own address unless the account names one.
WebSocketOptions options_of(const AccountConfig& config);

/// What one robot knows across its connections.
class Account {
 public:
  Account(const AccountConfig& config, EventSink& sink, const Clock& clock, std::uint64_t seed);

  Standing standing;
  OpenQuestions questions;

  const std::string& name() const noexcept { return standing.account(); }
  const std::string& robot() const noexcept { return robot_; }
  const std::string& secret() const noexcept { return secret_.value(); }
  SteadyTime steady() const noexcept { return clock_.steady(); }
  Reader reader() const { return Reader{standing.account(), clock_.now()}; }
  /// 128 random bits in hexadecimal, for a req_id, a stream or a card.
  std::string fresh_name() { return random_.unique_name(); }

 private:
  std::string robot_;
  Secret secret_;
  const Clock& clock_;
  Random random_;
};

/// One connection, from dialling to its end; a reconnect makes a new one. Net thread only. `account` must
/// outlive it.
class Session {
 public:
  Session(const boost::asio::any_io_executor& executor, Account& account, std::unique_ptr<WebSocket> socket,
          RobotTimes times);

  /// Connects, subscribes and serves; returns why it ended. Errc::refused: BotID or secret is wrong, or
  /// another program is connected as this robot. Call once.
  Task<Error> live();
  /// Ends live() soon and every call now. The desk is not told.
  void stop();

  /// Whether another program ended it by subscribing as the same robot.
  bool replaced() const noexcept { return replaced_; }
  /// Whether frames can be written. When not, the reason.
  std::optional<std::string> closed_for_sends() const;
  /// Queues a frame whose ack will bring back `req_id`; frames are written in the order of this function's
  /// calls. An ack that comes too late is reported as that of the desk's `attempt`, if there is one.
  void ask(const std::string& req_id, std::string frame, std::string attempt = {});
  /// To be awaited once per ask().
  Task<Calls::Answer> answer(std::string req_id, Milliseconds limit);

 private:
  struct Outgoing {
    std::string req_id{};
    std::string frame{};
  };

  Task<void> subscribe();
  Task<void> read_all();
  Task<void> write_all();
  Task<void> watch();
  Task<void> offer(Event event);
  void handle(Frame frame);
  void hear(Ack ack);
  void lose(Error why);

  Account& account_;
  std::unique_ptr<WebSocket> socket_;
  RobotTimes times_;
  Calls calls_;
  Scope scope_;
  Waiter work_;  // for the writer
  Waiter beat_;  // for the watchdog
  std::deque<Outgoing> queue_;
  std::unordered_map<std::string, std::string> attempts_;  // by req_id, until its ack
  std::optional<Error> lost_;
  std::uint64_t frames_ = 0;
  std::uint64_t ignored_ = 0;
  bool subscribed_ = false;
  bool held_up_ = false;  // the desk is full, so nothing is read
  bool replaced_ = false;
  bool stopped_ = false;
};

}  // namespace bot::wecom
