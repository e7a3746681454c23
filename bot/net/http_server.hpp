#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "bot/base/instant.hpp"
#include "bot/base/result.hpp"
#include "bot/net/http_client.hpp"
#include "bot/net/task.hpp"
#include "bot/net/websocket.hpp"

/// HTTP/1.1 and WebSocket as a server, for platforms that dial us. Without TLS: it listens on loopback unless
/// told otherwise, and whoever lets the world in puts a proxy with a certificate before it. Net thread only.
namespace bot {

/// A request as it arrived.
class HttpCall {
 public:
  HttpCall() = default;

  std::string method{};  ///< "GET", "POST" …
  std::string path{};    ///< without the query; percent signs as they came
  std::string query{};   ///< behind the question mark, as it came; may hold a secret and is never logged
  HttpHeaders headers{};
  std::string body{};  ///< its raw bytes: what signatures are computed over

  /// The first header of that name, in any case; empty when there is none.
  std::string_view header(std::string_view name) const;
  /// The first parameter of that name, percent-decoded, "+" left alone; empty when there is none.
  std::string parameter(std::string_view name) const;
};

class HttpReply {
 public:
  HttpReply() = default;
  explicit HttpReply(int code, std::string text = {}) : status(code), body(std::move(text)) {}

  int status = 200;
  HttpHeaders headers{};
  std::string body{};
};

class HttpServerOptions {
 public:
  HttpServerOptions() = default;

  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                                 ///< 0: any that is free
  std::size_t connections = 200;                          ///< more are closed at once
  std::size_t header_limit = std::size_t{16} * 1024;      ///< bytes; 431 beyond
  std::size_t body_limit = std::size_t{4} * 1024 * 1024;  ///< bytes; 413 beyond
  Milliseconds request_limit = std::chrono::seconds(10);  ///< from the first byte of a request to its last,
                                                          ///< and for the client to take the reply
  Milliseconds idle_limit = std::chrono::seconds(60);     ///< without a request
};

/// Listens, and hands what arrives under a path to whoever registered for it. 404 for other paths, 405 for
/// other methods, 426 where only a WebSocket is served. What cannot be read is answered with 400, 408, 413 or
/// 431 and the connection closed. Destroyed only after run() has returned.
class HttpServer {
 public:
  /// Answers one request; what it throws becomes a 500 without detail.
  using Answer = std::function<Task<HttpReply>(HttpCall)>;
  /// Looks at the request of an upgrade: status 101 accepts it, anything else is the refusal.
  using Admit = std::function<HttpReply(const HttpCall&)>;
  /// Takes over a WebSocket that is connected already: connect() does nothing, the rest works as on one that
  /// we dialled. It counts as a connection of the server until it is destroyed; stop() closes it.
  using Take = std::function<void(HttpCall, std::unique_ptr<WebSocket>)>;

  virtual ~HttpServer() = default;

  /// Before run() only. A path is whole, not a prefix; a second registration of one path and method is a
  /// std::logic_error.
  virtual void on(std::string method, std::string path, Answer answer) = 0;
  virtual void on_websocket(std::string path, Admit admit, Take take) = 0;

  virtual std::uint16_t port() const noexcept = 0;
  /// Accepts and answers until stop().
  virtual Task<void> run() = 0;
  /// Ends run() soon: no new connections, open ones are cut when their answer is out, at most 3 s later. What
  /// an Answer waits for is its owner's to end.
  virtual void stop() noexcept = 0;
};

/// Listens from now on, so that a port that is taken is told at once: Errc::unreachable with a sentence that
/// names address and port. The executor is that of an io_context.
Result<std::unique_ptr<HttpServer>> make_http_server(const boost::asio::any_io_executor& executor,
                                                     HttpServerOptions options);

}  // namespace bot
