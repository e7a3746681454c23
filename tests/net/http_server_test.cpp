/// The HTTP server over real sockets: what it serves, and what it does not put up with.
#include "bot/net/http_server.hpp"

#include <doctest/doctest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bot/net/task.hpp"
#include "bot/net/websocket.hpp"

using namespace bot;
using boost::asio::ip::tcp;
using std::chrono::seconds;
namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

/// A server with a thread of its own. /echo tells what arrived, /slow answers when told, /ws echoes.
class Running {
 public:
  explicit Running(HttpServerOptions options = {}) : released_(context_.get_executor()) {
    server_ = make_http_server(context_.get_executor(), std::move(options)).value();
    server_->on("POST", "/echo", [](HttpCall call) { return echo(std::move(call)); });
    server_->on("GET", "/slow", [this](HttpCall) { return slow(); });
    server_->on("GET", "/throw", [](HttpCall) -> Task<HttpReply> { throw std::runtime_error("s3cret"); });
    server_->on("GET", "/empty", [](HttpCall) -> Task<HttpReply> { co_return HttpReply(204, "ignored"); });
    server_->on_websocket(
        "/ws",
        [](const HttpCall& call) {
          return HttpReply(call.parameter("access_token") == "t" ? 101 : 403, "no");
        },
        [this](HttpCall, std::unique_ptr<WebSocket> socket) {
          spawn(scope_, "echo", echo_all(std::move(socket)));
        });
    spawn(scope_, "server", server_->run());
    thread_ = std::thread([this] { context_.run(); });
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    release();
    stop();
    thread_.join();
    CHECK(scope_.running() == 0);
  }

  std::uint16_t port() const { return server_->port(); }
  void stop() {
    asio::post(context_, [this] { server_->stop(); });
  }
  void release() {
    asio::post(context_, [this] {
      free_ = true;
      released_.wake();
    });
  }

 private:
  static Task<HttpReply> echo(HttpCall call) {
    HttpReply reply(200, call.path + "|" + call.query + "|" + call.parameter("a") + "|" +
                             std::string(call.header("x-ONE")) + "|" + call.body);
    reply.headers.emplace_back("X-Two", "2");
    co_return reply;
  }
  Task<HttpReply> slow() {
    while (!free_) co_await released_.wait();
    co_return HttpReply(200, "at last");
  }
  static Task<void> echo_all(std::unique_ptr<WebSocket> socket) {
    const Result<void> connected = co_await socket->connect();
    CHECK(connected.has_value());
    while (true) {
      const Result<std::string_view> message = co_await socket->read();
      if (!message) co_return;
      co_await socket->write(std::string(*message));
    }
  }

  asio::io_context context_{1};
  Scope scope_{context_.get_executor()};
  Waiter released_;
  bool free_ = false;
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

/// A client that says whatever it is told.
class Client {
 public:
  explicit Client(const Running& server) : socket_(context_) {
    socket_.connect(tcp::endpoint(asio::ip::address_v4::loopback(), server.port()));
  }

  void say(const std::string& bytes) {
    error_code ignored;
    asio::write(socket_, asio::buffer(bytes), ignored);
  }
  /// The next reply; status 0 when the connection ended instead.
  http::response<http::string_body> hear() {
    http::response<http::string_body> reply;
    error_code failure;
    http::read(socket_, buffer_, reply, failure);
    if (failure) reply.result(0U);
    return reply;
  }
  unsigned status() { return hear().result_int(); }
  unsigned status_of(const std::string& request) {
    say(request);
    return status();
  }
  bool is_closed() {
    error_code failure;
    char byte = 0;
    asio::read(socket_, asio::buffer(&byte, 1), failure);
    return failure.failed();
  }

