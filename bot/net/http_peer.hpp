#pragma once

#include <memory>
#include <optional>

#include "bot/net/http_server.hpp"
#include "bot/net/server_websocket.hpp"
#include "bot/net/task.hpp"

/// HTTP on one connection that a server has accepted. Knows no paths; only the HTTP server uses it.
namespace bot {

/// Reads requests one after the other and writes the replies. Shared with the timers that hold it to its
/// limits. Net thread only.
class HttpPeer {
 public:
  virtual ~HttpPeer() = default;

  /// The next request; nothing when the connection is over. What cannot be read has been refused then, with
  /// 400, 408, 413 or 431.
  virtual Task<std::optional<HttpCall>> next() = 0;
  /// Whether the last request asks for a WebSocket.
  virtual bool asks_for_websocket() const = 0;
  /// Answers the last request. The connection is over afterwards unless open().
  virtual Task<void> reply(HttpReply reply) = 0;
  /// Whether another request may come.
  virtual bool open() const = 0;
  /// Gives the connection away, instead of a reply.
  virtual Upgrade release(HttpCall call) = 0;

  /// The reply that is due goes out, and nothing after it.
  virtual void finish() noexcept = 0;
  virtual void cut() noexcept = 0;
};

std::shared_ptr<HttpPeer> make_http_peer(ServerSocket socket, const HttpServerOptions& options);

}  // namespace bot
