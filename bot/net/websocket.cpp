#include "bot/net/websocket.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/buffered_read_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/rate_policy.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <cstdint>
#include <exception>
#include <limits>
#include <utility>

#include "bot/base/log.hpp"
#include "bot/net/server_websocket.hpp"
#include "bot/net/tls.hpp"
#include "bot/net/url.hpp"

namespace bot {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);

constexpr int kQuarters = 4;
constexpr std::size_t kReadAhead = 64 * 1024;
constexpr std::size_t kWriteBuffer = 16 * 1024;  // one system call for any ordinary message

// The loop's own executor: it is copied several times for every message, and any_io_executor is not cheap to
// copy.
using Executor = asio::io_context::executor_type;

/// Counts what arrives and limits nothing: Beast tells a stream's rate policy of every byte.
class Arrivals {
 public:
  std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  friend class beast::rate_policy_access;
  static std::size_t available_read_bytes() noexcept { return std::numeric_limits<std::size_t>::max(); }
  static std::size_t available_write_bytes() noexcept { return std::numeric_limits<std::size_t>::max(); }
  void transfer_read_bytes(std::size_t count) noexcept { bytes_ += count; }
  static void transfer_write_bytes(std::size_t) noexcept {}
  static void on_timer() noexcept {}

  std::uint64_t bytes_ = 0;
};

using PlainSocket = beast::basic_stream<tcp, Executor, Arrivals>;

/// Takes from the socket whatever has arrived, so that one system call serves many messages: Beast's own
/// buffer holds one.
class PlainStream : public beast::buffered_read_stream<PlainSocket, beast::flat_buffer> {
 public:
  explicit PlainStream(const Executor& executor) : buffered_read_stream(executor) { prepare(); }
  /// `ahead` has been read from the socket already.
  PlainStream(ServerSocket socket, std::string_view ahead) : buffered_read_stream(std::move(socket)) {
    prepare();
    buffer().commit(asio::buffer_copy(buffer().prepare(ahead.size()), asio::buffer(ahead)));
  }

 private:
  void prepare() {
    buffer().reserve(kReadAhead);
    capacity(kReadAhead);
  }
};
using TlsStream = beast::ssl_stream<beast::basic_stream<tcp, asio::any_io_executor, Arrivals>>;

// ---- the connection -------------------------------------------------------------------------------------

PlainStream make_stream(const PlainStream*, const asio::any_io_executor& executor, asio::ssl::context*) {
  return PlainStream(*executor.target<Executor>());
}
TlsStream make_stream(const TlsStream*, const asio::any_io_executor& executor, asio::ssl::context* context) {
  return TlsStream(executor, *context);
}

// Beast asks whoever stacks streams to say how the stack is closed (websocket/teardown.hpp).
template <class Handler>
void async_teardown(beast::role_type role, PlainStream& stream, Handler&& handler) {
  using websocket::async_teardown;
  async_teardown(role, stream.next_layer(), std::forward<Handler>(handler));
}

// What the operations share. It stays alive until the last of them has ended, so the object that callers hold
// may go while a close is still under way.
template <class Stream>
struct Link {
  Link(const asio::any_io_executor& executor, std::shared_ptr<asio::ssl::context> tls)
      : Link(executor, make_stream(static_cast<const Stream*>(nullptr), executor, tls.get()), tls) {}
  Link(const asio::any_io_executor& executor, Stream made, std::shared_ptr<asio::ssl::context> tls = nullptr)
      : context(std::move(tls)),
        stream(std::move(made)),
        resolver(executor),
        resolved(executor),
        cut(executor),
        quarter(executor) {}

  std::shared_ptr<asio::ssl::context> context;
  websocket::stream<Stream, false> stream;  // false: no compression
  tcp::resolver resolver;
  Waiter resolved;
  tcp::resolver::results_type addresses{};
  error_code resolve_failure = asio::error::timed_out;
  asio::steady_timer cut;
  beast::flat_buffer buffer{};
  asio::steady_timer quarter;  ///< of the idle limit
  std::uint64_t seen = 0;      ///< bytes that had arrived when the last quarter ended
  int silent_quarters = 0;
  bool reading = false;
  bool pinging = false;
  bool open = false;
  bool closing = false;

  auto& socket() { return beast::get_lowest_layer(stream); }
};

Error no_connection(const char* step, const error_code& failure) {
  return Error{Errc::unreachable, std::string(step) + ": " + failure.message()};
}

/// What both ends do with a connection that is open.
template <class Stream>
class Connected : public WebSocket {
 public:
  Connected(const Connected&) = delete;
  Connected& operator=(const Connected&) = delete;
  ~Connected() override {
    link_->closing = true;
    cut_off(*link_);
  }

  Task<Result<std::string_view>> read() override {
    const auto link = link_;
    link->buffer.clear();
    link->reading = true;
    const auto [failure, bytes] = co_await link->stream.async_read(link->buffer, as_value);
    link->reading = false;
    if (failure) co_return lost(failure);
    co_return std::string_view(static_cast<const char*>(link->buffer.cdata().data()), bytes);
  }

