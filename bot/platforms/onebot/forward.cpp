// The platform is dialled over WebSocket.
#include <utility>

#include "bot/base/log.hpp"
#include "bot/net/redial.hpp"
#include "bot/net/websocket.hpp"
#include "bot/platforms/onebot/session.hpp"
#include "bot/platforms/onebot/transport.hpp"

namespace bot::onebot {

namespace {

class Forward final : public Transport, public Dialled {
 public:
  explicit Forward(const TransportParts& parts)
      : executor_(parts.executor),
        config_(parts.config),
        account_(parts.account),
        redial_(*this, executor_, parts.clock, parts.seed) {}

  Task<void> run() override { return redial_.run(); }

  void stop() noexcept override {
    redial_.stop();
    if (session_) session_->stop();
  }

  std::shared_ptr<Line> line() const override { return session_; }

  Task<Error> connection() override {
    auto socket = make_websocket(executor_, options_of(config_));
    if (!socket) {
      account_.down(socket.error().detail);
      co_return socket.error();
    }
    session_ = std::make_shared<Session>(executor_, account_, std::move(*socket));
    const std::shared_ptr<Session> session = session_;
    const Error why = co_await session->live();
    session_.reset();
    co_return why;
  }

  Milliseconds ended(const Error& why, Milliseconds pause) override {
    if (why.code == Errc::refused) {
      log::error(
          "token refused",
          {{"account", config_.name}, {"token", config_.token.source()}, {"again in ms", pause.count()}});
    } else {
      log::warning("not connected",
                   {{"account", config_.name}, {"why", why.detail}, {"again in ms", pause.count()}});
    }
    return pause;
  }

 private:
  boost::asio::any_io_executor executor_;
  const AccountConfig& config_;
  Account& account_;
  std::shared_ptr<Session> session_;
  Redial redial_;
};

}  // namespace

std::unique_ptr<Transport> make_forward(const TransportParts& parts) {
  return std::make_unique<Forward>(parts);
}

}  // namespace bot::onebot
