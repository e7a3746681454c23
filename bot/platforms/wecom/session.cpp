#include "bot/platforms/wecom/session.hpp"

#include <utility>

#include "bot/base/log.hpp"

namespace bot::wecom {

namespace {

constexpr const char* kAddress = "wss://openws.work.weixin.qq.com";
constexpr Milliseconds kAnswerWindow = std::chrono::hours(24);
constexpr std::size_t kMostQuestions = 4096;
constexpr std::size_t kMostWaiting = 1000;
constexpr Milliseconds kFull{5};
constexpr int kMissedPings = 2;
/// The pings of the protocol tell of a dead peer earlier.
constexpr Milliseconds kIdleLimit = std::chrono::minutes(3);

}  // namespace

WebSocketOptions options_of(const AccountConfig& config) {
  WebSocketOptions options(config.url.empty() ? kAddress : config.url);
  options.authorities = config.certificate_authority;
  options.idle_limit = kIdleLimit;
  return options;
}

Account::Account(const AccountConfig& config, EventSink& sink, const Clock& clock, std::uint64_t seed)
    : standing(config.name, sink, clock),
      questions(kAnswerWindow, kMostQuestions),
      robot_(config.self),
      secret_(config.secret),
      clock_(clock),
      random_(seed) {}

// ---- life -----------------------------------------------------------------------------------------------

Session::Session(const boost::asio::any_io_executor& executor, Account& account,
                 std::unique_ptr<WebSocket> socket, RobotTimes times)
    : account_(account),
      socket_(std::move(socket)),
      times_(times),
      calls_(executor),
      scope_(executor),
      work_(executor),
      beat_(executor) {}

Task<Error> Session::live() {
  const Result<void> connected = co_await socket_->connect();
  if (!connected) {
    lose(connected.error());
    co_return *lost_;
  }
  spawn(scope_, account_.name() + " writer", write_all());
  spawn(scope_, account_.name() + " watchdog", watch());
  spawn(scope_, account_.name() + " subscriber", subscribe());
  co_await read_all();
  co_await scope_.joined();
  log::info("connection ended", {{"account", account_.name()},
                                 {"frames", std::to_string(frames_)},
                                 {"ignored", std::to_string(ignored_)},
                                 {"stray answers", std::to_string(calls_.stray())}});
  co_return *lost_;
}

void Session::stop() {
  stopped_ = true;
  lose(Error{Errc::closed, "stopping"});
}

// The desk hears of it now, not when the close has been answered.
void Session::lose(Error why) {
  if (lost_) return;
  lost_ = std::move(why);
  calls_.lose("connection lost: " + lost_->detail);
  if (!stopped_) account_.standing.down(lost_->detail);
  socket_->close();
  work_.wake();
  beat_.wake();
}

Task<void> Session::subscribe() {
  const std::string req_id = account_.fresh_name();
  ask(req_id, write_subscribe(account_.robot(), account_.secret(), req_id));
  const Calls::Answer answer = co_await calls_.answer(req_id, times_.subscribe);
  const auto* ack = std::get_if<Ack>(&answer);
  if (lost_) co_return;
  if (ack == nullptr) {
    lose(Error{Errc::closed, "no answer to the subscription"});
  } else if (ack->code != 0) {
    lose(Error{is_busy(*ack) ? Errc::closed : Errc::refused,
               "the subscription was refused: errcode " + std::to_string(ack->code) + " " + ack->message});
  } else {
    subscribed_ = true;
    account_.standing.up(account_.robot(), "WeCom");
  }
}

Task<void> Session::read_all() {
  while (!lost_) {
    Result<std::string_view> bytes = co_await socket_->read();
    if (!bytes) {
      lose(bytes.error());
      break;
    }
    ++frames_;
    Frame frame = read_frame(*bytes, account_.reader());
    auto* said = std::get_if<Said>(&frame);
    if (said == nullptr) {
      handle(std::move(frame));
      continue;
    }
    const auto& posted = std::get<MessagePosted>(said->event.what);
    account_.questions.add(said->event.where, posted.id, said->req_id, account_.steady());
    if (account_.standing.offer(said->event)) continue;
    co_await offer(std::move(said->event));
  }
}

// Not reading on is what makes the platform wait (reliability S3).
Task<void> Session::offer(Event event) {
  held_up_ = true;
  while (!stopped_ && !account_.standing.offer(event)) {
    co_await sleep_for(kFull);
  }
  held_up_ = false;
}

Task<void> Session::watch() {
  int missed = 0;
  while (!lost_) {
    if (missed == 0) {
      co_await beat_.wait_for(times_.ping);
    }
    if (lost_ || !subscribed_) continue;
    const std::string req_id = account_.fresh_name();
    ask(req_id, write_ping(req_id));
    const Calls::Answer answer = co_await calls_.answer(req_id, times_.ping);
    missed = std::holds_alternative<Ack>(answer) || held_up_ ? 0 : missed + 1;
    if (missed >= kMissedPings) lose(Error{Errc::closed, "two pings were not answered"});
  }
}

// ---- frames ---------------------------------------------------------------------------------------------

std::optional<std::string> Session::closed_for_sends() const {
  if (!subscribed_ || lost_) return "no connection";
  if (queue_.size() >= kMostWaiting) return "too many messages wait";
  return std::nullopt;
}

void Session::ask(const std::string& req_id, std::string frame, std::string attempt) {
  calls_.open(req_id);
  if (lost_) return calls_.lose(lost_->detail);
  if (!attempt.empty()) attempts_.insert_or_assign(req_id, std::move(attempt));
  queue_.push_back(Outgoing{req_id, std::move(frame)});
  work_.wake();
}

Task<Calls::Answer> Session::answer(std::string req_id, Milliseconds limit) {
  return calls_.answer(std::move(req_id), limit);
}

Task<void> Session::write_all() {
  while (!lost_) {
    if (queue_.empty()) {
      co_await work_.wait();
      continue;
    }
    Outgoing next = std::move(queue_.front());
    queue_.pop_front();
    if (!calls_.started(next.req_id)) continue;
    const Result<void> written = co_await socket_->write(std::move(next.frame));
    if (!written) lose(written.error());
  }
}

void Session::handle(Frame frame) {
  if (auto* ack = std::get_if<Ack>(&frame)) return hear(std::move(*ack));
  if (std::holds_alternative<Replaced>(frame)) {
    replaced_ = true;
    return lose(Error{Errc::refused, "another program has taken over this robot"});
  }
  ++ignored_;
}

void Session::hear(Ack ack) {
  const auto attempt = attempts_.extract(ack.echo);
  if (calls_.settle(std::move(ack)) || attempt.empty()) return;
  Event late = account_.standing.event(AnsweredLate{attempt.mapped(), outcome_of(ack)});
  account_.standing.offer(late);
}

}  // namespace bot::wecom
