/// The whole net side against a real server on loopback: Network, the OneBot platform, WebSocket, TLS.
#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/chat/delivery.hpp"
#include "bot/net/network.hpp"
#include "bot/net/platform.hpp"
#include "bot/platforms/onebot/onebot.hpp"
#include "bot/platforms/onebot/session.hpp"
#include "tests/support/onebot_counterpart.hpp"
#include "tests/support/recording_sink.hpp"

using namespace bot;
using std::chrono::seconds;
using support::Answering;
using support::CounterpartOptions;
using support::OneBotCounterpart;

namespace {

constexpr const char* kGroup = "987654321";
constexpr std::size_t kFiveMegabytes = 5 * 1024 * 1024;
/// For things that must not happen.
constexpr Milliseconds kWhile{1200};

AccountConfig account(const std::string& url, const std::string& token = "",
                      const std::string& authority = "") {
  AccountConfig config;
  config.name = "qq";
  config.platform = "onebot11";
  config.url = url;
  config.token = Secret(token, "literal");
  config.certificate_authority = authority;
  return config;
}

Delivery delivery(std::int64_t outbox, const std::string& text, const std::string& chat = kGroup) {
  Delivery made(Address{"qq", chat, false}, Message(text));
  made.outbox = outbox;
  made.subject = "L" + std::to_string(outbox);
  return made;
}

/// A bot with one account.
struct Bot {
  explicit Bot(AccountConfig config) : network(sink, clock) {
    network.add([&](boost::asio::io_context& context) {
      return make_onebot(context, std::move(config), {.sink = sink, .clock = clock, .seed = 42});
    });
    network.start();
  }

  void send(std::vector<Delivery> deliveries) { network.send(std::move(deliveries)); }
  void send(Delivery one) {
    std::vector<Delivery> deliveries;
    deliveries.push_back(std::move(one));
    network.send(std::move(deliveries));
  }
  std::size_t links_down() { return sink.all<LinkDown>().size(); }
  std::string posted(std::size_t count) {
    const auto message = sink.wait<MessagePosted>(count);
    return message ? message->message.plain() : "nothing came";
  }

  SystemClock clock;
  support::RecordingSink sink;
  Network network;
};

/// A bot that is connected to a counterpart.
struct Linked {
  explicit Linked(CounterpartOptions options = {})
      : qq(options), bot(account(qq.url(), options.token, qq.authority_file())) {
    REQUIRE(qq.wait_until_ready());
    REQUIRE(bot.sink.wait<LinkUp>());
  }
  OneBotCounterpart qq;
  Bot bot;
};

template <class Outcome>
bool ended_as(const std::optional<Settled>& settled) {
  return settled && std::holds_alternative<Outcome>(settled->outcome);
}

std::chrono::steady_clock::duration since(SteadyTime began) {
  return SystemClock().steady() - began;
}

}  // namespace

TEST_CASE_FIXTURE(Linked, "an account comes up, says who it is, and lists its groups") {
  const auto up = bot.sink.wait<LinkUp>();
  CHECK(up->self == "10001000");
  CHECK(up->implementation == "Counterpart 1.0");
  const auto listed = bot.sink.wait<GroupsListed>();
  REQUIRE(listed);
  REQUIRE(listed->groups.size() == 1);
  CHECK(listed->groups[0].chat == kGroup);
  CHECK(bot.links_down() == 0);
}

TEST_CASE_FIXTURE(Linked, "messages arrive, in a group and in private") {
  qq.says_in_group(kGroup, "12345678", "打卡", true);
  qq.says_in_private("12345678", "帮助");
  REQUIRE(bot.sink.wait<MessagePosted>(2));
  const auto messages = bot.sink.all<MessagePosted>();
  CHECK(messages[0].message.plain() == "打卡");
  CHECK(messages[0].to_me);
  CHECK(messages[0].from.id == "12345678");
  CHECK(messages[1].message.plain() == "帮助");
  for (const Event& event : bot.sink.events()) CHECK(event.where.account == "qq");
}

TEST_CASE_FIXTURE(Linked, "who comes and goes arrives too") {
  qq.frame(
      R"({"post_type":"notice","notice_type":"group_increase","self_id":10001000,"group_id":1,"user_id":7})");
  qq.frame(
      R"({"post_type":"notice","notice_type":"group_decrease","sub_type":"kick_me","self_id":10001000,"group_id":1})");
  CHECK(bot.sink.wait<MemberJoined>()->user == "7");
  CHECK(bot.sink.wait<MemberLeft>()->self);
}

