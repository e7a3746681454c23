#include "bot/platforms/onebot/probe.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <utility>
#include <variant>

#include "bot/base/random.hpp"
#include "bot/net/task.hpp"
#include "bot/platforms/onebot/credentials.hpp"
#include "bot/platforms/onebot/http_caller.hpp"
#include "bot/platforms/onebot/hub.hpp"
#include "bot/platforms/onebot/implementations.hpp"
#include "bot/platforms/onebot/session.hpp"

namespace bot {

namespace {

using onebot::Answer;
using onebot::Response;

class Unheard final : public EventSink {
 public:
  bool offer(Event&) override { return true; }
};

/// What the answers tell.
struct Findings {
  void hear_login(const Answer& answer) {
    if (const auto* said = std::get_if<Response>(&answer)) found.self = said->user_id;
  }
  void hear_version(const Answer& answer) {
    if (const auto* said = std::get_if<Response>(&answer)) found.implementation = said->implementation;
  }
  void hear_status(const Answer& answer) {
    if (const auto* said = std::get_if<Response>(&answer)) found.online = said->online;
  }
  void hear_groups(const Answer& answer) {
    const auto* said = std::get_if<Response>(&answer);
    if (said != nullptr && said->ok) found.groups = said->groups;
  }
  void hear_history(const Answer& answer) {
    if (const auto* said = std::get_if<Response>(&answer)) {
      found.has_history = said->ok || !onebot::is_unknown_action(said->retcode);
    }
  }

  OneBotProbe found{};
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
  OneBotProbe take() { return std::move(heard_.found); }

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
    heard_.hear_login(to_login);
    const Answer to_version = co_await session_.answer(version, left());
    heard_.hear_version(to_version);
    const Answer to_status = co_await session_.answer(status, left());
    heard_.hear_status(to_status);
    const Answer to_groups = co_await session_.answer(groups, left());
    heard_.hear_groups(to_groups);
    const Answer to_history = co_await session_.answer(history, left());
    heard_.hear_history(to_history);
    heard_.found.fault = session_.lost();
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

  boost::asio::io_context& context_;
  const Clock& clock_;
  SteadyTime until_;
  Unheard sink_;
  onebot::Account account_;
  onebot::Session session_;
  Scope scope_;
  Scope end_;
  Findings heard_;
};

OneBotProbe failed(Error why) {
  OneBotProbe found;
  found.fault = std::move(why);
  return found;
}

OneBotProbe probe_forward(const AccountConfig& config, const Clock& clock, Milliseconds limit) {
  boost::asio::io_context context{1};
  WebSocketOptions options = onebot::options_of(config);
  options.connect_limit = limit / 2;  // of each step, so that the one which hangs can be named
  auto socket = make_websocket(context.get_executor(), std::move(options));
  if (!socket) return failed(socket.error());
  Visit visit(context, config, std::move(*socket), clock, clock.steady() + limit);
  visit.begin();
  context.run();
  return visit.take();
}

// ---- the platform dials us ------------------------------------------------------------------------------

/// Lets in whoever has the token, and keeps the connection on which questions can be asked.
class Porter final : public onebot::Guest {
 public:
  Porter(const boost::asio::any_io_executor& executor, const AccountConfig& config)
      : config_(config), came_(executor) {}

  // A platform with a wrong token goes on coming with it: there is nothing to wait for.
  HttpReply admit(const HttpCall& call) override {
    HttpReply verdict = onebot::verdict_on_token(call, config_.token.value());
    if (verdict.status != 101) came_.wake();
    return verdict;
  }
  void take(onebot::Role role, std::unique_ptr<WebSocket> socket) override {
    (role == onebot::Role::events ? for_events_ : socket_) = std::move(socket);
    if (socket_) came_.wake();
  }
  HttpReply hear(const HttpCall&) override {
    return HttpReply(400, "this account is dialled over WebSocket");
  }

