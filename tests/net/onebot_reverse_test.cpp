/// Implementations of OneBot that dial us over WebSocket.
#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/net/http_server.hpp"
#include "bot/net/network.hpp"
#include "bot/platforms/onebot/onebot.hpp"
#include "tests/support/onebot_dialler.hpp"
#include "tests/support/onebot_http_counterpart.hpp"
#include "tests/support/recording_sink.hpp"

using namespace bot;
using std::chrono::seconds;
using support::DiallerOptions;
using support::OneBotDialler;

namespace {

constexpr const char* kGroup = "987654321";
using Headers = std::vector<std::pair<std::string, std::string>>;

AccountConfig dialled(const std::string& name, const std::string& self, const std::string& token = "") {
  AccountConfig config;
  config.name = name;
  config.platform = "onebot11";
  config.transport = "reverse";
  config.self = self;
  config.token = Secret(token, "literal");
  return config;
}

DiallerOptions options_of(Headers headers, const std::string& path = "/onebot/v11/ws") {
  DiallerOptions options;
  options.headers = std::move(headers);
  options.path = path;
  return options;
}

DiallerOptions half(const std::string& role) {
  return options_of({{"X-Self-ID", "10001000"}, {"X-Client-Role", role}});
}

/// A bot that listens for its accounts.
struct Listening {
  explicit Listening(const std::vector<AccountConfig>& accounts) : network(sink, clock) {
    HttpServer& server = network.listen(HttpServerOptions());
    port = server.port();
    const auto hub = make_onebot_hub(server);
    for (const AccountConfig& account : accounts) {
      network.add([&](boost::asio::io_context& context) {
        return make_onebot(context, account, {.sink = sink, .clock = clock, .seed = 42, .hub = hub});
      });
    }
    network.start();
  }
  Listening() : Listening({dialled("qq", "10001000")}) {}

  void send(std::int64_t outbox, const std::string& text, const std::string& account = "qq") {
    Delivery made(Address{account, kGroup, false}, Message(text));
    made.outbox = outbox;
    std::vector<Delivery> deliveries;
    deliveries.push_back(std::move(made));
    network.send(std::move(deliveries));
  }
  std::string posted(std::size_t count) {
    const auto message = sink.wait<MessagePosted>(count);
    return message ? message->message.plain() : "nothing came";
  }
  template <class Outcome>
  bool settled(std::size_t count) {
    const auto verdict = sink.wait<Settled>(count);
    return verdict && std::holds_alternative<Outcome>(verdict->outcome);
  }

  SystemClock clock;
  support::RecordingSink sink;
  Network network;
  std::uint16_t port = 0;
};

}  // namespace

TEST_CASE_FIXTURE(Listening,
                  "reverse: down until somebody dials, then everything as over a dialled connection") {
  const auto down = sink.wait<LinkDown>();
  REQUIRE(down);
  CHECK(down->reason == "not connected yet: nobody has dialled");
  send(1, "too early");
  CHECK(settled<NotSent>(1));
  OneBotDialler qq(port);
  CHECK(qq.status() == 101);
  const auto up = sink.wait<LinkUp>();
  REQUIRE(up);
  CHECK(up->self == "10001000");
  CHECK(up->implementation == "Counterpart 1.0");
  CHECK(sink.wait<GroupsListed>());
  qq.says_in_group(kGroup, "12345678", "打卡");
  CHECK(posted(1) == "打卡");
  send(2, "收到");
  REQUIRE(settled<Sent>(2));
  REQUIRE(qq.sends().size() == 1);
  CHECK(qq.sends()[0].text == "收到");
}

TEST_CASE_FIXTURE(Listening, "reverse: after the platform has dialled again everything goes on") {
  for (std::size_t times = 1; times <= 3; ++times) {
    OneBotDialler qq(port);
    REQUIRE(sink.wait<LinkUp>(times));
    qq.says_in_group(kGroup, "1", "round " + std::to_string(times));
    CHECK(posted(times) == "round " + std::to_string(times));
    send(static_cast<std::int64_t>(times), "answer");
    CHECK(settled<Sent>(times));
  }
  CHECK(sink.wait<LinkDown>(4));
}

TEST_CASE_FIXTURE(Listening, "reverse: what was in flight when the platform went away is unknown") {
  DiallerOptions options;
  options.answers_sends = false;
  auto qq = std::make_unique<OneBotDialler>(port, options);
  REQUIRE(sink.wait<LinkUp>());
  send(1, "one");
  REQUIRE(qq->wait_for_sends(1));
  qq.reset();
  CHECK(settled<Unknown>(1));
  send(2, "two");
  CHECK(settled<NotSent>(2));
}

TEST_CASE_FIXTURE(Listening, "reverse: a newer connection takes over from the older one") {
  OneBotDialler old(port);
  REQUIRE(sink.wait<LinkUp>());
  OneBotDialler fresh(port);
  CHECK(old.wait_until_closed());
  REQUIRE(sink.wait<LinkUp>(2));
  CHECK(sink.wait<LinkDown>(2)->reason == "the platform has dialled anew");
  send(1, "to the new one");
  CHECK(settled<Sent>(1));
  CHECK(fresh.sends().size() == 1);
  CHECK(old.sends().empty());
}