TEST_CASE("a history that does not exist is asked for once") {
  CounterpartOptions options;
  options.history = false;
  Linked linked(options);
  const Address group{"qq", kGroup, false};
  CHECK(linked.bot.network.capabilities(group).history);
  linked.bot.network.read_history(group, 5);
  const auto read = linked.bot.sink.wait<HistoryRead>();
  REQUIRE(read);
  CHECK_FALSE(read->supported);
  CHECK_FALSE(linked.bot.network.capabilities(group).history);
  CHECK(linked.bot.network.capabilities({"qq", "7", true}).history);
  linked.bot.network.read_history(group, 5);
  REQUIRE(linked.bot.sink.wait<HistoryRead>(2));
  CHECK(linked.bot.sink.all<HistoryRead>()[1].failure == "the implementation has no history");
}

TEST_CASE_FIXTURE(Linked, "everybody is mentioned where the quota cannot be asked for") {
  for (int i = 1; i <= 2; ++i) {
    Delivery loud = delivery(i, "开课");
    loud.message.add(MentionAll{});
    loud.everyone = "【全体】";
    bot.send(std::move(loud));
  }
  REQUIRE(qq.wait_for_sends(2));
  for (const auto& sent : qq.sends()) CHECK(sent.mentions == std::vector<std::string>{"all"});
}

TEST_CASE_FIXTURE(Linked, "an answer is sent as it is and settled with its id") {
  Message message("[CQ:at,qq=all] 你好\xff");
  message.add(Mention{"12345678"}).add(Quote{"77"});
  Delivery answer(Address{"qq", kGroup, false}, message);
  answer.outbox = 5;
  answer.subject = "L5";
  bot.send(std::move(answer));
  const auto sent = qq.wait_for_send([](const auto& each) { return each.chat == kGroup; });
  REQUIRE(sent);
  CHECK_FALSE(sent->direct);
  CHECK(sent->text == "[CQ:at,qq=all] 你好\xef\xbf\xbd");
  CHECK(sent->mentions == std::vector<std::string>{"12345678"});
  CHECK(sent->quotes == "77");
  CHECK(sent->echo.size() == 32);
  const auto settled = bot.sink.wait<Settled>();
  REQUIRE(ended_as<Sent>(settled));
  CHECK(settled->outbox == 5);
  CHECK(settled->subject == "L5");
  CHECK(std::get<Sent>(settled->outcome).message_id == sent->message_id);
  for (const Event& event : bot.sink.events()) {
    if (std::holds_alternative<Settled>(event.what)) CHECK(event.where == Address{"qq", kGroup, false});
  }
}

TEST_CASE_FIXTURE(Linked, "answers may come in another order than the calls") {
  qq.answer_sends(Answering::held);
  bot.send({delivery(1, "one"), delivery(2, "two"), delivery(3, "three")});
  REQUIRE(qq.wait_for_sends(3));
  qq.answer_held();
  REQUIRE(bot.sink.wait<Settled>(3));
  const auto sent = qq.sends();
  for (const Settled& settled : bot.sink.all<Settled>()) {
    REQUIRE(std::holds_alternative<Sent>(settled.outcome));
    const auto index = static_cast<std::size_t>(settled.outbox - 1);
    CHECK(std::get<Sent>(settled.outcome).message_id == sent[index].message_id);
  }
}

TEST_CASE_FIXTURE(Linked, "many messages keep their order") {
  std::vector<Delivery> deliveries;
  for (int number = 0; number < 300; ++number) deliveries.push_back(delivery(number, std::to_string(number)));
  bot.send(std::move(deliveries));
  REQUIRE(qq.wait_for_sends(300));
  const auto sent = qq.sends();
  for (std::size_t number = 0; number < sent.size(); ++number)
    CHECK(sent[number].text == std::to_string(number));
  CHECK(bot.sink.wait<Settled>(300));
}

TEST_CASE_FIXTURE(Linked, "what proves that nothing was sent, and what does not") {
  qq.answer_sends(Answering::failed_1200);
  bot.send(delivery(1, "one"));
  CHECK(ended_as<Unknown>(bot.sink.wait<Settled>(1)));
  qq.answer_sends(Answering::failed_1400);
  bot.send(delivery(2, "two"));
  CHECK(ended_as<Refused>(bot.sink.wait<Settled>(2)));
  Delivery late = delivery(3, "three");
  late.expires = from_ms(1);
  bot.send(std::move(late));
  CHECK(ended_as<NotSent>(bot.sink.wait<Settled>(3)));
  bot.send(Delivery(Address{"nobody", "1", false}, Message("x")));
  CHECK(ended_as<NotSent>(bot.sink.wait<Settled>(4)));
  bot.send(Delivery(Address{"qq", "1", false}, Message("")));
  CHECK(ended_as<Refused>(bot.sink.wait<Settled>(5)));
  CHECK(qq.sends().size() == 2);
}

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