  Task<void> wait(boost::asio::io_context* context, Milliseconds limit) {
    co_await came_.wait_for(limit);
    context->stop();
  }
  std::unique_ptr<WebSocket> socket() { return std::move(socket_); }

 private:
  const AccountConfig& config_;
  Waiter came_;
  std::unique_ptr<WebSocket> socket_;
  std::unique_ptr<WebSocket> for_events_;
};

OneBotProbe nobody(const std::optional<onebot::Turned>& turned, const AccountConfig& config) {
  if (!turned) return failed(Error{Errc::not_found, "nobody has dialled"});
  if (turned->self == config.self && turned->status != 400)
    return failed(Error{Errc::refused, "a platform has dialled, but " + turned->why});
  if (turned->self.empty() || turned->self == config.self)
    return failed(Error{Errc::bad_input, "somebody has dialled, but " + turned->why});
  OneBotProbe found = failed(
      Error{Errc::bad_input, "a platform has dialled for " + turned->self + ", not for " + config.self});
  found.stranger = turned->self;
  return found;
}

OneBotProbe probe_reverse(const AccountConfig& config, const HttpServerOptions& place, const Clock& clock,
                          Milliseconds limit) {
  boost::asio::io_context context{1};
  auto server = make_http_server(context.get_executor(), place);
  if (!server) return failed(server.error());
  Porter porter(context.get_executor(), config);
  const auto hub = onebot::Hub::at(**server);
  hub->join(config.self, porter);
  Scope scope(context.get_executor());
  spawn(scope, "probe's server", (*server)->run());
  spawn(scope, "probe's porter", porter.wait(&context, limit));
  context.run();
  OneBotProbe found;
  if (auto socket = porter.socket()) {
    Visit visit(context, config, std::move(socket), clock, clock.steady() + limit);
    visit.begin();
    context.restart();
    context.run();
    found = visit.take();
  } else {
    found = nobody(hub->last_turned(), config);
  }
  (*server)->stop();
  context.restart();
  context.run();
  return found;
}

// ---- both sides speak HTTP ------------------------------------------------------------------------------

/// The same questions by HTTP, one after the other, until one is not answered.
Task<void> ask(onebot::HttpCaller* caller, Findings* heard) {
  using Hear = void (Findings::*)(const Answer&);
  static const std::vector<std::pair<std::string, Hear>> questions = {
      {"get_login_info", &Findings::hear_login},
      {"get_version_info", &Findings::hear_version},
      {"get_status", &Findings::hear_status},
      {"get_group_list", &Findings::hear_groups},
      {"get_group_msg_history", &Findings::hear_history},
  };
  for (const auto& [action, hear] : questions) {
    const onebot::Posted posted = co_await caller->post(onebot::write_call(action, ""));
    heard->found.fault = posted.fault;
    if (posted.fault) break;
    (heard->*hear)(posted.answer);
  }
  caller->close();
}

OneBotProbe probe_http(AccountConfig config, const HttpServerOptions& place, Milliseconds limit) {
  boost::asio::io_context context{1};
  config.answer_limit = limit;
  const auto caller = onebot::HttpCaller::made(context.get_executor(), config);
  if (!caller) return failed(caller.error());
  Scope scope(context.get_executor());
  Findings heard;
  spawn(scope, "probe's questions", ask(caller->get(), &heard));
  context.run();
  const auto server = make_http_server(context.get_executor(), place);
  if (!server) heard.found.deaf = server.error();
  return std::move(heard.found);
}

}  // namespace

OneBotProbe probe_onebot(const AccountConfig& config, const HttpServerOptions& server, const Clock& clock,
                         Milliseconds limit) {
  if (config.transport == "reverse") return probe_reverse(config, server, clock, limit);
  if (config.transport == "http") return probe_http(config, server, limit);
  return probe_forward(config, clock, limit);
}

}  // namespace bot
