#include "bot/platforms/onebot/probe.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <utility>
#include <variant>

#include "bot/base/random.hpp"
#include "bot/net/task.hpp"
#include "bot/platforms/onebot/session.hpp"

namespace bot {

namespace {

using onebot::Answer;
using onebot::Response;

class Unheard final : public EventSink {
 public:
  bool offer(Event&) override { return true; }
};

/// One connection with its questions, all asked at once.
class Visit {
 public:
  Visit(boost::asio::io_context& context, const AccountConfig& config, std::unique_ptr<WebSocket> socket,
        const Clock& clock, SteadyTime until)
      : context_(context),
        clock_(clock),
        until_(until),
        account_(config.name, sink_, clock, Random::from_entropy().next()),
        session_(context.get_executor(), account_, std::move(socket)),
        scope_(context.get_executor()),
        end_(context.get_executor()) {}

  void begin() {
    spawn(scope_, "probe's questions", ask());
    spawn(scope_, "probe's connection", live());
    spawn(end_, "probe's end", finish());
  }
  OneBotProbe take() { return std::move(found_); }

 private:
  Task<void> live() { co_await session_.live(); }

  // Timers of a connection that failed would keep the loop for seconds.
  Task<void> finish() {
    co_await scope_.joined();
    context_.stop();
  }

  Task<void> ask() {
    const std::string login = asked("get_login_info");
    const std::string version = asked("get_version_info");
    const std::string status = asked("get_status");
    const std::string groups = asked("get_group_list");
    // Without its parameters it does nothing, but is told from an action that does not exist.
    const std::string history = asked("get_group_msg_history");
    const Answer to_login = co_await session_.answer(login, left());
    hear_login(to_login);
    const Answer to_version = co_await session_.answer(version, left());
    hear_version(to_version);
    const Answer to_status = co_await session_.answer(status, left());
    hear_status(to_status);
    const Answer to_groups = co_await session_.answer(groups, left());
    hear_groups(to_groups);
    const Answer to_history = co_await session_.answer(history, left());
    hear_history(to_history);
    found_.fault = session_.lost();
    session_.stop();
  }

  std::string asked(std::string_view action) {
    std::string echo = account_.fresh_echo();
    session_.ask(echo, onebot::write_call(action, echo));
    return echo;
  }

  Milliseconds left() const {
    return std::max(std::chrono::duration_cast<Milliseconds>(until_ - clock_.steady()), Milliseconds(1));
  }

  void hear_login(const Answer& answer) {
    if (const auto* said = std::get_if<Response>(&answer)) found_.self = said->user_id;
  }
  void hear_version(const Answer& answer) {
    if (const auto* said = std::get_if<Response>(&answer)) found_.implementation = said->implementation;
  }
  void hear_status(const Answer& answer) {
    if (const auto* said = std::get_if<Response>(&answer)) found_.online = said->online;
  }
  void hear_groups(const Answer& answer) {
    const auto* said = std::get_if<Response>(&answer);
    if (said != nullptr && said->ok) found_.groups = said->groups;
  }
  void hear_history(const Answer& answer) {
    if (const auto* said = std::get_if<Response>(&answer)) {
      found_.has_history = said->ok || !onebot::is_unknown_action(said->retcode);
    }
  }

  boost::asio::io_context& context_;
  const Clock& clock_;
  SteadyTime until_;
  Unheard sink_;
  onebot::Account account_;
  onebot::Session session_;
  Scope scope_;
  Scope end_;
  OneBotProbe found_;
};

}  // namespace

OneBotProbe probe_onebot(const AccountConfig& config, const Clock& clock, Milliseconds limit) {
  boost::asio::io_context context{1};
  WebSocketOptions options = onebot::options_of(config);
  options.connect_limit = limit / 2;  // of each step, so that the one which hangs can be named
  auto socket = make_websocket(context.get_executor(), std::move(options));
  if (!socket) {
    OneBotProbe found;
    found.fault = socket.error();
    return found;
  }
  Visit visit(context, config, std::move(*socket), clock, clock.steady() + limit);
  visit.begin();
  context.run();
  return visit.take();
}

}  // namespace bot
