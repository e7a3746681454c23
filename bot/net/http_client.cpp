#include "bot/net/http_client.hpp"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <cctype>
#include <map>
#include <set>

#include "bot/base/log.hpp"
#include "bot/net/http_connection.hpp"
#include "bot/net/tls.hpp"
#include "bot/net/url.hpp"

namespace bot {

namespace asio = boost::asio;

namespace {

bool same_name(std::string_view left, std::string_view right) {
  return std::ranges::equal(
      left, right, [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_';
  });
}

bool is_one_line(std::string_view text) {
  return std::ranges::none_of(text, [](unsigned char c) { return c < ' ' && c != '\t'; });
}

bool can_be_written(const HttpRequest& request) {
  static const std::set<std::string> methods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
  return methods.contains(request.method) && std::ranges::all_of(request.headers, [](const auto& header) {
           return is_token(header.first) && is_one_line(header.second);
         });
}

std::string server_of(const Url& url) {
  return (url.secure ? "https://" : "http://") + url.authority;
}

Error about(const Url& url, const Error& error) {
  return Error{error.code, server_of(url) + ": " + error.detail};
}

/// The connections that wait for another request, one per server. Shared with the timers that end them.
class IdleConnections : public std::enable_shared_from_this<IdleConnections> {
 public:
  IdleConnections(const asio::any_io_executor& executor, Milliseconds limit)
      : executor_(executor), limit_(limit) {}

  std::shared_ptr<HttpConnection> take(const std::string& server) {
    const auto found = idle_.find(server);
    if (found == idle_.end()) return nullptr;
    const auto connection = found->second->connection;
    found->second->end.cancel();
    idle_.erase(found);
    if (connection->reusable()) return connection;
    connection->cut();
    return nullptr;
  }

  void keep(const std::string& server, std::shared_ptr<HttpConnection> connection) {
    drop(server);
    auto idle = std::make_shared<Idle>(executor_, std::move(connection));
    idle->end.expires_after(limit_);
    idle->end.async_wait([weak = this->weak_from_this(), server, idle](const boost::system::error_code& e) {
      const auto all = weak.lock();
      if (!e && all) all->drop(server, idle);
    });
    idle_[server] = std::move(idle);
  }

  void drop_all() {
    while (!idle_.empty()) drop(std::string(idle_.begin()->first));
  }

 private:
  struct Idle {
    Idle(const asio::any_io_executor& executor, std::shared_ptr<HttpConnection> held)
        : connection(std::move(held)), end(executor) {}
    std::shared_ptr<HttpConnection> connection;
    asio::steady_timer end;
  };

  void drop(const std::string& server, const std::shared_ptr<Idle>& only = nullptr) {
    const auto found = idle_.find(server);
    if (found == idle_.end() || (only && found->second != only)) return;
    found->second->connection->cut();
    found->second->end.cancel();
    idle_.erase(found);
  }

  asio::any_io_executor executor_;
  Milliseconds limit_;
  std::map<std::string, std::shared_ptr<Idle>> idle_;
};

class Client final : public HttpClient {
 public:
  Client(const asio::any_io_executor& executor, HttpOptions options,
         std::shared_ptr<asio::ssl::context> context)
      : executor_(executor),
        options_(std::move(options)),
        context_(std::move(context)),
        idle_(std::make_shared<IdleConnections>(executor, options_.idle_limit)) {}

  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() override { close(); }

  Task<Result<HttpAnswer>> fetch(HttpRequest request) override {
    const Result<Url> url = parsed_url(request.url, kHttpSchemes);
    if (!url) co_return url.error();
    if (!can_be_written(request))
      co_return about(*url, Error{Errc::bad_input, "no such request can be sent"});
    Result<std::optional<HttpProxy>> proxy = proxy_for(*url, options_.proxies);
    if (!proxy) co_return about(*url, proxy.error());
    const HttpRoute route{*url, *proxy};
    Result<HttpAnswer> answer = co_await fetch_over(route, std::move(request));
    if (!answer) co_return about(*url, answer.error());
    co_return answer;
  }

  void close() noexcept override {
    closed_ = true;
    try {
      idle_->drop_all();
    } catch (const std::exception& error) {
      log::error("connections not closed", {{"why", error.what()}});
    }
    for (const auto& connection : busy_) connection->cut();
  }

 private:
  Task<Result<HttpAnswer>> fetch_over(HttpRoute route, HttpRequest request) {
    if (closed_) co_return Error{Errc::unreachable, "stopped"};
    const std::string server = server_of(route.to);
    std::shared_ptr<HttpConnection> connection = idle_->take(server);
    const bool fresh = connection == nullptr;
    const std::string target = route.to.target;
    if (fresh) connection = make_http_connection(executor_, std::move(route), options_, context_);
    busy_.insert(connection);
    connection->set_limit(options_.limit);
    Result<HttpAnswer> answer = co_await ask(connection, fresh, std::move(request), target);
    busy_.erase(connection);
    settle(server, connection);
    co_return answer;
  }

  static Task<Result<HttpAnswer>> ask(std::shared_ptr<HttpConnection> connection, bool fresh,
                                      HttpRequest request, std::string target) {
    if (fresh) {
      const Result<void> opened = co_await connection->open();
      if (!opened) co_return opened.error();
    }
    Result<HttpAnswer> answer = co_await connection->exchange(std::move(request), std::move(target));
    co_return answer;
  }

  void settle(const std::string& server, const std::shared_ptr<HttpConnection>& connection) {
    const bool kept = options_.idle_limit > Milliseconds(0) && connection->reusable();
    if (closed_ || !kept) return connection->cut();
    idle_->keep(server, connection);
  }

  asio::any_io_executor executor_;
  HttpOptions options_;
  std::shared_ptr<asio::ssl::context> context_;
  std::shared_ptr<IdleConnections> idle_;
  std::set<std::shared_ptr<HttpConnection>> busy_;
  bool closed_ = false;
};

}  // namespace

std::string_view HttpAnswer::header(std::string_view name) const {
  const auto found =
      std::ranges::find_if(headers, [&](const auto& header) { return same_name(header.first, name); });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

bool may_have_arrived(const Error& error) noexcept {
  return error.code != Errc::bad_input && error.code != Errc::unreachable;
}

Result<std::unique_ptr<HttpClient>> make_http_client(const asio::any_io_executor& executor,
                                                     HttpOptions options) {
  auto context = tls::client_context(options.authorities);
  if (!context) return context.error();
  return std::make_unique<Client>(executor, std::move(options), std::move(*context));
}

}  // namespace bot
