#include "bot/net/http_server.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/url/pct_string_view.hpp>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

#include "bot/base/log.hpp"
#include "bot/net/http_peer.hpp"
#include "bot/net/server_websocket.hpp"

namespace bot {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace urls = boost::urls;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);
constexpr Milliseconds kAcceptPause{100};  // after a failure to accept: there are no more files, most likely
constexpr Milliseconds kStopLimit = std::chrono::seconds(3);
constexpr int kSwitchingProtocols = 101;

using Executor = asio::io_context::executor_type;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;

/// Absent when a percent sign stands before anything but two digits.
std::optional<std::string> decoded(std::string_view text) {
  const auto valid = urls::make_pct_string_view(text);
  if (!valid) return std::nullopt;
  urls::encoding_opts plus_is_plus;
  plus_is_plus.space_as_plus = false;
  return valid->decode(plus_is_plus);
}

/// What is served under one path.
struct Route {
  std::map<std::string, HttpServer::Answer> answers{};
  HttpServer::Admit admit{};
  HttpServer::Take take{};
};

HttpReply no_such_method(const Route& route) {
  if (route.answers.empty()) {
    HttpReply reply(426);
    reply.headers.emplace_back("Upgrade", "websocket");
    return reply;
  }
  std::string methods;
  for (const auto& [method, answer] : route.answers) methods += (methods.empty() ? "" : ", ") + method;
  HttpReply reply(405);
  reply.headers.emplace_back("Allow", methods);
  return reply;
}

using OpenWebSockets = std::set<WebSocket*>;

/// A WebSocket that was handed out, counted while it lives.
class Counted final : public WebSocket {
 public:
  Counted(std::unique_ptr<WebSocket> socket, std::shared_ptr<OpenWebSockets> all)
      : socket_(std::move(socket)), all_(std::move(all)) {
    all_->insert(socket_.get());
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() override { all_->erase(socket_.get()); }

  Task<Result<void>> connect() override { return socket_->connect(); }
  Task<Result<std::string_view>> read() override { return socket_->read(); }
  Task<Result<void>> write(std::string message) override { return socket_->write(std::move(message)); }
  void close() noexcept override { socket_->close(); }

 private:
  std::unique_ptr<WebSocket> socket_;
  std::shared_ptr<OpenWebSockets> all_;
};

class Server final : public HttpServer {
 public:
  Server(Acceptor acceptor, HttpServerOptions options)
      : options_(std::move(options)),
        acceptor_(std::move(acceptor)),
        port_(acceptor_.local_endpoint().port()),
        pause_(acceptor_.get_executor()),
        cut_(acceptor_.get_executor()),
        scope_(acceptor_.get_executor()) {}

  void on(std::string method, std::string path, Answer answer) override {
    if (!routes_[path].answers.emplace(method, std::move(answer)).second)
      throw std::logic_error(method + " " + path + " is served twice");
  }

  void on_websocket(std::string path, Admit admit, Take take) override {
    Route& route = routes_[path];
    if (route.take) throw std::logic_error("the WebSocket " + path + " is served twice");
    route.admit = std::move(admit);
    route.take = std::move(take);
  }

  std::uint16_t port() const noexcept override { return port_; }

  Task<void> run() override {
    spawn(scope_, "server", accept_all());
    co_await scope_.joined();
    cut_.cancel();
  }

  void stop() noexcept override {
    stopping_ = true;
    try {
      error_code ignored;
      acceptor_.close(ignored);
      pause_.wake();
      for (const auto& peer : peers_) peer->finish();
      for (WebSocket* socket : *websockets_) socket->close();
      cut_all_later();
    } catch (const std::exception& error) {
      log::error("server not stopped", {{"why", error.what()}});
    }
  }

 private:
  void cut_all_later() {
    cut_.expires_after(kStopLimit);
    cut_.async_wait([this](const error_code& cancelled) {
      if (cancelled) return;
      for (const auto& peer : peers_) peer->cut();
    });
  }

  Task<void> accept_all() {
    while (!stopping_) {
      auto [failure, socket] = co_await acceptor_.async_accept(as_value);
      if (stopping_) break;
      if (!failure) {
        welcome(std::move(socket));
        continue;
      }
      log::warning("connection not accepted", {{"why", failure.message()}});
      co_await pause_.wait_for(kAcceptPause);
    }
  }

