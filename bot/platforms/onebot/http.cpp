// Both sides speak HTTP: calls are requests to the platform, events are requests to us.
#include <algorithm>
#include <deque>
#include <utility>

#include "bot/base/log.hpp"
#include "bot/net/redial.hpp"
#include "bot/platforms/onebot/credentials.hpp"
#include "bot/platforms/onebot/http_caller.hpp"
#include "bot/platforms/onebot/hub.hpp"
#include "bot/platforms/onebot/transport.hpp"

namespace bot::onebot {

namespace {

constexpr Milliseconds kStatusInterval = std::chrono::seconds(30);
constexpr std::size_t kMostWaiting = 1000;

/// One after the other, in the order in which they came.
class Turns {
 public:
  explicit Turns(const boost::asio::any_io_executor& executor) : executor_(executor) {}

  /// False when it has not come in time, or everybody was sent away.
  Task<bool> mine(Milliseconds limit) {
    if (!std::exchange(busy_, true)) co_return true;
    const auto place = std::make_shared<Place>(executor_);
    waiting_.push_back(place);
    co_await place->woken.wait_for(limit);
    std::erase(waiting_, place);
    co_return place->first;
  }
  void over() {
    busy_ = !waiting_.empty();
    if (!busy_) return;
    waiting_.front()->first = true;
    waiting_.front()->woken.wake();
    waiting_.pop_front();
  }
  void send_away() noexcept {
    for (const auto& place : waiting_) place->woken.wake();
  }
  std::size_t waiting() const noexcept { return waiting_.size(); }

 private:
  struct Place {
    explicit Place(const boost::asio::any_io_executor& executor) : woken(executor) {}
    Waiter woken;
    bool first = false;
  };

  boost::asio::any_io_executor executor_;
  std::deque<std::shared_ptr<Place>> waiting_;
  bool busy_ = false;
};

/// Calls on their way.
class HttpLine final : public Line {
 public:
  HttpLine(const boost::asio::any_io_executor& executor, std::unique_ptr<HttpCaller> caller)
      : caller_(std::move(caller)), turns_(executor), news_(executor) {}

  std::optional<std::string> closed_for_sends() const override {
    if (!open_) return "no connection";
    if (!online_) return "the account is not logged in at the platform";
    if (turns_.waiting() >= kMostWaiting) return "too many messages wait";
    return std::nullopt;
  }

  // Two requests at once might overtake each other.
  Task<Answer> call(std::string, std::string frame, Milliseconds limit) override {
    const bool mine = co_await turns_.mine(limit);
    if (!mine) co_return NotSent{"no answer in time"};
    Posted posted = co_await caller_->post(std::move(frame));
    turns_.over();
    if (posted.fault) news_.wake();
    co_return std::move(posted.answer);
  }

  /// A question of the transport's own, which waits for no turn.
  Task<Posted> ask(std::string_view action) { return caller_->post(write_call(action, "")); }
  /// Until there is reason to doubt that the platform is there, at most `limit`.
  Task<void> doubt(Milliseconds limit) { return news_.wait_for(limit); }

  void set_open(bool open) noexcept { open_ = open; }
  /// Whether that is new.
  bool set_online(bool online) noexcept { return std::exchange(online_, online) != online; }
  bool usable() const noexcept { return open_ && online_; }

  void stop() noexcept {
    open_ = false;
    turns_.send_away();
    news_.wake();
    caller_->close();
  }

 private:
  std::unique_ptr<HttpCaller> caller_;
  Turns turns_;
  Waiter news_;
  bool open_ = false;
  bool online_ = true;
};

class Http final : public Transport, public Guest, public Dialled {
 public:
  Http(const TransportParts& parts, std::shared_ptr<Hub> hub)
      : config_(parts.config),
        account_(parts.account),
        hub_(std::move(hub)),
        redial_(*this, parts.executor, parts.clock, parts.seed) {
    account_.self = config_.self;
    auto caller = HttpCaller::made(parts.executor, config_);
    if (caller) line_ = std::make_shared<HttpLine>(parts.executor, std::move(*caller));
    if (!caller) unusable_ = caller.error();
    hub_->join(config_.self, *this);
  }
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;
  ~Http() override { hub_->leave(config_.self); }

  Task<void> run() override { return redial_.run(); }

  void stop() noexcept override {
    redial_.stop();
    if (line_) line_->stop();
  }

  std::shared_ptr<Line> line() const override { return line_; }

  HttpReply admit(const HttpCall&) override { return HttpReply(400, "this account posts its events"); }
  void take(Role, std::unique_ptr<WebSocket>) override {}

