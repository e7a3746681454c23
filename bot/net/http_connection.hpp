#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <optional>

#include "bot/net/http_client.hpp"

namespace boost::asio::ssl {
class context;
}

namespace bot {

/// The way to one server.
struct HttpRoute {
  Url to{};
  std::optional<HttpProxy> proxy{};
};

/// One connection, for one request after the other. After any error it is of no more use. Net thread only;
/// shared, because a lookup of a name cannot be interrupted and outlives whoever asked for it.
class HttpConnection {
 public:
  virtual ~HttpConnection() = default;

  /// Until the next call, everything below ends within that time altogether.
  virtual void set_limit(Milliseconds limit) = 0;
  virtual Task<Result<void>> open() = 0;
  /// `request.url` is not looked at: `target` is the path and query.
  virtual Task<Result<HttpAnswer>> exchange(HttpRequest request, std::string target) = 0;
  /// Whether the server would take another request: it said so, and has neither closed nor said more since.
  virtual bool reusable() = 0;
  virtual void cut() noexcept = 0;
};

/// `tls` is used for https only. The limits and nothing else are taken from the options.
std::shared_ptr<HttpConnection> make_http_connection(const boost::asio::any_io_executor& executor,
                                                     HttpRoute route, const HttpOptions& options,
                                                     std::shared_ptr<boost::asio::ssl::context> tls);

}  // namespace bot
