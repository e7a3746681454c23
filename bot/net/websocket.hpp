#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "bot/base/instant.hpp"
#include "bot/base/result.hpp"
#include "bot/net/task.hpp"

namespace bot {

/// Where to connect and within which limits.
class WebSocketOptions {
 public:
  explicit WebSocketOptions(std::string address) : url(std::move(address)) {}

  std::string url;            ///< ws://… or wss://…, with an IPv6 host in brackets; holds no secret
  std::string bearer{};       ///< goes into the Authorization header, nowhere else; empty: no header
  std::string authorities{};  ///< PEM file for wss; empty: the system's
  Milliseconds connect_limit = std::chrono::seconds(10);  ///< each of resolve + connect, TLS, upgrade
  Milliseconds idle_limit = std::chrono::seconds(30);     ///< silence, own pings included, after which the
                                                          ///< peer counts as dead (reliability N1)
  Milliseconds close_limit = std::chrono::seconds(3);     ///< a close that is not answered is cut then
  std::size_t message_limit =
      std::size_t{4} * 1024 * 1024;  ///< bytes of one incoming message (reliability N6)
};

/// One connection as a client, once. After any error it is of no more use: make a new one. Net thread only.
/// At most one read and one write at a time; they may overlap. Must outlive the coroutines below.
class WebSocket {
 public:
  virtual ~WebSocket() = default;

  /// Errc::unreachable: no address, no connection, no TLS or no WebSocket there. Errc::refused: the upgrade
  /// was answered with 401 or 403. Errc::closed: close() came first.
  virtual Task<Result<void>> connect() = 0;
  /// The next message, text or binary. Errc::too_large: over the limit; the peer was told so (1009).
  /// Errc::refused: the peer closed with 1008. Errc::closed: any other end.
  /// The bytes stay valid until the next read.
  virtual Task<Result<std::string_view>> read() = 0;
  /// Sends one text message. Errc::closed: the connection ended, and nobody knows what the peer received.
  virtual Task<Result<void>> write(std::string message) = 0;
  /// Begins to close and returns at once; whatever is awaited here ends within `close_limit`.
  virtual void close() noexcept = 0;
};

/// Not connected yet. The executor is that of an io_context. Errc::bad_input: the address or the file of
/// authorities cannot be used.
Result<std::unique_ptr<WebSocket>> make_websocket(const boost::asio::any_io_executor& executor,
                                                  WebSocketOptions options);

}  // namespace bot
