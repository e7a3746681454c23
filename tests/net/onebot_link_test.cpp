/// A connection from its beginning to its end: garbage, drops, refusals, TLS and stops.
#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "bot/platforms/onebot/session.hpp"
#include "tests/support/onebot_linked.hpp"

using namespace bot;
using namespace support;
using std::chrono::seconds;

namespace {

constexpr std::size_t kFiveMegabytes = 5 * 1024 * 1024;

/// For things that must not happen.
constexpr Milliseconds kWhile{1200};

std::chrono::steady_clock::duration since(SteadyTime began) {
  return SystemClock().steady() - began;
}

}  // namespace

TEST_CASE_FIXTURE(Linked, "garbage costs nothing but itself") {
  for (const std::string bytes :
       {"", "{", "not json", "[]", "null", R"({"post_type":5})", R"({"echo":{}})",
        R"({"status":"ok","retcode":0,"echo":17})", R"({"status":"ok","retcode":0})",
        R"({"status":"failed","retcode":1403,"echo":null})"}) {
    qq.frame(bytes);
    qq.binary_frame(bytes);
  }
  qq.frame(std::string(200'000, '['));
  qq.binary_frame("\xff\xfe");
  qq.binary_frame(
      R"({"post_type":"message","message_type":"group","group_id":1,"user_id":2,"message":"binary"})");
  qq.says_in_group(kGroup, "1", "still here");
  CHECK(bot.posted(1) == "binary");
  CHECK(bot.posted(2) == "still here");
  CHECK(qq.connections() == 1);
  CHECK(bot.links_down() == 0);
}

TEST_CASE_FIXTURE(Linked, "a frame over the limit ends the connection, and the bot comes back") {
  qq.frame(R"({"post_type":"message","message":")" + std::string(kFiveMegabytes, 'x') + "\"}");
  REQUIRE(bot.sink.wait<LinkDown>());
  REQUIRE(bot.sink.wait<LinkUp>(2));
  qq.says_in_group(kGroup, "1", "after");
  CHECK(bot.posted(1) == "after");
}

TEST_CASE_FIXTURE(Linked, "invalid UTF-8 in a text frame ends the connection, and the bot comes back") {
  qq.frame("{\"post_type\":\"\xff\"}");
  REQUIRE(bot.sink.wait<LinkDown>());
  CHECK(bot.sink.wait<LinkUp>(2));
}

TEST_CASE_FIXTURE(Linked, "a dropped connection is reported and replaced within a second") {
  const SteadyTime began = SystemClock().steady();
  qq.vanish();
  REQUIRE(bot.sink.wait<LinkDown>());
  REQUIRE(bot.sink.wait<LinkUp>(2));
  CHECK(since(began) < seconds(1));
  CHECK(bot.links_down() == 1);
  qq.says_in_group(kGroup, "1", "again");
  CHECK(bot.posted(1) == "again");
}

TEST_CASE_FIXTURE(Linked,
                  "while nobody listens there is one LinkDown, and sends are known not to have gone out") {
  qq.stop_accepting();
  qq.vanish();
  REQUIRE(bot.sink.wait<LinkDown>());
  bot.send(delivery(1, "one"));
  CHECK(ended_as<NotSent>(bot.sink.wait<Settled>()));
  CHECK_FALSE(bot.sink.wait<LinkDown>(2, kWhile));
  qq.accept_again();
  CHECK(bot.sink.wait<LinkUp>(2));
  bot.send(delivery(2, "two"));
  CHECK(ended_as<Sent>(bot.sink.wait<Settled>(2)));
}

TEST_CASE_FIXTURE(Linked, "a send without an answer is unknown as soon as the connection is gone") {
  qq.answer_sends(Answering::never);
  bot.send(delivery(1, "one"));
  REQUIRE(qq.wait_for_sends(1));
  qq.vanish();
  const auto settled = bot.sink.wait<Settled>();
  REQUIRE(ended_as<Unknown>(settled));
  CHECK(std::get<Unknown>(settled->outcome).reason.starts_with("connection lost"));
}

TEST_CASE_FIXTURE(Linked, "a heart that stops beating is a lost connection") {
  qq.ignore_questions();
  qq.heartbeat(Milliseconds(100));
  const auto down = bot.sink.wait<LinkDown>();
  REQUIRE(down);
  CHECK(down->reason == "no heartbeat came, and a question was not answered");
  CHECK(qq.wait_for_connections(2));
}

TEST_CASE_FIXTURE(Linked, "a peer without heartbeats that answers when it is asked stays connected") {
  qq.heartbeat(Milliseconds(100));
  REQUIRE(qq.wait_until_status_asked(4));
  CHECK(bot.links_down() == 0);
  CHECK(qq.connections() == 1);
}

TEST_CASE(
    "whatever the heartbeats are, a dead peer is noticed within 65 seconds, and a slow one is not dead") {
  for (const auto& interval :
       {std::optional<Milliseconds>{}, std::optional<Milliseconds>(seconds(5)),
        std::optional<Milliseconds>(seconds(30)), std::optional<Milliseconds>(seconds(60)),
        std::optional<Milliseconds>(seconds(600))}) {
    const onebot::Patience patience = onebot::patience_with(interval);
    CHECK(patience.silence + patience.answer <= seconds(65));
    CHECK(patience.answer >= seconds(5));
  }
  CHECK(onebot::patience_with(seconds(30)).silence > seconds(40));
}

TEST_CASE_FIXTURE(Linked, "the platform logs the account out and in again") {
  qq.heartbeat(seconds(30), false);
  qq.heartbeat(seconds(30), false);
  REQUIRE(bot.sink.wait<LinkDown>());
  bot.send(delivery(1, "one"));
  CHECK(ended_as<NotSent>(bot.sink.wait<Settled>()));
  qq.heartbeat(seconds(30), true);
  CHECK(bot.sink.wait<LinkUp>(2));
  qq.frame(R"({"post_type":"notice","notice_type":"bot_offline","user_id":1,"message":"kicked"})");
  const auto down = bot.sink.wait<LinkDown>(2);
  REQUIRE(down);
  CHECK(down->reason == "kicked");
  CHECK(qq.connections() == 1);
  CHECK(qq.sends().empty());
}

TEST_CASE_FIXTURE(Linked, "a full desk stops the reading and loses nothing") {
  bot.sink.set_full(true);
  for (int number = 0; number < 50; ++number) qq.says_in_group(kGroup, "1", std::to_string(number));
  REQUIRE(bot.sink.wait_turned_away(3));
  bot.sink.set_full(false);
  REQUIRE(bot.sink.wait<MessagePosted>(50));
  const auto messages = bot.sink.all<MessagePosted>();
  for (std::size_t number = 0; number < 50; ++number) {
    CHECK(messages[number].message.plain() == std::to_string(number));
  }
}

TEST_CASE("a wrong token is reported once and hardly ever tried again") {
  CounterpartOptions options;
  options.token = "right";
  SUBCASE("one frame, as NapCat says it") {
    options.wrong_token = CounterpartOptions::WrongToken::frame_1403;
  }
  SUBCASE("HTTP 401, as the standard says it") {
    options.wrong_token = CounterpartOptions::WrongToken::http_401;
  }
  OneBotCounterpart qq(options);
  Bot bot(account(qq.url(), "wrong"));
  REQUIRE(bot.sink.wait<LinkDown>());
  CHECK_FALSE(qq.wait_for_connections(2, kWhile));
  CHECK(bot.links_down() == 1);
  CHECK(bot.sink.all<LinkUp>().empty());
}

TEST_CASE("a close for reasons of policy counts as a refused token") {
  Linked linked;
  linked.qq.close(1008, "invalid access token");
  REQUIRE(linked.bot.sink.wait<LinkDown>());
  CHECK_FALSE(linked.qq.wait_for_connections(2, kWhile));
}

TEST_CASE("the token goes into the header") {
  CounterpartOptions options;
  options.token = "s3cret";
  Linked linked(options);
  CHECK(linked.qq.last_authorization() == "Bearer s3cret");
}

TEST_CASE("an address that is none is reported") {
  for (const std::string url : {"http://127.0.0.1:1/", "127.0.0.1", "ws://", "ws://user:pw@127.0.0.1/", ""}) {
    CAPTURE(url);
    Bot bot(account(url));
    CHECK(bot.sink.wait<LinkDown>());
  }
}

TEST_CASE("names are resolved, and a port where nobody listens is no reason to give up") {
  OneBotCounterpart qq;
  Bot bot(account("ws://localhost:" + std::to_string(qq.port())));
  CHECK(bot.sink.wait<LinkUp>());
  qq.stop_accepting();
  Bot other(account(qq.url()));
  REQUIRE(other.sink.wait<LinkDown>());
  qq.accept_again();
  CHECK(other.sink.wait<LinkUp>());
}

TEST_CASE("TLS with an authority of one's own") {
  CounterpartOptions options;
  options.tls = true;
  Linked linked(options);
  linked.qq.says_in_group(kGroup, "1", "over TLS");
  CHECK(linked.bot.posted(1) == "over TLS");
  linked.bot.send(delivery(1, "back"));
  CHECK(ended_as<Sent>(linked.bot.sink.wait<Settled>()));
  linked.qq.vanish();
  CHECK(linked.bot.sink.wait<LinkUp>(2));
}

TEST_CASE("TLS is refused when the authority is unknown or the name is another") {
  CounterpartOptions options;
  options.tls = true;
  bool own_authority = true;
  std::string host = "127.0.0.1";
  std::string why = "IP address mismatch";
  SUBCASE("the system does not know the authority") {
    own_authority = false;
    why = "unable to get local issuer certificate";
  }
  SUBCASE("the certificate is for another address") {
    options.certificate_for = "127.0.0.2";
  }
  SUBCASE("the certificate is for a name") {
    options.certificate_for = "bot.example";
  }
  SUBCASE("the certificate is for another name") {
    options.certificate_for = "bot.example";
    host = "localhost";
    why = "hostname mismatch";
  }
  SUBCASE("the certificate has expired") {
    options.validity = support::Validity::expired;
    why = "certificate has expired";
  }
  OneBotCounterpart qq(options);
  const std::string url = "wss://" + host + ":" + std::to_string(qq.port()) + "/";
  Bot bot(account(url, "", own_authority ? qq.authority_file() : ""));
  const auto down = bot.sink.wait<LinkDown>();
  REQUIRE(down);
  CHECK(down->reason == "TLS: certificate refused: " + why);
  CHECK(qq.last_authorization().empty());
}

TEST_CASE("a file of authorities that does not exist is reported") {
  Bot bot(account("wss://127.0.0.1:1/", "", "/nowhere/ca.pem"));
  CHECK(bot.sink.wait<LinkDown>());
}

TEST_CASE("stopping decides what is in flight and takes no time") {
  Linked linked;
  linked.qq.answer_sends(Answering::never);
  linked.bot.send({delivery(1, "one"), delivery(2, "two")});
  REQUIRE(linked.qq.wait_for_sends(2));
  const SteadyTime began = SystemClock().steady();
  linked.bot.network.stop();
  CHECK(since(began) < seconds(2));
  const auto settled = linked.bot.sink.all<Settled>();
  REQUIRE(settled.size() == 2);
  CHECK(std::holds_alternative<Unknown>(settled[0].outcome));
  linked.bot.send(delivery(3, "three"));
  CHECK(ended_as<NotSent>(linked.bot.sink.wait<Settled>(3)));
  linked.bot.network.stop();
  CHECK(linked.bot.links_down() == 0);
}

TEST_CASE("stopping does not wait for a peer that does nothing") {
  Linked linked;
  linked.qq.freeze();
  linked.bot.send(delivery(1, "one"));
  Bot connecting(account(linked.qq.url()));
  const SteadyTime began = SystemClock().steady();
  connecting.network.stop();
  CHECK(since(began) < seconds(1));
  linked.bot.network.stop();
  CHECK(since(began) < seconds(5));
  CHECK(linked.bot.sink.wait<Settled>());
}

TEST_CASE("stopping while connecting, while waiting to reconnect, and before the start") {
  OneBotCounterpart qq;
  const SteadyTime began = SystemClock().steady();
  {
    Bot at_once(account(qq.url()));
  }
  {
    Bot refused(account("ws://127.0.0.1:1/"));
    REQUIRE(refused.sink.wait<LinkDown>());
  }
  {
    SystemClock clock;
    support::RecordingSink sink;
    Network never_started(sink, clock);
    never_started.send({delivery(1, "one")});
    never_started.stop();
    CHECK(ended_as<NotSent>(sink.wait<Settled>()));
  }
  CHECK(since(began) < seconds(5));
}

TEST_CASE("two accounts do not mix") {
  OneBotCounterpart left;
  OneBotCounterpart right;
  SystemClock clock;
  support::RecordingSink sink;
  Network network(sink, clock);
  const auto add = [&](const std::string& name, const std::string& url) {
    AccountConfig config = account(url);
    config.name = name;
    network.add([&](boost::asio::io_context& context) {
      return make_onebot(context, config, {.sink = sink, .clock = clock, .seed = 7});
    });
  };
  add("left", left.url());
  add("right", right.url());
  CHECK_THROWS(add("right", right.url()));
  network.start();
  REQUIRE(sink.wait<LinkUp>(2));
  std::vector<Delivery> deliveries;
  deliveries.emplace_back(Address{"right", kGroup, false}, Message("to the right"));
  deliveries.emplace_back(Address{"left", kGroup, false}, Message("to the left"));
  network.send(std::move(deliveries));
  REQUIRE(sink.wait<Settled>(2));
  CHECK(left.sends().at(0).text == "to the left");
  CHECK(right.sends().at(0).text == "to the right");
  network.stop();
}