  Task<Result<void>> write(std::string message) override {
    const auto link = link_;
    const asio::const_buffer bytes = asio::buffer(message);
    const auto [failure, count] = co_await link->stream.async_write(bytes, as_value);
    if (failure) co_return lost(failure);
    co_return Result<void>();
  }

  void close() noexcept override {
    if (link_->closing) return;
    link_->closing = true;
    link_->resolved.wake();
    if (!link_->open) {
      cut_off(*link_);
      return;
    }
    try {
      begin_close();
    } catch (const std::exception& error) {
      log::warning("connection cut", {{"why", error.what()}});
      cut_off(*link_);
    }
  }

 protected:
  Connected(WebSocketOptions options, std::shared_ptr<Link<Stream>> link)
      : options_(std::move(options)), link_(std::move(link)) {
    websocket::stream_base::timeout limits{};
    limits.handshake_timeout = options_.connect_limit;
    limits.idle_timeout = websocket::stream_base::none();
    link_->stream.set_option(limits);
    link_->stream.read_message_max(options_.message_limit);
    link_->stream.auto_fragment(false);
    link_->stream.write_buffer_bytes(kWriteBuffer);
  }

  void opened() {
    link_->open = true;
    watch(link_, options_.idle_limit / kQuarters);
  }

  WebSocketOptions options_;
  std::shared_ptr<Link<Stream>> link_;

 private:
  static void cut_off(Link<Stream>& link) noexcept {
    try {
      link.quarter.cancel();
      link.socket().close();
    } catch (const std::exception& error) {
      log::error("socket not closed", {{"why", error.what()}});
    }
  }

  // Beast's own idle timeout sets a timer anew for every message, which took a third of what a message costs.
  static void watch(const std::shared_ptr<Link<Stream>>& link, Milliseconds quarter) {
    link->quarter.expires_after(quarter);
    link->quarter.async_wait([link, quarter](const error_code& cancelled) {
      if (cancelled || link->closing) return;
      const std::uint64_t arrived = link->socket().rate_policy().bytes();
      // Who does not listen hears nothing: only silence while reading counts.
      const bool silent = link->reading && arrived == link->seen;
      link->silent_quarters = silent ? link->silent_quarters + 1 : 0;
      link->seen = arrived;
      if (link->silent_quarters >= kQuarters) return cut_off(*link);
      if (link->silent_quarters == kQuarters / 2) ping(link);
      watch(link, quarter);
    });
  }

  static void ping(const std::shared_ptr<Link<Stream>>& link) {
    if (std::exchange(link->pinging, true)) return;
    link->stream.async_ping({}, [link](const error_code&) { link->pinging = false; });
  }

  // A peer that does not answer the close, or goes on sending, would hold a read of Beast 345 for ever.
  void begin_close() {
    const auto link = link_;
    link->cut.expires_after(options_.close_limit);
    link->cut.async_wait([link](const error_code& cancelled) {
      if (!cancelled) cut_off(*link);
    });
    link->stream.async_close(websocket::close_code::normal, [link](const error_code&) {
      link->cut.cancel();
      cut_off(*link);
    });
  }

  Error lost(const error_code& failure) const {
    if (failure == websocket::error::message_too_big || failure == websocket::error::buffer_overflow) {
      return Error{Errc::too_large, "message over the limit"};
    }
    if (link_->silent_quarters >= kQuarters) return Error{Errc::closed, "no sign of life from the peer"};
    if (failure != websocket::error::closed) return Error{Errc::closed, failure.message()};
    const websocket::close_reason& reason = link_->stream.reason();
    const std::string text(reason.reason.data(), reason.reason.size());
    return Error{reason.code == websocket::close_code::policy_error ? Errc::refused : Errc::closed,
                 "closed by the peer with " + std::to_string(reason.code) + (text.empty() ? "" : " " + text)};
  }
};

template <class Stream>
class Client final : public Connected<Stream> {
 public:
  Client(const asio::any_io_executor& executor, WebSocketOptions options, Url place,
         std::shared_ptr<asio::ssl::context> context)
      : Connected<Stream>(std::move(options), std::make_shared<Link<Stream>>(executor, std::move(context))),
        place_(std::move(place)) {}

  Task<Result<void>> connect() override {
    const Result<void> done = co_await all_steps();
    if (link_->closing) co_return Error{Errc::closed, "closed while connecting"};
    if (done) this->opened();
    co_return done;
  }

 private:
  using Connected<Stream>::link_;
  using Connected<Stream>::options_;

  Task<Result<void>> all_steps() {
    const Result<void> resolved = co_await resolve();
    if (!resolved || link_->closing) co_return resolved;
    const Result<void> connected = co_await open_socket();
    if (!connected) co_return connected;
    const Result<void> secured = co_await start_tls();
    if (!secured) co_return secured;
    const Result<void> upgraded = co_await upgrade();
    co_return upgraded;
  }

