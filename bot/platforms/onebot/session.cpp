#include "bot/platforms/onebot/session.hpp"

#include <algorithm>

#include "bot/base/log.hpp"

namespace bot::onebot {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Milliseconds kLoginLimit = seconds(3);
constexpr Milliseconds kVersionLimit{300};
constexpr Milliseconds kGroupsLimit = seconds(15);
constexpr Milliseconds kFull{5};
constexpr Milliseconds kShortestInterval{100};
constexpr Milliseconds kLongestInterval = minutes(10);
constexpr Milliseconds kUnknownInterval = seconds(30);
constexpr Milliseconds kLongestSilence = seconds(45);
constexpr Milliseconds kShortestAnswer = seconds(1);
constexpr Milliseconds kLongestAnswer = seconds(15);
constexpr std::size_t kMostWaiting = 1000;
constexpr std::int64_t kNoToken = 1401;
constexpr std::int64_t kBadToken = 1403;

}  // namespace

Patience patience_with(std::optional<Milliseconds> interval) {
  const Milliseconds expected = interval.value_or(kUnknownInterval);
  return {std::min(expected * 3 / 2, kLongestSilence), std::clamp(expected, kShortestAnswer, kLongestAnswer)};
}

WebSocketOptions options_of(const AccountConfig& config) {
  WebSocketOptions options(config.url);
  options.bearer = config.token.value();
  options.authorities = config.certificate_authority;
  return options;
}

// ---- Session: life --------------------------------------------------------------------------------------

Session::Session(const boost::asio::any_io_executor& executor, Account& account, Sockets sockets)
    : account_(account),
      sockets_(std::move(sockets)),
      calls_(executor),
      scope_(executor),
      work_(executor),
      beat_(executor) {}

Task<Error> Session::live() {
  const Result<void> connected = co_await sockets_.calls->connect();
  if (!connected) {
    lose(connected.error());
    co_return *lost_;
  }
  connected_ = !lost_;
  heard_ = account_.steady();
  spawn(scope_, account_.name + " writer", write_all());
  spawn(scope_, account_.name + " watchdog", watch());
  spawn(scope_, account_.name + " greeter", greet());
  if (sockets_.events) spawn(scope_, account_.name + " events", read_all(sockets_.events.get()));
  co_await read_all(sockets_.calls.get());
  co_await scope_.joined();
  log::info("connection ended", {{"account", account_.name},
                                 {"frames", std::to_string(frames_)},
                                 {"ignored", std::to_string(ignored_)},
                                 {"stray answers", std::to_string(calls_.stray())}});
  co_return *lost_;
}

void Session::stop() {
  stopped_ = true;
  lose(Error{Errc::closed, "stopping"});
}

void Session::give_way() {
  lose(Error{Errc::closed, "the platform has dialled anew"});
}

// The desk hears of it now, not when the close has been answered.
void Session::lose(Error why) {
  if (lost_) return;
  lost_ = std::move(why);
  calls_.lose("connection lost: " + lost_->detail);
  if (!stopped_) account_.down(lost_->detail);
  sockets_.calls->close();
  if (sockets_.events) sockets_.events->close();
  work_.wake();
  beat_.wake();
}

Task<void> Session::read_all(WebSocket* socket) {
  while (!lost_) {
    Result<std::string_view> bytes = co_await socket->read();
    if (!bytes) {
      lose(bytes.error());
      break;
    }
    ++frames_;
    heard_ = account_.steady();
    Frame frame = read_frame(*bytes, account_.reader());
    auto* said = std::get_if<Said>(&frame);
    if (said == nullptr) {
      handle(std::move(frame));
      continue;
    }
    // Whoever hears a message can answer it, whatever the first questions are waiting for.
    if (!greeted_) {
      greeted_ = true;
      announce();
    }
    if (said->event.where.direct) account_.remember_route(said->event.where.chat, said->through_group);
    if (account_.offer(said->event)) continue;
    co_await offer(std::move(said->event));
  }
}

// Not reading on is what makes the platform wait (reliability S3).
Task<void> Session::offer(Event event) {
  while (!stopped_ && !account_.offer(event)) {
    co_await sleep_for(kFull);
    heard_ = account_.steady();  // the silence is ours
  }
}

// A peer can go on answering pings and bring nothing more. One heartbeat that is late is no death, some peers
// send them once a minute and others never, so a silent one is asked first.
Task<void> Session::watch() {
  while (!lost_) {
    const Patience patience = patience_with(interval_);
    const auto silent = std::chrono::floor<Milliseconds>(account_.steady() - heard_);
    if (silent < patience.silence) {
      co_await beat_.wait_for(patience.silence - silent);
    } else {
      co_await ask_for_life(patience.answer);
    }
  }
}

// Any frame is a sign of life.
Task<void> Session::ask_for_life(Milliseconds limit) {
  const SteadyTime heard = heard_;
  std::string echo = ask_for("get_status");
  co_await calls_.answer(std::move(echo), limit);
  if (heard_ == heard) lose(Error{Errc::closed, "no heartbeat came, and a question was not answered"});
}

