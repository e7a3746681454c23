#include "bot/net/websocket.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "bot/net/task.hpp"
#include "tests/support/onebot_counterpart.hpp"

using namespace bot;
using support::CounterpartOptions;
using support::OneBotCounterpart;

namespace {

/// A client whose operations block: each runs the loop until it is done. At the end nothing may be left on
/// it.
class Client {
 public:
  explicit Client(WebSocketOptions options) {
    auto made = make_websocket(context_.get_executor(), std::move(options));
    REQUIRE(made.has_value());
    socket_ = std::move(*made);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() {
    socket_.reset();
    context_.restart();
    context_.run();
    CHECK(scope_.running() == 0);
  }

  Result<void> connect() { return done(socket_->connect()); }
  Result<std::string> read() {
    const Result<std::string_view> bytes = done(socket_->read());
    if (!bytes) return bytes.error();
    return std::string(*bytes);
  }
  Result<void> write(const std::string& message) { return done(socket_->write(message)); }
  void close() { socket_->close(); }
  void close_after(Milliseconds time) { spawn(scope_, "close", close_later(time)); }
  /// Connects and reads the greeting.
  void open() {
    CHECK(connect().has_value());
    CHECK(read().has_value());
  }

 private:
  template <class T>
  T done(Task<T> task) {
    std::optional<T> result;
    spawn(scope_, "operation", keep(std::move(task), &result));
    context_.restart();
    while (!result) context_.run_one();
    return std::move(*result);
  }
  template <class T>
  static Task<void> keep(Task<T> task, std::optional<T>* result) {
    T got = co_await std::move(task);
    *result = std::move(got);
  }
  Task<void> close_later(Milliseconds time) {
    co_await sleep_for(time);
    socket_->close();
  }

  boost::asio::io_context context_{1};
  Scope scope_{context_.get_executor()};
  std::unique_ptr<WebSocket> socket_;
};

Errc code_of(const auto& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error().code;
}

}  // namespace

TEST_CASE("an address is ws or wss, with a host and without a password") {
  boost::asio::io_context context;
  const auto code = [&](const std::string& url) {
    const auto socket = make_websocket(context.get_executor(), WebSocketOptions(url));
    return socket ? std::nullopt : std::optional<Errc>(socket.error().code);
  };
  for (const std::string url :
       {"ws://127.0.0.1", "ws://[::1]:3001/path?x=1", "wss://bot.example/", "WS://h:1"}) {
    CAPTURE(url);
    CHECK_FALSE(code(url));
  }
  for (const std::string url :
       {"", "http://h/", "h:3001", "ws://", "ws://u:p@h/", "ws://h:port/", "ws://h:99999/"}) {
    CAPTURE(url);
    CHECK(code(url) == Errc::bad_input);
  }
}

TEST_CASE("text goes out, text and binary come in") {
  OneBotCounterpart peer;
  Client client(WebSocketOptions(peer.url()));
  CHECK(client.connect().has_value());
  CHECK(client.read()->find("lifecycle") != std::string::npos);
  peer.frame("text");
  peer.binary_frame("bin\xff");
  CHECK(*client.read() == "text");
  CHECK(*client.read() == "bin\xff");
  const std::string call = R"({"action":"send_group_msg","params":{"group_id":1,"message":[]},"echo":"e"})";
  CHECK(client.write(call).has_value());
  CHECK(client.read()->find("\"echo\":\"e\"") != std::string::npos);
  CHECK(peer.sends().size() == 1);
}

TEST_CASE("the errors that callers tell apart") {
  OneBotCounterpart peer;
  WebSocketOptions options(peer.url());
  options.message_limit = 1000;
  Client client(options);
  client.open();
  Errc expected = Errc::closed;
  SUBCASE("a reset") {
    peer.vanish();
  }
  SUBCASE("a normal close") {
    peer.close(1000);
  }
  SUBCASE("a close for reasons of policy") {
    expected = Errc::refused;
    peer.close(1008, "token");
  }
  SUBCASE("a message over the limit") {
    expected = Errc::too_large;
    peer.frame(std::string(2000, 'x'));
  }
  CHECK(code_of(client.read()) == expected);
  CHECK_FALSE(client.write("late").has_value());
}

TEST_CASE("a peer that does nothing counts as dead after the idle limit") {
  OneBotCounterpart peer;
  WebSocketOptions options(peer.url());
  options.idle_limit = Milliseconds(400);
  Client client(options);
  client.open();
  peer.freeze();
  const Result<std::string> read = client.read();
  CHECK(code_of(read) == Errc::closed);
  CHECK(read.error().detail.find("no sign of life") != std::string::npos);
}

TEST_CASE("unless told otherwise, silence is noticed within 65 seconds (N1)") {
  const Milliseconds limit = WebSocketOptions("ws://localhost").idle_limit;
  const Milliseconds uncounted = limit / 4;  // the quarter in which the peer fell silent
  CHECK(limit + uncounted <= std::chrono::seconds(65));
}

TEST_CASE("a quiet peer that answers pings stays connected") {
  OneBotCounterpart peer;
  WebSocketOptions options(peer.url());
  options.idle_limit = Milliseconds(200);
  Client client(options);
  client.open();
  client.close_after(Milliseconds(1000));
  const SteadyTime began = SystemClock().steady();
  CHECK(code_of(client.read()) == Errc::closed);
  CHECK(SystemClock().steady() - began > Milliseconds(900));
}

TEST_CASE("an upgrade that is not answered ends by the connect limit, or by close") {
  OneBotCounterpart peer;
  peer.freeze();
  WebSocketOptions options(peer.url());
  options.connect_limit = Milliseconds(300);
  Client client(options);
  SUBCASE("limit") {
    CHECK(code_of(client.connect()) == Errc::unreachable);
  }
  SUBCASE("close") {
    client.close_after(Milliseconds(50));
    CHECK(code_of(client.connect()) == Errc::closed);
  }
}

TEST_CASE("a close that is not answered is cut") {
  OneBotCounterpart peer;
  WebSocketOptions options(peer.url());
  options.close_limit = Milliseconds(200);
  Client client(options);
  client.open();
  peer.freeze();
  client.close();
  client.close();
  CHECK(code_of(client.read()) == Errc::closed);
}
