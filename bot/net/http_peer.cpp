#include "bot/net/http_peer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <cstdint>
#include <exception>
#include <string_view>
#include <utility>

#include "bot/base/log.hpp"

namespace bot {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto as_value = asio::as_tuple(asio::use_awaitable);
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::size_t kChunk = std::size_t{16} * 1024;
/// So long a refused client may go on talking, lest a reset takes the refusal from it.
constexpr Milliseconds kFarewell = std::chrono::seconds(1);

using Parser = http::request_parser<http::string_body>;
using Wire = http::response<http::string_body>;

/// Absent when the client has gone, so that nobody would read a refusal.
std::optional<int> refusal_of(const error_code& failure, bool late) {
  if (late) return 408;
  if (failure == http::error::header_limit || failure == http::error::buffer_overflow) return 431;
  if (failure == http::error::body_limit) return 413;
  if (failure == http::error::end_of_stream || failure == http::error::partial_message) return std::nullopt;
  const bool malformed = failure.category() == make_error_code(http::error::bad_value).category();
  return malformed ? std::optional<int>(400) : std::nullopt;
}

/// Whoever reads only one of them sees the request end elsewhere (RFC 9112, 6.1); Beast 345 takes both.
bool is_ambiguous(const Parser& parser) {
  return parser.get().count(http::field::transfer_encoding) > 0 &&
         parser.get().count(http::field::content_length) > 0;
}

HttpCall call_of(http::request<http::string_body>&& wire) {
  HttpCall call;
  call.method = std::string(wire.method_string());
  const std::string target(wire.target());
  const std::size_t mark = target.find('?');
  call.path = target.substr(0, mark);
  if (mark != std::string::npos) call.query = target.substr(mark + 1);
  for (const auto& field : wire) {
    call.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  call.body = std::move(wire.body());
  return call;
}

bool has_no_body(unsigned status) {
  return status == 204 || status == 304;
}

class Peer final : public HttpPeer, public std::enable_shared_from_this<Peer> {
 public:
  Peer(ServerSocket socket, const HttpServerOptions& options)
      : options_(options), socket_(std::move(socket)), limit_(socket_.get_executor()) {}

  Task<std::optional<HttpCall>> next() override {
    std::optional<HttpCall> call;
    due_ = false;
    const bool begun = co_await something_arrived();
    if (!begun) co_return call;
    due_ = true;
    const std::optional<int> refusal = co_await read_request();
    disarm();
    if (!refusal) {
      websocket_ = beast::websocket::is_upgrade(parser_->get());
      keep_alive_ = parser_->keep_alive();
      head_ = parser_->get().method() == http::verb::head;
      call = call_of(parser_->release());
      co_return call;
    }
    keep_alive_ = false;
    if (*refusal != 0) {
      HttpReply no(*refusal);
      co_await reply(std::move(no));
    }
    co_return call;
  }

  bool asks_for_websocket() const override { return websocket_; }

  Task<void> reply(HttpReply reply) override {
    keep_alive_ = keep_alive_ && !finishing_;
    const Wire wire = wire_of(std::move(reply));
    cut_after(options_.request_limit);
    const auto [failure, bytes] = co_await http::async_write(socket_, wire, as_value);
    disarm();
    if (failure) keep_alive_ = false;
    if (!keep_alive_ && !failure) co_await say_farewell();
  }

  bool open() const override { return keep_alive_ && !finishing_; }

  Upgrade release(HttpCall call) override {
    disarm();
    keep_alive_ = false;
    return Upgrade(std::move(socket_), std::move(call), beast::buffers_to_string(buffer_.cdata()));
  }

  void finish() noexcept override {
    finishing_ = true;
    if (!due_) cut();
  }

  void cut() noexcept override {
    error_code ignored;
    socket_.close(ignored);
  }

 private:
  using Act = void (Peer::*)();

  /// An empty connection waits for its next request as long as it is idle.
  Task<bool> something_arrived() {
    if (buffer_.size() > 0) co_return true;
    cut_after(std::exchange(fresh_, false) ? options_.request_limit : options_.idle_limit);
    const auto room = buffer_.prepare(kChunk);
    const auto [failure, bytes] = co_await socket_.async_read_some(room, as_value);
    disarm();
    buffer_.commit(bytes);
    co_return !failure;
  }

  /// What to refuse it with; 0: with nothing, because the client has gone. Absent when it was read.
  Task<std::optional<int>> read_request() {
    late_ = false;
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(options_.header_limit));
    parser_->body_limit(options_.body_limit);
    arm(options_.request_limit, &Peer::give_up_reading);
    const auto [broken, header] = co_await http::async_read_header(socket_, buffer_, *parser_, as_value);
    if (broken) co_return refusal_of(broken, late_).value_or(0);
    if (is_ambiguous(*parser_)) co_return 400;
    co_await encourage();
    const auto [failure, body] = co_await http::async_read(socket_, buffer_, *parser_, as_value);
    if (failure) co_return refusal_of(failure, late_).value_or(0);
    co_return std::nullopt;
  }

  /// Some clients wait for a word before they send a long body.
  Task<void> encourage() {
    if (!beast::iequals(parser_->get()[http::field::expect], "100-continue")) co_return;
    const auto word = asio::buffer(kContinue);
    co_await asio::async_write(socket_, word, as_value);
  }

  Task<void> say_farewell() {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    cut_after(kFarewell);
    error_code gone;
    while (!gone) {
      buffer_.clear();
      const auto room = buffer_.prepare(kChunk);
      const auto [failure, bytes] = co_await socket_.async_read_some(room, as_value);
      gone = failure;
    }
    disarm();
    cut();
  }

  Wire wire_of(HttpReply&& reply) const {
    constexpr unsigned http11 = 11;
    Wire wire;
    wire.version(http11);
    wire.result(static_cast<unsigned>(reply.status));
    for (const auto& [name, value] : reply.headers) wire.insert(name, value);
    if (!has_no_body(wire.result_int()) && !head_) wire.body() = std::move(reply.body);
    if (!wire.body().empty() && wire.count(http::field::content_type) == 0)
      wire.set(http::field::content_type, "text/plain; charset=utf-8");
    wire.keep_alive(keep_alive_);
    wire.prepare_payload();
    return wire;
  }

  void cut_after(Milliseconds limit) { arm(limit, &Peer::hang_up); }
  void hang_up() { cut(); }

  // The way out stays open, for the refusal. Unlike a cancelled read, a direction that is shut stays so.
  void give_up_reading() {
    late_ = true;
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_receive, ignored);
  }

  // An expiry that is already on its way counts no more once the limit was lifted.
  void arm(Milliseconds limit, Act act) {
    const std::uint64_t round = ++round_;
    limit_.expires_after(limit);
    limit_.async_wait([weak = this->weak_from_this(), round, act](const error_code& cancelled) {
      const auto self = weak.lock();
      if (!cancelled && self && self->round_ == round) (self.get()->*act)();
    });
  }
  void disarm() {
    ++round_;
    limit_.cancel();
  }

  const HttpServerOptions options_;
  ServerSocket socket_;
  asio::steady_timer limit_;
  std::uint64_t round_ = 0;
  beast::flat_buffer buffer_{};
  std::optional<Parser> parser_{};
  bool fresh_ = true;
  bool due_ = false;  ///< a request has begun whose reply is not out
  bool late_ = false;
  bool head_ = false;
  bool websocket_ = false;
  bool keep_alive_ = false;
  bool finishing_ = false;
};

}  // namespace

std::shared_ptr<HttpPeer> make_http_peer(ServerSocket socket, const HttpServerOptions& options) {
  return std::make_shared<Peer>(std::move(socket), options);
}

}  // namespace bot
