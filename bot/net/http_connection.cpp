#include "bot/net/http_connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <exception>
#include <type_traits>
#include <utility>

#include "bot/base/log.hpp"
#include "bot/net/tls.hpp"

namespace bot {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);
constexpr unsigned kHttp11 = 11;

using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

PlainStream make_stream(const PlainStream*, const asio::any_io_executor& executor, asio::ssl::context*) {
  return PlainStream(executor);
}
TlsStream make_stream(const TlsStream*, const asio::any_io_executor& executor, asio::ssl::context* context) {
  return TlsStream(executor, *context);
}

Error no_connection(const char* step, const error_code& failure) {
  return Error{Errc::unreachable, std::string(step) + ": " + failure.message()};
}

Error no_answer(const error_code& failure) {
  if (failure == http::error::body_limit || failure == http::error::header_limit ||
      failure == http::error::buffer_overflow) {
    return Error{Errc::too_large, "the answer is over the limit"};
  }
  if (failure == beast::error::timeout) return Error{Errc::closed, "no answer in time"};
  const bool malformed = failure.category() == make_error_code(http::error::bad_value).category() &&
                         failure != http::error::end_of_stream && failure != http::error::partial_message;
  return Error{malformed ? Errc::unknown : Errc::closed, "no answer: " + failure.message()};
}

/// With the port always, and an IPv6 address in brackets.
std::string host_and_port(const Url& url) {
  const bool v6 = url.host.find(':') != std::string::npos;
  return (v6 ? "[" + url.host + "]" : url.host) + ":" + std::to_string(url.port);
}

http::request<http::string_body> wire_request(HttpRequest request, const std::string& authority,
                                              const std::string& target) {
  http::request<http::string_body> wire(http::string_to_verb(request.method), target, kHttp11);
  wire.set(http::field::host, authority);
  wire.set(http::field::user_agent, "Xueban");
  for (const auto& [name, value] : request.headers) wire.insert(name, value);
  wire.body() = std::move(request.body);
  wire.prepare_payload();
  return wire;
}