  void welcome(ServerSocket socket) {
    if (peers_.size() + websockets_->size() >= options_.connections) {
      if (!std::exchange(crowded_, true)) log::warning("too many connections; more are closed at once");
      return;
    }
    crowded_ = false;
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const auto peer = make_http_peer(std::move(socket), options_);
    peers_.insert(peer);
    spawn(scope_, "client of the server", serve(peer));
  }

  Task<void> serve(std::shared_ptr<HttpPeer> peer) {
    do {
      std::optional<HttpCall> call = co_await peer->next();
      if (!call) break;
      const auto route = routes_.find(call->path);
      if (route != routes_.end() && route->second.take && peer->asks_for_websocket()) {
        co_await upgrade(peer, &route->second, std::move(*call));
        break;
      }
      HttpReply reply = co_await answer(std::move(*call));
      co_await peer->reply(std::move(reply));
    } while (peer->open());
    peer->cut();
    peers_.erase(peer);
  }

  Task<HttpReply> answer(HttpCall call) {
    const auto route = routes_.find(call.path);
    if (route == routes_.end()) co_return HttpReply(404);
    const auto found = route->second.answers.find(call.method);
    if (found == route->second.answers.end()) co_return no_such_method(route->second);
    std::string why;
    try {
      HttpReply reply = co_await found->second(std::move(call));
      co_return reply;
    } catch (const std::exception& error) {
      why = error.what();
    }
    co_return failed(route->first, why);
  }

  static HttpReply failed(const std::string& path, const std::string& why) {
    log::error("request failed", {{"path", path}, {"why", why}});
    return HttpReply(500);
  }

  Task<void> upgrade(std::shared_ptr<HttpPeer> peer, const Route* route, HttpCall call) {
    HttpReply verdict = admitted(*route, call);
    if (verdict.status != kSwitchingProtocols) {
      co_await peer->reply(std::move(verdict));
      co_return;
    }
    Upgrade upgrade = peer->release(call);
    Result<std::unique_ptr<WebSocket>> socket = co_await accept_websocket(std::move(upgrade));
    if (!socket || stopping_) co_return;
    route->take(std::move(call), std::make_unique<Counted>(std::move(*socket), websockets_));
  }

  static HttpReply admitted(const Route& route, const HttpCall& call) {
    try {
      return route.admit(call);
    } catch (const std::exception& error) {
      return failed(call.path, error.what());
    }
  }

  const HttpServerOptions options_;
  Acceptor acceptor_;
  std::uint16_t port_;
  Waiter pause_;
  asio::steady_timer cut_;
  Scope scope_;
  std::map<std::string, Route> routes_;
  std::set<std::shared_ptr<HttpPeer>> peers_;
  std::shared_ptr<OpenWebSockets> websockets_ = std::make_shared<OpenWebSockets>();
  bool stopping_ = false;
  bool crowded_ = false;
};

std::string shown_place(const HttpServerOptions& options) {
  const bool v6 = options.address.find(':') != std::string::npos;
  return (v6 ? "[" + options.address + "]" : options.address) + ":" + std::to_string(options.port);
}

Error cannot_listen(const HttpServerOptions& options, const std::string& why) {
  return Error{Errc::unreachable, "cannot listen on " + shown_place(options) + ": " + why};
}

}  // namespace

std::string_view HttpCall::header(std::string_view name) const {
  const auto found =
      std::ranges::find_if(headers, [&](const auto& header) { return beast::iequals(header.first, name); });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

std::string HttpCall::parameter(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::size_t sign = std::min(pair.find('='), pair.size());
    if (decoded(pair.substr(0, sign)) != name) continue;
    return decoded(pair.substr(std::min(sign + 1, pair.size()))).value_or("");
  }
  return {};
}

Result<std::unique_ptr<HttpServer>> make_http_server(const asio::any_io_executor& executor,
                                                     HttpServerOptions options) {
  error_code failure;
  const asio::ip::address address = asio::ip::make_address(options.address, failure);
  if (failure) return cannot_listen(options, "the address is none in numbers");
  const tcp::endpoint endpoint(address, options.port);
  Acceptor acceptor(*executor.target<Executor>());
  acceptor.open(endpoint.protocol(), failure);
  if (!failure) acceptor.set_option(asio::socket_base::reuse_address(true), failure);
  if (!failure) acceptor.bind(endpoint, failure);
  if (!failure) acceptor.listen(asio::socket_base::max_listen_connections, failure);
  if (failure) return cannot_listen(options, failure.message());
  return std::make_unique<Server>(std::move(acceptor), std::move(options));
}

}  // namespace bot
