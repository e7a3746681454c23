#pragma once

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>
#include <utility>

#include "bot/base/result.hpp"
#include "bot/net/http_server.hpp"
#include "bot/net/task.hpp"
#include "bot/net/websocket.hpp"

/// The server's end of a WebSocket. Only the HTTP server uses it.
namespace bot {

using ServerSocket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// A connection on which a client has asked for an upgrade, and what it asked.
class Upgrade {
 public:
  Upgrade(ServerSocket connection, HttpCall request, std::string behind)
      : socket(std::move(connection)), call(std::move(request)), ahead(std::move(behind)) {}

  ServerSocket socket;
  HttpCall call;
  std::string ahead;  ///< bytes behind the request that have been read already
};

/// Answers the upgrade, with 400 when it is none, and hands out the open connection. Its limits are those of
/// WebSocketOptions. Errc::unreachable: the client asked wrongly or went away.
Task<Result<std::unique_ptr<WebSocket>>> accept_websocket(Upgrade upgrade);

}  // namespace bot
