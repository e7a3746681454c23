// The platform dials us over WebSocket.
#include <set>
#include <utility>

#include "bot/platforms/onebot/credentials.hpp"
#include "bot/platforms/onebot/hub.hpp"
#include "bot/platforms/onebot/session.hpp"
#include "bot/platforms/onebot/transport.hpp"

namespace bot::onebot {

namespace {

class Reverse final : public Transport, public Guest {
 public:
  Reverse(const TransportParts& parts, std::shared_ptr<Hub> hub)
      : executor_(parts.executor),
        config_(parts.config),
        account_(parts.account),
        hub_(std::move(hub)),
        stopped_(executor_),
        scope_(executor_) {
    account_.self = config_.self;
    hub_->join(config_.self, *this);
  }
  Reverse(const Reverse&) = delete;
  Reverse& operator=(const Reverse&) = delete;
  ~Reverse() override { hub_->leave(config_.self); }

  Task<void> run() override {
    if (!session_) account_.down("not connected yet: nobody has dialled");
    while (!stopping_) {
      co_await stopped_.wait();
    }
    co_await scope_.joined();
  }

  void stop() noexcept override {
    stopping_ = true;
    stopped_.wake();
    forget_halves();
    for (const auto& session : living_) session->stop();
  }

  std::shared_ptr<Line> line() const override { return session_; }

  HttpReply admit(const HttpCall& call) override { return verdict_on_token(call, config_.token.value()); }

  HttpReply hear(const HttpCall&) override {
    return HttpReply(400, "this account is dialled over WebSocket");
  }

  // The newer link wins: the older one may be dead without our knowing.
  void take(Role role, std::unique_ptr<WebSocket> socket) override {
    if (stopping_) return;
    if (session_) session_->give_way();
    if (role == Role::universal) {
      forget_halves();
      return begin(std::move(socket));
    }
    (role == Role::calls ? waiting_calls_ : waiting_events_) = std::move(socket);
    if (waiting_calls_ && waiting_events_)
      begin(Sockets(std::move(waiting_calls_), std::move(waiting_events_)));
  }

 private:
  void forget_halves() noexcept {
    waiting_calls_.reset();
    waiting_events_.reset();
  }

  void begin(Sockets sockets) {
    session_ = std::make_shared<Session>(executor_, account_, std::move(sockets));
    living_.insert(session_);
    spawn(scope_, "connection of " + config_.name, live(session_));
  }

  Task<void> live(std::shared_ptr<Session> session) {
    co_await session->live();
    living_.erase(session);
    if (session_ == session) session_.reset();
  }

  boost::asio::any_io_executor executor_;
  const AccountConfig& config_;
  Account& account_;
  std::shared_ptr<Hub> hub_;
  Waiter stopped_;
  Scope scope_;
  std::shared_ptr<Session> session_;
  std::set<std::shared_ptr<Session>> living_;  ///< those that have given way, too, until their end
  // Half of a connection that comes as two.
  std::unique_ptr<WebSocket> waiting_calls_;
  std::unique_ptr<WebSocket> waiting_events_;
  bool stopping_ = false;
};

}  // namespace

std::unique_ptr<Transport> make_reverse(const TransportParts& parts, std::shared_ptr<Hub> hub) {
  return std::make_unique<Reverse>(parts, std::move(hub));
}

}  // namespace bot::onebot
