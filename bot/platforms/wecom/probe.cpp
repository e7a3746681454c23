#include "bot/platforms/wecom/probe.hpp"

#include <boost/asio/io_context.hpp>
#include <utility>

#include "bot/net/task.hpp"
#include "bot/platforms/wecom/session.hpp"

namespace bot {

namespace {

constexpr int kSteps = 2;  // of connecting, those that take time

Task<void> visit(WebSocket* socket, std::optional<Error>* fault) {
  const Result<void> connected = co_await socket->connect();
  if (!connected) *fault = connected.error();
  socket->close();
}

}  // namespace

WecomProbe probe_wecom_robot(const AccountConfig& config, Milliseconds limit) {
  boost::asio::io_context context{1};
  WebSocketOptions options = wecom::options_of(config);
  options.connect_limit = limit / kSteps;
  options.close_limit = std::chrono::seconds(1);
  WecomProbe found;
  found.url = options.url;
  auto socket = make_websocket(context.get_executor(), std::move(options));
  if (!socket) {
    found.fault = socket.error();
    return found;
  }
  Scope scope(context.get_executor());
  spawn(scope, "probe", visit(socket->get(), &found.fault));
  context.run();
  return found;
}

}  // namespace bot