 private:
  asio::io_context context_;
  tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
};

std::string post(const std::string& target, const std::string& body, const std::string& more = "") {
  return "POST " + target + " HTTP/1.1\r\nHost: h\r\n" + more +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

HttpServerOptions quick() {
  HttpServerOptions options;
  options.request_limit = Milliseconds(300);
  options.idle_limit = Milliseconds(300);
  return options;
}

Milliseconds since(SteadyTime began) {
  return std::chrono::duration_cast<Milliseconds>(SystemClock().steady() - began);
}

/// A WebSocket client whose operations block.
class WebClient {
 public:
  WebClient(const Running& server, const std::string& target) {
    const std::string url = "ws://127.0.0.1:" + std::to_string(server.port()) + target;
    socket_ = make_websocket(context_.get_executor(), WebSocketOptions(url)).value();
  }
  Result<void> connect() { return done(socket_->connect()); }
  std::string echoed(const std::string& text) {
    CHECK(done(socket_->write(text)).has_value());
    return read();
  }
  std::string read() {
    const Result<std::string_view> bytes = done(socket_->read());
    return bytes ? std::string(*bytes) : "lost: " + bytes.error().detail;
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

  asio::io_context context_{1};
  Scope scope_{context_.get_executor()};
  std::unique_ptr<WebSocket> socket_;
};

}  // namespace

TEST_CASE("server: a request arrives as it is, and the connection stays for the next") {
  Running server;
  Client client(server);
  for (int times = 0; times < 3; ++times) {
    client.say(post("/echo?a=%E4%BD%A0+b&c", "x\r\ny", "X-One: 1\r\n"));
    const auto reply = client.hear();
    CHECK(reply.result_int() == 200);
    CHECK(reply.body() == "/echo|a=%E4%BD%A0+b&c|你+b|1|x\r\ny");
    CHECK(reply["X-Two"] == "2");
  }
}

TEST_CASE("server: parameters, whatever the query is") {
  HttpCall call;
  call.query = "a=1&b=%41%20&=x&c&a=2&d==%3D&%65=e&bad=%4&t=a|b[";
  CHECK(call.parameter("a") == "1");
  CHECK(call.parameter("b") == "A ");
  CHECK(call.parameter("c").empty());
  CHECK(call.parameter("d") == "==");
  CHECK(call.parameter("e") == "e");
  CHECK(call.parameter("bad").empty());
  CHECK(call.parameter("t") == "a|b[");
  CHECK(call.parameter("absent").empty());
}

TEST_CASE("server: requests that are sent ahead are answered in order, and garbage ends the connection") {
  Running server;
  Client client(server);
  client.say(post("/echo", "1") + post("/echo", "2") + "\x01garbage\r\n\r\n");
  CHECK(client.hear().body() == "/echo||||1");
  CHECK(client.hear().body() == "/echo||||2");
  CHECK(client.status() == 400);
  CHECK(client.is_closed());
}

TEST_CASE("server: what nobody serves") {
  Running server;
  Client client(server);
  CHECK(client.status_of(get("/")) == 404);
  CHECK(client.status_of(get("/echo/")) == 404);
  client.say(get("/echo"));
  const auto wrong = client.hear();
  CHECK(wrong.result_int() == 405);
  CHECK(wrong["Allow"] == "POST");
  CHECK(client.status_of(get("/ws")) == 426);
  CHECK(client.status_of(get("/throw")) == 500);
  client.say(get("/empty"));
  const auto empty = client.hear();
  CHECK(empty.result_int() == 204);
  CHECK(empty.body().empty());
}

TEST_CASE("server: requests over a limit, or that mean two things, are refused") {
  HttpServerOptions options;
  options.header_limit = 1000;
  options.body_limit = 2000;
  Running server(options);
  const auto refused = [&](const std::string& request) {
    Client client(server);
    const unsigned status = client.status_of(request);
    CHECK(client.is_closed());
    return status;
  };
  CHECK(refused("GET / HTTP/1.1\r\nX: " + std::string(2000, 'x') + "\r\n\r\n") == 431);
  CHECK(refused("GET /" + std::string(2000, 'x') + " HTTP/1.1\r\n\r\n") == 431);
  CHECK(refused(post("/echo", std::string(3000, 'x'))) == 413);
  CHECK(refused("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nbb9\r\n" + std::string(3001, 'x') +
                "\r\n0\r\n\r\n") == 413);
  CHECK(refused("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n") ==
        400);
  CHECK(refused("POST /echo HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx") == 400);
  CHECK(refused("hello\r\n\r\n") == 400);
}

TEST_CASE("server: a chunked body, and a client that asks first") {
  Running server;
  Client client(server);
  client.say("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
  CHECK(client.hear().body() == "/echo||||abc");
  client.say("POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
  CHECK(client.status() == 100);
  client.say("x");
  CHECK(client.hear().body() == "/echo||||x");
}

TEST_CASE("server: who dawdles is told so, and who says nothing is cut") {
  Running server(quick());
  const SteadyTime began = SystemClock().steady();
  Client silent(server);
  Client slow(server);
  slow.say("POST /echo HTTP/1.1\r\n");
  Client half(server);
  half.say("POST /echo HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf");
  CHECK(slow.status() == 408);
  CHECK(half.status() == 408);
  CHECK(silent.is_closed());
  Client idle(server);
  CHECK(idle.status_of(post("/echo", "")) == 200);
  CHECK(idle.is_closed());
  CHECK(since(began) < seconds(5));
}

TEST_CASE("server: a byte now and then does not keep a request open") {
  Running server(quick());
  Client drip(server);
  const SteadyTime began = SystemClock().steady();
  const std::string request = "GET /echo HTTP/1.1\r\n";
  std::size_t said = 0;
  while (since(began) < Milliseconds(600)) {
    if (since(began) >= Milliseconds(30 * static_cast<int>(said)))
      drip.say({request[said++ % request.size()]});
  }
  CHECK(drip.status() == 408);
}

TEST_CASE("server: more connections than allowed are closed at once, and room is found again") {
  HttpServerOptions options;
  options.connections = 2;
  Running server(options);
  Client first(server);
  CHECK(first.status_of(post("/echo", "")) == 200);
  {
    WebClient second(server, "/ws?access_token=t");
    REQUIRE(second.connect().has_value());
    Client third(server);
    CHECK(third.is_closed());
    CHECK(second.echoed("still") == "still");
  }
  const auto room = [&] {
    Client again(server);
    return again.status_of(post("/echo", "")) == 200;
  };
  const SteadyTime began = SystemClock().steady();
  bool found = false;
  while (!found && since(began) < seconds(10)) found = room();
  CHECK(found);
}

TEST_CASE("server: a WebSocket is admitted or refused before the upgrade") {
  Running server;
  WebClient stranger(server, "/ws?access_token=x");
  const Result<void> refused = stranger.connect();
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Errc::refused);
  WebClient client(server, "/ws?access_token=t");
  REQUIRE(client.connect().has_value());
  CHECK(client.echoed("hello") == "hello");
  const std::string long_text(200'000, 'x');
  CHECK(client.echoed(long_text) == long_text);
  WebClient nowhere(server, "/");
  CHECK_FALSE(nowhere.connect().has_value());
}

TEST_CASE("server: an upgrade whose first frame comes along with it") {
  Running server;
  Client client(server);
  client.say(
      "GET /ws?access_token=t HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: keep-alive, "
      "Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" +
      std::string("\x81\x82\0\0\0\0hi", 8));
  const auto reply = client.hear();
  CHECK(reply.result_int() == 101);
  CHECK(reply["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  CHECK_FALSE(client.is_closed());
  Client wrong(server);
  CHECK(wrong.status_of("GET /ws?access_token=t HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: "
                        "Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n") == 400);
}

TEST_CASE("server: stopping lets an answer out and closes everything else") {
  const SteadyTime began = SystemClock().steady();
  auto server = std::make_unique<Running>();
  Client idle(*server);
  Client half(*server);
  half.say("POST /echo HTTP/1.1\r\n");
  Client busy(*server);
  busy.say(get("/slow"));
  WebClient web(*server, "/ws?access_token=t");
  REQUIRE(web.connect().has_value());
  CHECK(web.echoed("x") == "x");
  server->stop();
  CHECK(idle.is_closed());
  CHECK(web.read().starts_with("lost: "));
  server->release();
  CHECK(busy.hear().body() == "at last");
  CHECK(busy.is_closed());
  server.reset();
  CHECK(since(began) < seconds(10));
}

TEST_CASE("server: a port that is taken, an address that is none, a path that is served twice") {
  Running server;
  asio::io_context context;
  HttpServerOptions options;
  options.port = server.port();
  const auto taken = make_http_server(context.get_executor(), options);
  REQUIRE_FALSE(taken.has_value());
  CHECK(taken.error().code == Errc::unreachable);
  CHECK(taken.error().detail.find("127.0.0.1:" + std::to_string(server.port())) != std::string::npos);
  options.address = "nowhere";
  CHECK_FALSE(make_http_server(context.get_executor(), options).has_value());
  const auto other = make_http_server(context.get_executor(), HttpServerOptions()).value();
  const auto answer = [](HttpCall) -> Task<HttpReply> { co_return HttpReply(); };
  other->on("GET", "/", answer);
  other->on("POST", "/", answer);
  CHECK_THROWS_AS(other->on("GET", "/", answer), std::logic_error);
}