  // A numeric host needs no resolver, whose thread nobody can interrupt.
  Task<Result<void>> resolve() {
    const auto link = link_;
    error_code is_name;
    const asio::ip::address address = asio::ip::make_address(place_.host, is_name);
    if (!is_name) {
      const tcp::endpoint endpoint(address, place_.port);
      link->addresses = tcp::resolver::results_type::create(endpoint, place_.host, "");
      co_return Result<void>();
    }
    link->resolver.async_resolve(
        place_.host, std::to_string(place_.port),
        [link](const error_code& failure, const tcp::resolver::results_type& addresses) {
          link->addresses = addresses;
          link->resolve_failure = failure;
          link->resolved.wake();
        });
    co_await link->resolved.wait_for(options_.connect_limit);
    if (link->resolve_failure) co_return no_connection("resolve", link->resolve_failure);
    co_return Result<void>();
  }

  Task<Result<void>> open_socket() {
    const auto link = link_;
    link->socket().expires_after(options_.connect_limit);
    const auto [failure, peer] = co_await link->socket().async_connect(link->addresses, as_value);
    if (failure) co_return no_connection("connect", failure);
    error_code ignored;
    link->socket().socket().set_option(tcp::no_delay(true), ignored);
    co_return Result<void>();
  }

  Task<Result<void>> start_tls() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      const auto link = link_;
      const Result<void> expected = tls::expect_host(link->stream.next_layer().native_handle(), place_.host);
      if (!expected) co_return expected.error();
      link->socket().expires_after(options_.connect_limit);
      const auto [failure] =
          co_await link->stream.next_layer().async_handshake(asio::ssl::stream_base::client, as_value);
      if (failure) co_return tls::refused_by(link->stream.next_layer().native_handle(), failure);
    }
    co_return Result<void>();
  }

  Task<Result<void>> upgrade() {
    const auto link = link_;
    link->socket().expires_never();  // the stream above has its own limits
    introduce(link->stream);
    websocket::response_type response;
    const auto [failure] =
        co_await link->stream.async_handshake(response, place_.authority, place_.target, as_value);
    if (failure == websocket::error::upgrade_declined) co_return declined(response);
    if (failure) co_return no_connection("upgrade", failure);
    co_return Result<void>();
  }

  void introduce(websocket::stream<Stream, false>& stream) {
    stream.set_option(
        websocket::stream_base::decorator([bearer = options_.bearer](websocket::request_type& request) {
          request.set(beast::http::field::user_agent, "Xueban");
          if (!bearer.empty()) request.set(beast::http::field::authorization, "Bearer " + bearer);
        }));
  }

  static Error declined(const websocket::response_type& response) {
    const bool refused = response.result() == beast::http::status::unauthorized ||
                         response.result() == beast::http::status::forbidden;
    return Error{refused ? Errc::refused : Errc::unreachable,
                 "upgrade answered with HTTP " + std::to_string(response.result_int())};
  }

  Url place_;
};

/// The server's end.
class Accepted final : public Connected<PlainStream> {
 public:
  explicit Accepted(Upgrade upgrade)
      : Connected<PlainStream>(WebSocketOptions(""), linked(std::move(upgrade.socket), upgrade.ahead)),
        request_(request_of(upgrade.call)) {}

  Task<Result<void>> connect() override { co_return Result<void>(); }

  Task<Result<void>> answer() {
    const auto kept = link_;
    kept->stream.set_option(websocket::stream_base::decorator(
        [](websocket::response_type& response) { response.set(beast::http::field::server, "Xueban"); }));
    const auto [failure] = co_await kept->stream.async_accept(request_, as_value);
    if (failure) co_return no_connection("upgrade", failure);
    opened();
    co_return Result<void>();
  }

 private:
  static std::shared_ptr<Link<PlainStream>> linked(ServerSocket socket, std::string_view ahead) {
    const Executor executor = socket.get_executor();
    return std::make_shared<Link<PlainStream>>(executor, PlainStream(std::move(socket), ahead));
  }

  static websocket::request_type request_of(const HttpCall& call) {
    constexpr unsigned http11 = 11;
    websocket::request_type request(beast::http::verb::get, call.path, http11);
    for (const auto& [name, value] : call.headers) request.insert(name, value);
    return request;
  }

  websocket::request_type request_;
};

}  // namespace

Result<std::unique_ptr<WebSocket>> make_websocket(const asio::any_io_executor& executor,
                                                  WebSocketOptions options) {
  Result<Url> place = parsed_url(options.url, kWebSocketSchemes);
  if (!place) return place.error();
  if (!place->secure) {
    return std::make_unique<Client<PlainStream>>(executor, std::move(options), std::move(*place), nullptr);
  }
  auto context = tls::client_context(options.authorities);
  if (!context) return context.error();
  return std::make_unique<Client<TlsStream>>(executor, std::move(options), std::move(*place),
                                             std::move(*context));
}

Task<Result<std::unique_ptr<WebSocket>>> accept_websocket(Upgrade upgrade) {
  auto accepted = std::make_unique<Accepted>(std::move(upgrade));
  const Result<void> answered = co_await accepted->answer();
  if (!answered) co_return answered.error();
  co_return std::unique_ptr<WebSocket>(std::move(accepted));
}

}  // namespace bot