HttpAnswer answer_of(http::response<http::string_body>&& wire) {
  HttpAnswer answer;
  answer.status = static_cast<int>(wire.result_int());
  for (const auto& field : wire) {
    answer.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  answer.body = std::move(wire.body());
  return answer;
}

template <class Stream>
class Connection final : public HttpConnection, public std::enable_shared_from_this<Connection<Stream>> {
 public:
  Connection(const asio::any_io_executor& executor, HttpRoute route, const HttpOptions& options,
             std::shared_ptr<asio::ssl::context> tls)
      : route_(std::move(route)),
        body_limit_(options.body_limit),
        header_limit_(options.header_limit),
        tls_(std::move(tls)),
        stream_(make_stream(static_cast<const Stream*>(nullptr), executor, tls_.get())),
        resolver_(executor),
        resolved_(executor) {}

  void set_limit(Milliseconds limit) override {
    limit_ = limit;
    socket().expires_after(limit);
  }

  Task<Result<void>> open() override {
    const Result<void> found = co_await resolve();
    if (!found) co_return found;
    const auto [failure, peer] = co_await socket().async_connect(addresses_, as_value);
    if (failure) co_return no_connection("connect", failure);
    error_code ignored;
    socket().socket().set_option(tcp::no_delay(true), ignored);
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      const Result<void> tunnel = co_await ask_proxy();
      if (!tunnel) co_return tunnel;
      const Result<void> secured = co_await start_tls();
      co_return secured;
    }
    co_return Result<void>();
  }

  Task<Result<HttpAnswer>> exchange(HttpRequest request, std::string target) override {
    keep_alive_ = false;
    const bool head = request.method == "HEAD";
    const http::request<http::string_body> wire = prepared(std::move(request), std::move(target));
    const auto [unsent, written] = co_await http::async_write(stream_, wire, as_value);
    if (unsent) co_return no_answer(unsent);
    http::response_parser<http::string_body> parser;
    parser.body_limit(body_limit_);
    parser.header_limit(static_cast<std::uint32_t>(header_limit_));
    parser.skip(head);
    const auto [failure, bytes] = co_await http::async_read(stream_, buffer_, parser, as_value);
    if (failure) co_return no_answer(failure);
    keep_alive_ = parser.keep_alive() && buffer_.size() == 0;
    co_return answer_of(parser.release());
  }

  bool reusable() override {
    if (!keep_alive_) return false;
    char byte = 0;
    error_code failure;
    socket().socket().non_blocking(true, failure);
    socket().socket().receive(asio::buffer(&byte, 1), tcp::socket::message_peek, failure);
    return failure == asio::error::would_block;
  }

  void cut() noexcept override {
    try {
      keep_alive_ = false;
      resolved_.wake();
      socket().close();
    } catch (const std::exception& error) {
      log::error("socket not closed", {{"why", error.what()}});
    }
  }

 private:
  auto& socket() { return beast::get_lowest_layer(stream_); }
  const Url& peer() const { return route_.proxy ? route_.proxy->place : route_.to; }

  // A numeric host needs no resolver, whose thread nobody can interrupt.
  Task<Result<void>> resolve() {
    error_code is_name;
    const asio::ip::address address = asio::ip::make_address(peer().host, is_name);
    if (!is_name) {
      const tcp::endpoint endpoint(address, peer().port);
      addresses_ = tcp::resolver::results_type::create(endpoint, peer().host, "");
      co_return Result<void>();
    }
    const auto self = this->shared_from_this();
    resolver_.async_resolve(peer().host, std::to_string(peer().port),
                            [self](const error_code& failure, const tcp::resolver::results_type& addresses) {
                              self->addresses_ = addresses;
                              self->resolve_failure_ = failure;
                              self->resolved_.wake();
                            });
    co_await resolved_.wait_for(limit_);
    if (resolve_failure_) co_return no_connection("resolve", resolve_failure_);
    co_return Result<void>();
  }

  // A way through to the server, which the proxy cannot look into.
  Task<Result<void>> ask_proxy() {
    if (!route_.proxy) co_return Result<void>();
    http::request<http::empty_body> connect(http::verb::connect, host_and_port(route_.to), kHttp11);
    connect.set(http::field::host, host_and_port(route_.to));
    authorize(connect);
    const auto [unsent, written] = co_await http::async_write(socket(), connect, as_value);
    if (unsent) co_return no_connection("proxy", unsent);
    http::response_parser<http::empty_body> parser;
    parser.skip(true);
    parser.header_limit(static_cast<std::uint32_t>(header_limit_));
    beast::flat_buffer buffer;
    const auto [failure, bytes] = co_await http::async_read_header(socket(), buffer, parser, as_value);
    if (failure) co_return no_connection("proxy", failure);
    if (http::to_status_class(parser.get().result()) == http::status_class::successful)
      co_return Result<void>();
    const std::string status = std::to_string(parser.get().result_int());
    co_return Error{Errc::unreachable, "the proxy answered with HTTP " + status};
  }

  Task<Result<void>> start_tls() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      const Result<void> expected = tls::expect_host(stream_.native_handle(), route_.to.host);
      if (!expected) co_return expected.error();
      const auto [failure] = co_await stream_.async_handshake(asio::ssl::stream_base::client, as_value);
      if (failure) co_return tls::refused_by(stream_.native_handle(), failure);
    }
    co_return Result<void>();
  }

  http::request<http::string_body> prepared(HttpRequest request, std::string target) const {
    const bool whole_address = route_.proxy && !route_.to.secure;
    if (whole_address) target.insert(0, "http://" + route_.to.authority);
    auto wire = wire_request(std::move(request), route_.to.authority, target);
    if (whole_address) authorize(wire);
    return wire;
  }

  template <class Wire>
  void authorize(Wire& wire) const {
    const std::string& authorization = route_.proxy->authorization;
    if (!authorization.empty()) wire.set(http::field::proxy_authorization, authorization);
  }

  HttpRoute route_;
  std::size_t body_limit_;
  std::size_t header_limit_;
  std::shared_ptr<asio::ssl::context> tls_;
  Stream stream_;
  tcp::resolver resolver_;
  Waiter resolved_;
  tcp::resolver::results_type addresses_{};
  error_code resolve_failure_ = asio::error::timed_out;
  Milliseconds limit_{0};
  beast::flat_buffer buffer_{};
  bool keep_alive_ = false;
};

}  // namespace

std::shared_ptr<HttpConnection> make_http_connection(const asio::any_io_executor& executor, HttpRoute route,
                                                     const HttpOptions& options,
                                                     std::shared_ptr<asio::ssl::context> tls) {
  if (route.to.secure)
    return std::make_shared<Connection<TlsStream>>(executor, std::move(route), options, std::move(tls));
  return std::make_shared<Connection<PlainStream>>(executor, std::move(route), options, nullptr);
}

}  // namespace bot
