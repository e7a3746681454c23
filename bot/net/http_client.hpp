#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/base/result.hpp"
#include "bot/net/http_proxy.hpp"
#include "bot/net/task.hpp"

/// HTTP/1.1 as a client, for webhooks and doors that only push. Net thread only.
namespace bot {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

class HttpRequest {
 public:
  HttpRequest(std::string http_method, std::string address)
      : method(std::move(http_method)), url(std::move(address)) {}

  std::string method;  ///< "GET", "POST" …
  std::string url;     ///< http://… or https://…; may hold a secret and is never shown
  HttpHeaders headers{};
  std::string body{};
};

class HttpAnswer {
 public:
  HttpAnswer() = default;

  int status = 0;
  HttpHeaders headers{};
  std::string body{};

  /// The first header of that name, in any case; empty when there is none.
  std::string_view header(std::string_view name) const;
};

class HttpOptions {
 public:
  HttpOptions() = default;

  std::string authorities{};                           ///< PEM file for https; empty: the system's
  HttpProxies proxies{};                               ///< none unless given
  Milliseconds limit = std::chrono::seconds(15);       ///< from the call of fetch() to the last byte
  Milliseconds idle_limit = std::chrono::seconds(60);  ///< an unused connection is kept that long; 0: not
  std::size_t body_limit = std::size_t{1024} * 1024;   ///< bytes of an answer's body
  std::size_t header_limit = std::size_t{16} * 1024;   ///< bytes of an answer's header
};

/// Whether the server may have taken a request that ended with this error: false proves that not a byte of it
/// left (a bad address, no connection, no TLS), so it may be sent again.
bool may_have_arrived(const Error& error) noexcept;

/// Sends requests, several at once if need be, and keeps one idle connection per server. Redirects are
/// answers like others. The certificate must be valid and made out to the host; nothing switches that off.
/// Must outlive the coroutines of fetch().
class HttpClient {
 public:
  virtual ~HttpClient() = default;

  /// Errors name scheme and host, nothing else of the address. Errc::bad_input: the request cannot be sent.
  /// Errc::unreachable: no address, no connection, no TLS, no way through the proxy. Of these,
  /// may_have_arrived() is false. Errc::too_large: the answer is over a limit. Errc::closed: the connection
  /// ended, the time was over, or close() came first. Errc::unknown: the answer is no HTTP.
  virtual Task<Result<HttpAnswer>> fetch(HttpRequest request) = 0;
  /// Ends every fetch() soon and closes idle connections.
  virtual void close() noexcept = 0;
};

/// The executor is that of an io_context. Errc::bad_input: the file of authorities cannot be used.
Result<std::unique_ptr<HttpClient>> make_http_client(const boost::asio::any_io_executor& executor,
                                                     HttpOptions options);

}  // namespace bot
