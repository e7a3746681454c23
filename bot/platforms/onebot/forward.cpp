// The platform is dialled over WebSocket.
#include <utility>

#include "bot/base/log.hpp"
#include "bot/net/backoff.hpp"
#include "bot/net/websocket.hpp"
#include "bot/platforms/onebot/session.hpp"
#include "bot/platforms/onebot/transport.hpp"

namespace bot::onebot {

namespace {

constexpr std::uint64_t kOtherStream = 0x9E3779B97F4A7C15U;

class Forward final : public Transport {
 public:
  explicit Forward(const TransportParts& parts)
      : executor_(parts.executor),
        config_(parts.config),
        clock_(parts.clock),
        account_(parts.account),
        backoff_(parts.seed ^ kOtherStream),
        pause_(executor_) {}

  Task<void> run() override {
    while (!stopping_) {
      const SteadyTime began = clock_.steady();
      const Error why = co_await connection();
      if (stopping_) break;
      const SteadyTime ended = clock_.steady();
      const Milliseconds pause = pause_after(why, std::chrono::duration_cast<Milliseconds>(ended - began));
      co_await pause_.wait_for(pause);
    }
  }

  void stop() noexcept override {
    stopping_ = true;
    pause_.wake();
    if (session_) session_->stop();
  }

  std::shared_ptr<Line> line() const override { return session_; }

 private:
  Task<Error> connection() {
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

  // What a person has to mend is not asked for again soon.
  Milliseconds pause_after(const Error& why, Milliseconds lived) {
    const bool hopeless = why.code == Errc::refused || why.code == Errc::bad_input;
    const Milliseconds pause = hopeless ? backoff_.after_refusal() : backoff_.after_loss(lived);
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

  boost::asio::any_io_executor executor_;
  const AccountConfig& config_;
  const Clock& clock_;
  Account& account_;
  Backoff backoff_;
  Waiter pause_;
  std::shared_ptr<Session> session_;
  bool stopping_ = false;
};

}  // namespace

std::unique_ptr<Transport> make_forward(const TransportParts& parts) {
  return std::make_unique<Forward>(parts);
}

}  // namespace bot::onebot