TEST_CASE_FIXTURE(Listening, "reverse: calls and events over two connections, in any order") {
  for (std::size_t times = 1; times <= 2; ++times) {
    const bool events_first = times == 1;
    OneBotDialler first(port, half(events_first ? "Event" : "Api"));
    CHECK(first.status() == 101);
    OneBotDialler second(port, half(events_first ? "API" : "event"));
    REQUIRE(sink.wait<LinkUp>(times));
    OneBotDialler& events = events_first ? first : second;
    OneBotDialler& calls = events_first ? second : first;
    events.says_in_group(kGroup, "1", "over the events");
    CHECK(posted(times) == "over the events");
    send(static_cast<std::int64_t>(times), "over the calls");
    CHECK(settled<Sent>(times));
    CHECK(calls.sends().size() == 1);
    CHECK(events.sends().empty());
  }
}

TEST_CASE_FIXTURE(Listening, "reverse: half a pair that comes anew replaces its older self") {
  OneBotDialler events(port, half("Event"));
  CHECK(events.status() == 101);
  OneBotDialler newer(port, half("Event"));
  CHECK(events.wait_until_closed());
  OneBotDialler calls(port, half("API"));
  REQUIRE(sink.wait<LinkUp>());
  OneBotDialler other_calls(port, half("API"));
  CHECK(calls.wait_until_closed());
  CHECK(newer.wait_until_closed());
  REQUIRE(sink.wait<LinkDown>(2));
  OneBotDialler other_events(port, half("Event"));
  CHECK(sink.wait<LinkUp>(2));
}

TEST_CASE("reverse: several accounts share a port, and every usual path leads there") {
  Listening bot({dialled("left", "1"), dialled("right", "2")});
  std::size_t round = 0;
  for (const std::string path :
       {"/", "/onebot/v11", "/onebot/v11/", "/onebot/v11/ws", "/onebot/v11/ws/?x=1"}) {
    CAPTURE(path);
    ++round;
    OneBotDialler left(bot.port, options_of({{"X-SELF-ID", "1"}}, path));
    OneBotDialler right(bot.port, options_of({{"x-self-id", "2"}}, path));
    CHECK(left.status() == 101);
    REQUIRE(bot.sink.wait<LinkUp>(2 * round));
    bot.send(1, "to the right", "right");
    CHECK(bot.settled<Sent>(round));
    CHECK(right.sends().size() == 1);
    CHECK(left.sends().empty());
    CHECK_FALSE(left.sends().size() + right.sends().size() != 1);
  }
}

TEST_CASE("reverse: two accounts with one id") {
  CHECK_THROWS(Listening({dialled("a", "1"), dialled("b", "1")}));
}

TEST_CASE("reverse: who is not let in") {
  Listening bot({dialled("qq", "10001000", "right")});
  const auto status = [&](const Headers& headers, const std::string& path = "/onebot/v11/ws") {
    return OneBotDialler(bot.port, options_of(headers, path)).status();
  };
  const std::pair<std::string, std::string> self{"X-Self-ID", "10001000"};
  CHECK(status({}) == 400);
  CHECK(status({{"X-Self-ID", "2"}, {"Authorization", "Bearer right"}}) == 403);
  CHECK(status({self, {"X-Client-Role", "Emperor"}, {"Authorization", "Bearer right"}}) == 400);
  CHECK(status({self}) == 401);
  CHECK(status({self, {"Authorization", "Bearer "}}) == 401);
  CHECK(status({self, {"Authorization", "Bearer wrong"}}) == 403);
  CHECK(status({self, {"Authorization", "Bearer right"}}, "/elsewhere") == 404);
  CHECK(bot.sink.all<LinkUp>().empty());
  CHECK(status({self, {"Authorization", "Token right"}}) == 101);
  CHECK(status({self}, "/?access_token=right") == 101);
  CHECK(support::post_event(bot.port, "{}", {self}) == 400);
}

TEST_CASE("reverse: stopping takes no time, whatever is half done") {
  const SteadyTime began = SystemClock().steady();
  {
    Listening nobody_came;
  }
  {
    Listening full;
    full.sink.set_full(true);
    OneBotDialler old(full.port);
    REQUIRE(full.sink.wait<LinkUp>());
    old.says_in_group(kGroup, "1", "nobody takes it");
    REQUIRE(full.sink.wait_turned_away(1));
    OneBotDialler fresh(full.port);
    REQUIRE(full.sink.wait<LinkUp>(2));
  }
  {
    Listening bot;
    OneBotDialler waiting(bot.port, half("Event"));
    CHECK(waiting.status() == 101);
  }
  {
    Listening bot;
    DiallerOptions silent;
    silent.answers_sends = false;
    OneBotDialler qq(bot.port, silent);
    REQUIRE(bot.sink.wait<LinkUp>());
    bot.send(1, "one");
    REQUIRE(qq.wait_for_sends(1));
    bot.network.stop();
    CHECK(bot.settled<Unknown>(1));
    CHECK(qq.wait_until_closed());
  }
  CHECK(SystemClock().steady() - began < seconds(5));
}
