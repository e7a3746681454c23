/// Network and Scope with a platform that has no socket.
#include "bot/net/network.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/net/http_server.hpp"
#include "bot/net/platform.hpp"
#include "bot/net/task.hpp"
#include "tests/support/recording_sink.hpp"

using namespace bot;

namespace {

/// Sends by remembering; "throw" makes it fail in a way that a platform must not.
class FakePlatform final : public Platform {
 public:
  FakePlatform(boost::asio::io_context& context, std::string name)
      : name_(std::move(name)), stopped_(context.get_executor()) {}

  const std::string& account() const noexcept override { return name_; }
  Capabilities capabilities(const Address&) const override {
    Capabilities capabilities;
    capabilities.buttons = name_ == "buttons";
    return capabilities;
  }
  Task<void> run() override {
    while (!stopping_) {
      co_await stopped_.wait();
    }
    throw std::runtime_error("a platform that ends badly");
  }
  void stop() noexcept override {
    stopping_ = true;
    stopped_.wake();
  }
  Task<SendOutcome> send(Delivery delivery) override {
    const std::string text = delivery.message.plain();
    if (text == "throw") throw std::runtime_error("a bug");
    if (text == "slow") {
      co_await sleep_for(Milliseconds(50));
    }
    co_return Sent{text};
  }
  Task<HistoryRead> history(Address chat, std::size_t count) override {
    if (chat.chat == "throw") throw std::runtime_error("a bug");
    HistoryRead history;
    history.messages.resize(count - 1);
    co_return history;
  }

 private:
  std::string name_;
  Waiter stopped_;
  bool stopping_ = false;
};

struct Desk {
  Desk() : network(sink, clock) {
    network.add(
        [](boost::asio::io_context& context) { return std::make_unique<FakePlatform>(context, "a"); });
  }
  void send(const std::string& text) {
    std::vector<Delivery> deliveries;
    deliveries.emplace_back(Address{"a", "1", false}, Message(text));
    network.send(std::move(deliveries));
  }
  std::string outcome(std::size_t count) {
    const auto settled = sink.wait<Settled>(count);
    if (!settled) return "none";
    const auto* sent = std::get_if<Sent>(&settled->outcome);
    return sent == nullptr ? "not sent" : sent->message_id;
  }

  SystemClock clock;
  support::RecordingSink sink;
  Network network;
};

Task<void> fail() {
  co_await sleep_for(Milliseconds(1));
  throw std::runtime_error("on purpose");
}

Task<void> join(Scope* scope, int* joined) {
  co_await scope->joined();
  ++*joined;
}

}  // namespace

TEST_CASE_FIXTURE(Desk, "a slow send holds nobody up, and a bug in a platform is an unknown outcome") {
  network.start();
  send("slow");
  send("quick");
  send("throw");
  CHECK(outcome(1) == "quick");
  CHECK(outcome(2) == "not sent");
  CHECK(outcome(3) == "slow");
}

TEST_CASE_FIXTURE(Desk, "a history says how much was asked for, also when less came or nothing") {
  network.start();
  network.read_history({"a", "1", false}, 3);
  network.read_history({"a", "throw", false}, 7);
  CHECK(sink.wait<HistoryRead>(1)->asked == 3);
  CHECK(sink.wait<HistoryRead>(2)->asked == 7);
  CHECK(sink.wait<HistoryRead>(2)->failure == "a bug");
}

TEST_CASE_FIXTURE(Desk, "what was handed in before the stop is decided before it returns") {
  network.start();
  for (int times = 0; times < 100; ++times) send("slow");
  network.stop();
  CHECK(sink.all<Settled>().size() == 100);
}

TEST_CASE_FIXTURE(Desk, "each delivery is settled once, whoever stops meanwhile") {
  network.start();
  std::thread other([this] { network.stop(); });
  for (int times = 0; times < 1000; ++times) send("quick");
  other.join();
  CHECK(sink.all<Settled>().size() == 1000);
}

TEST_CASE("a server is opened before the platforms, answers from the start on, and ends with the network") {
  SystemClock clock;
  support::RecordingSink sink;
  std::uint16_t port = 0;
  {
    Network network(sink, clock);
    HttpServer& server = network.listen(HttpServerOptions());
    port = server.port();
    server.on("GET", "/", [](HttpCall) -> Task<HttpReply> { co_return HttpReply(200, "here"); });
    CHECK_THROWS_AS(network.listen(HttpServerOptions()), std::logic_error);
    network.start();
    boost::asio::ip::tcp::iostream client("127.0.0.1", std::to_string(port));
    client << "GET / HTTP/1.0\r\n\r\n" << std::flush;
    const std::string reply(std::istreambuf_iterator<char>(client), {});
    CHECK(reply.ends_with("here"));
  }
  CHECK_FALSE(boost::asio::ip::tcp::iostream("127.0.0.1", std::to_string(port)));
  Network holder(sink, clock);
  HttpServerOptions same;
  same.port = holder.listen(HttpServerOptions()).port();
  Network late(sink, clock);
  CHECK_THROWS_AS(late.listen(same), std::runtime_error);
}

TEST_CASE("a scope outlives an exception and can be joined by several") {
  boost::asio::io_context context{1};
  Scope scope(context.get_executor());
  Scope watchers(context.get_executor());
  int joined = 0;
  spawn(scope, "failing", fail());
  spawn(watchers, "first", join(&scope, &joined));
  spawn(watchers, "second", join(&scope, &joined));
  CHECK(scope.running() == 1);
  context.run();
  CHECK(scope.running() == 0);
  CHECK(joined == 2);
}