  HttpReply hear(const HttpCall& call) override {
    HttpReply verdict =
        verdict_on_signature(call, config_.secret.empty() ? config_.token.value() : config_.secret.value());
    if (verdict.status != 204) return verdict;
    if (redial_.stopping()) return HttpReply(503);
    heard_ = true;
    Frame frame = read_frame(call.body, account_.reader());
    if (auto* said = std::get_if<Said>(&frame)) return hear(*said);
    if (auto* own = std::get_if<OwnSaid>(&frame)) account_.offer(own->event);
    if (auto* noticed = std::get_if<Noticed>(&frame)) account_.offer(noticed->event);
    if (const auto* beat = std::get_if<Heartbeat>(&frame); beat != nullptr && beat->online)
      set_online(*beat->online, "the account is not logged in at the platform");
    if (const auto* offline = std::get_if<WentOffline>(&frame))
      set_online(false, offline->reason.empty() ? "the platform ended the login" : offline->reason);
    return verdict;
  }

  /// From the first question to the day when the platform does not answer any more.
  Task<Error> connection() override {
    if (unusable_) co_return *unusable_;
    std::optional<Error> fault = co_await greet();
    if (!fault) {
      line_->set_open(true);
      announce();
      fault = co_await stay();
    }
    line_->set_open(false);
    co_return *fault;
  }

  Milliseconds ended(const Error& why, Milliseconds pause) override {
    account_.down(why.detail);
    log::warning("not connected",
                 {{"account", config_.name}, {"why", why.detail}, {"again in ms", pause.count()}});
    return pause;
  }

 private:
  // Taken or not, and the platform is told which: nothing is lost without a trace.
  HttpReply hear(Said& said) {
    if (said.event.where.direct) account_.remember_route(said.event.where.chat, said.through_group);
    if (account_.offer(said.event)) {
      full_ = false;
      return HttpReply(204);
    }
    if (!std::exchange(full_, true)) log::warning("events turned away", {{"account", config_.name}});
    return HttpReply(503);
  }

  Task<std::optional<Error>> greet() {
    Posted login = co_await line_->ask("get_login_info");
    if (login.fault) co_return login.fault;
    const auto* who = std::get_if<Response>(&login.answer);
    if (who == nullptr || !who->ok) co_return Error{Errc::unknown, "the platform does not say who it is"};
    if (!who->user_id.empty()) account_.self = who->user_id;
    Posted version = co_await line_->ask("get_version_info");
    if (version.fault) co_return version.fault;
    if (const auto* what = std::get_if<Response>(&version.answer)) implementation_ = what->implementation;
    account_.abilities.know(implementation_);
    co_return std::nullopt;
  }

  Task<Error> stay() {
    co_await list_groups();
    while (!redial_.stopping()) {
      heard_ = false;
      co_await line_->doubt(kStatusInterval);
      if (redial_.stopping()) break;
      Posted status = co_await line_->ask("get_status");
      if (status.fault && !is_only_slow(*status.fault)) co_return *status.fault;
      const auto* told = std::get_if<Response>(&status.answer);
      if (told != nullptr && told->online)
        set_online(*told->online, "the account is not logged in at the platform");
    }
    co_return Error{Errc::closed, "stopping"};
  }

  // Who sends events is alive, and may be too busy to answer in time.
  bool is_only_slow(const Error& fault) const { return fault.code == Errc::closed && heard_; }

  Task<void> list_groups() {
    Posted listed = co_await line_->ask("get_group_list");
    const auto* groups = std::get_if<Response>(&listed.answer);
    if (groups != nullptr && groups->ok) {
      Event event = account_.event(GroupsListed{groups->groups});
      account_.offer(event);
    } else if (!redial_.stopping()) {
      log::warning("groups not listed", {{"account", config_.name}});
    }
  }

  void set_online(bool online, const std::string& reason) {
    if (!line_ || !line_->set_online(online)) return;
    if (online) {
      announce();
    } else {
      account_.down(reason);
    }
  }

  void announce() {
    if (line_->usable()) account_.up(implementation_);
  }

  const AccountConfig& config_;
  Account& account_;
  std::shared_ptr<Hub> hub_;
  Redial redial_;
  std::optional<Error> unusable_{};
  std::shared_ptr<HttpLine> line_{};
  std::string implementation_{};
  bool heard_ = false;  ///< an event came since the last question
  bool full_ = false;
};

}  // namespace

std::unique_ptr<Transport> make_http(const TransportParts& parts, std::shared_ptr<Hub> hub) {
  return std::make_unique<Http>(parts, std::move(hub));
}

}  // namespace bot::onebot