// ---- Session: calls -------------------------------------------------------------------------------------

std::optional<std::string> Session::closed_for_sends() const {
  if (!connected_ || lost_) return "no connection";
  if (!online_) return "the account is not logged in at the platform";
  if (queue_.size() >= kMostWaiting) return "too many messages wait";
  return std::nullopt;
}

void Session::ask(const std::string& echo, std::string frame) {
  calls_.open(echo);
  queue_.push_back(Outgoing{echo, std::move(frame)});
  work_.wake();
}

Task<Answer> Session::call(std::string echo, std::string frame, Milliseconds limit) {
  ask(echo, std::move(frame));
  return answer(std::move(echo), limit);
}

Task<Answer> Session::answer(std::string echo, Milliseconds limit) {
  return calls_.answer(std::move(echo), limit);
}

std::string Session::ask_for(std::string_view action) {
  std::string echo = account_.fresh_echo();
  ask(echo, write_call(action, echo));
  return echo;
}

Task<void> Session::write_all() {
  while (!lost_) {
    if (queue_.empty()) {
      co_await work_.wait();
      continue;
    }
    Outgoing next = std::move(queue_.front());
    queue_.pop_front();
    if (!calls_.started(next.echo)) continue;
    const Result<void> written = co_await sockets_.calls->write(std::move(next.frame));
    if (!written) lose(written.error());
  }
}

// All three questions go out at once. The account counts as up when it has said who it is, or has not for 3
// s.
Task<void> Session::greet() {
  const std::string version_echo = ask_for("get_version_info");
  const std::string login_echo = ask_for("get_login_info");
  const std::string groups_echo = ask_for("get_group_list");
  const Answer login = co_await calls_.answer(login_echo, kLoginLimit);
  const Answer version = co_await calls_.answer(version_echo, kVersionLimit);
  const auto* who = std::get_if<Response>(&login);
  if (who != nullptr && !who->user_id.empty()) account_.self = who->user_id;
  if (const auto* what = std::get_if<Response>(&version)) implementation_ = what->implementation;
  account_.abilities.know(implementation_);
  greeted_ = !lost_;
  announce();
  const Answer listed = co_await calls_.answer(groups_echo, kGroupsLimit);
  const auto* groups = std::get_if<Response>(&listed);
  if (groups != nullptr && groups->ok) {
    Event event = account_.event(GroupsListed{groups->groups});
    co_await offer(std::move(event));
  } else if (!lost_) {
    log::warning("groups not listed", {{"account", account_.name}});
  }
}

// ---- Session: frames ------------------------------------------------------------------------------------

void Session::handle(Frame frame) {
  if (const auto* heartbeat = std::get_if<Heartbeat>(&frame)) return hear(*heartbeat);
  if (const auto* lifecycle = std::get_if<Lifecycle>(&frame)) return hear(*lifecycle);
  if (const auto* offline = std::get_if<WentOffline>(&frame)) return hear(*offline);
  if (auto* response = std::get_if<Response>(&frame)) return hear(std::move(*response));
  if (auto* own = std::get_if<OwnSaid>(&frame)) return hear(std::move(*own));
  if (auto* noticed = std::get_if<Noticed>(&frame)) return static_cast<void>(account_.offer(noticed->event));
  ++ignored_;
}

void Session::hear(const Heartbeat& heartbeat) {
  if (heartbeat.interval) {
    const Milliseconds interval = std::clamp(*heartbeat.interval, kShortestInterval, kLongestInterval);
    if (interval_ != interval) {
      interval_ = interval;
      beat_.wake();
    }
  }
  if (heartbeat.online) set_online(*heartbeat.online, "the account is not logged in at the platform");
}

void Session::hear(const Lifecycle& lifecycle) {
  if (account_.self.empty()) account_.self = lifecycle.self;
}

void Session::hear(const WentOffline& offline) {
  set_online(false, offline.reason.empty() ? "the platform ended the login" : offline.reason);
}

void Session::hear(Response response) {
  const bool about_token = response.retcode == kBadToken || response.retcode == kNoToken;
  if (about_token && response.echo.empty() && !greeted_) {
    lose(Error{Errc::refused, "the token was refused"});
    return;
  }
  if (calls_.settle(std::move(response)) || response.echo.empty()) return;
  Event late = account_.event(AnsweredLate{response.echo, outcome_of(response)});
  account_.offer(late);
}

void Session::hear(OwnSaid own) {
  account_.offer(own.event);
}

void Session::set_online(bool online, const std::string& reason) {
  if (lost_ || online_ == online) return;
  online_ = online;
  if (online) {
    announce();
  } else {
    account_.down(reason);
  }
}

void Session::announce() {
  if (greeted_ && online_ && !lost_) account_.up(implementation_);
}

}  // namespace bot::onebot
