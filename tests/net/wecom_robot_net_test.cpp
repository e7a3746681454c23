/// The intelligent robot of WeCom against a scripted platform on loopback.
#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "bot/net/network.hpp"
#include "bot/net/platform.hpp"
#include "bot/platforms/wecom/button_key.hpp"
#include "bot/platforms/wecom/robot.hpp"
#include "tests/support/recording_sink.hpp"
#include "tests/support/wecom_counterpart.hpp"

using namespace bot;
using support::WecomCounterpart;
using support::WecomOptions;

namespace {

const Address kGroup{"work", "CHAT1", false};
/// For things that must not happen.
constexpr Milliseconds kWhile{800};

AccountConfig account(const WecomCounterpart& work, const std::string& secret = "SECRET") {
  AccountConfig config;
  config.name = "work";
  config.platform = "wecom-robot";
  config.transport = "connection";
  config.url = work.url();
  config.self = "BOTID";
  config.secret = Secret(secret, "literal");
  config.certificate_authority = work.authority_file();
  return config;
}

Delivery delivery(std::int64_t outbox, const std::string& text, const std::string& answers = "") {
  Delivery made(kGroup, Message(text));
  made.outbox = outbox;
  made.answers = answers;
  made.echo = "attempt" + std::to_string(outbox);
  return made;
}

struct Bot {
  explicit Bot(AccountConfig config, wecom::RobotTimes times = {}) : network(sink, clock) {
    network.add([&](boost::asio::io_context& context) {
      return make_wecom_robot(context, std::move(config), sink, clock, 42, times);
    });
    network.start();
  }

  void send(Delivery one) {
    std::vector<Delivery> deliveries;
    deliveries.push_back(std::move(one));
    network.send(std::move(deliveries));
  }
  template <class Outcome>
  bool settled_as(std::size_t count) {
    const auto settled = sink.wait<Settled>(count);
    return settled && std::holds_alternative<Outcome>(settled->outcome);
  }

  SystemClock clock;
  support::RecordingSink sink;
  Network network;
};

/// A robot that has subscribed.
struct Linked {
  explicit Linked(WecomOptions options = {}, wecom::RobotTimes times = {})
      : work(std::move(options)), bot(account(work), times) {
    REQUIRE(bot.sink.wait<LinkUp>());
  }
  /// The id of a message that the desk has heard.
  std::string asked(const std::string& text = "@StudyBot 打卡") {
    const std::size_t heard = bot.sink.all<MessagePosted>().size();
    std::string id = work.says_in_group("CHAT1", "zhangsan", text);
    REQUIRE(bot.sink.wait<MessagePosted>(heard + 1));
    return id;
  }
  WecomCounterpart work;
  Bot bot;
};

boost::json::value json_of(const support::WecomFrame& frame) {
  return boost::json::parse(frame.body);
}

wecom::RobotTimes in_a_hurry() {
  wecom::RobotTimes times;
  times.ping = Milliseconds(60);
  return times;
}

}  // namespace

TEST_CASE_FIXTURE(Linked, "a robot comes up, hears, and says what it can") {
  CHECK(bot.sink.wait<LinkUp>()->self == "BOTID");
  asked("@StudyBot 打卡");
  work.says_directly("lisi", "帮助");
  REQUIRE(bot.sink.wait<MessagePosted>(2));
  const auto messages = bot.sink.all<MessagePosted>();
  CHECK(messages[0].message.plain() == "打卡");
  CHECK(messages[0].to_me);
  CHECK(messages[1].message.plain() == "帮助");
  const Capabilities here = bot.network.capabilities(kGroup);
  CHECK(here.push);
  CHECK(here.hears == Hears::mentions);
  CHECK_FALSE(here.mention_all);
  CHECK_FALSE(here.history);
  CHECK(here.buttons);
  CHECK(here.per_chat.size() == 2);
}

TEST_CASE_FIXTURE(Linked, "what answers a message goes out as its answer, everything else as a push") {
  bot.send(delivery(1, "已打卡", asked()));
  const auto answer = work.wait_for_frame(1);
  REQUIRE(answer);
  CHECK(answer->cmd == "aibot_respond_msg");
  CHECK(answer->req_id == "cb-M1");
  CHECK(answer->content() == "已打卡");
  CHECK(bot.settled_as<Sent>(1));

  bot.send(delivery(2, "20:00 晚自习"));
  const auto push = work.wait_for_frame(2);
  REQUIRE(push);
  CHECK(push->cmd == "aibot_send_msg");
  CHECK(json_of(*push).at("chatid") == "CHAT1");
  CHECK(json_of(*push).at("chat_type") == 2);
  CHECK(bot.settled_as<Sent>(2));

  // An answer to a message of another chat would be shown there.
  Delivery elsewhere = delivery(3, "只给你", "M1");
  elsewhere.to = Address{"work", "zhangsan", true};
  bot.send(std::move(elsewhere));
  const auto alone = work.wait_for_frame(3);
  REQUIRE(alone);
  CHECK(alone->cmd == "aibot_send_msg");
  CHECK(json_of(*alone).at("chat_type") == 1);
}

TEST_CASE_FIXTURE(Linked, "the next message of a chat leaves after the ack of the one before") {
  const std::string question = asked();
  work.answer_with(std::nullopt);
  bot.send(delivery(1, "one", question));
  bot.send(delivery(2, "two", question));
  bot.send(delivery(3, "three"));
  REQUIRE(work.wait_for_frame(1));
  CHECK_FALSE(work.wait_for_frame(2, kWhile));
  work.answer_held();
  REQUIRE(work.wait_for_frame(3));
  CHECK(bot.settled_as<Sent>(3));
  const auto frames = work.frames();
  CHECK(frames[0].content() == "one");
  CHECK(frames[1].content() == "two");
  CHECK(frames[1].req_id == frames[0].req_id);
  CHECK(frames[2].content() == "three");
}

TEST_CASE_FIXTURE(Linked, "a message that cannot be answered any more is answered by a push") {
  for (const std::int64_t code : {846605, 846608}) {
    const std::size_t before = work.frames().size();
    work.answer_with("aibot_respond_msg", code);
    const std::string question = asked();
    bot.send(delivery(code, "late", question));
    const auto push = work.wait_for_frame(before + 2);
    REQUIRE(push);
    CHECK(push->cmd == "aibot_send_msg");
    CHECK(push->content() == "late");
    bot.send(delivery(code + 1, "later", question));
    CHECK(work.wait_for_frame(before + 3)->cmd == "aibot_send_msg");
  }
  CHECK(bot.settled_as<Sent>(4));
  CHECK(work.frames().size() == 6);
}

TEST_CASE_FIXTURE(Linked, "what the codes of acks mean") {
  work.answer_with(93008);
  bot.send(delivery(1, "one"));
  REQUIRE(bot.settled_as<Refused>(1));
  CHECK(std::get<Refused>(bot.sink.wait<Settled>(1)->outcome).whole_chat);
  work.answer_with(45009);
  bot.send(delivery(2, "two"));
  REQUIRE(bot.settled_as<NotSent>(2));
  CHECK(std::get<NotSent>(bot.sink.wait<Settled>(2)->outcome).retry_after);
  work.answer_with(93017);
  bot.send(delivery(3, "three"));
  CHECK(bot.settled_as<Refused>(3));
  bot.send(delivery(4, ""));
  CHECK(bot.settled_as<Refused>(4));
  CHECK(work.frames().size() == 3);
}

TEST_CASE_FIXTURE(Linked, "a lost connection: what was written is unknown, what was not is not sent") {
  work.answer_with(std::nullopt);
  bot.send(delivery(1, "one"));
  bot.send(delivery(2, "two"));
  REQUIRE(work.wait_for_frame(1));
  work.vanish();
  CHECK(bot.settled_as<Unknown>(1));
  CHECK(bot.settled_as<NotSent>(2));
  REQUIRE(bot.sink.wait<LinkDown>());
  work.answer_with(0);
  CHECK(bot.sink.wait<LinkUp>(2));
  bot.send(delivery(3, "three"));
  CHECK(bot.settled_as<Sent>(3));
}

TEST_CASE("an ack that comes too late still tells what became of the attempt") {
  WecomCounterpart work;
  AccountConfig config = account(work);
  config.answer_limit = Milliseconds(50);
  Bot bot(std::move(config));
  REQUIRE(bot.sink.wait<LinkUp>());
  const std::string question = work.says_in_group("CHAT1", "zhangsan", "@StudyBot 打卡");
  REQUIRE(bot.sink.wait<MessagePosted>());
  work.answer_with(std::nullopt);
  bot.send(delivery(7, "slow", question));
  REQUIRE(bot.settled_as<Unknown>(1));
  work.answer_held();
  const auto late = bot.sink.wait<AnsweredLate>();
  REQUIRE(late);
  CHECK(late->echo == "attempt7");
  CHECK(std::holds_alternative<Sent>(late->outcome));
  // The next answer must not wait for an ack under the same name.
  bot.send(delivery(8, "next", question));
  CHECK(work.wait_for_frame(2)->cmd == "aibot_send_msg");
}

TEST_CASE_FIXTURE(Linked, "buttons become a card, and a tap is what the button says") {
  Delivery card(kGroup, Message("今日任务\n背单词").add(Button{"打卡", "打卡 L3"}));
  bot.send(std::move(card));
  const auto frame = work.wait_for_frame(1);
  REQUIRE(frame);
  const auto shown = json_of(*frame).at("template_card");
  CHECK(shown.at("main_title").at("title") == "今日任务");
  work.taps("CHAT1", "lisi", shown.at("button_list").at(0).at("key").as_string().c_str());
  const auto tapped = bot.sink.wait<MessagePosted>();
  REQUIRE(tapped);
  CHECK(tapped->message.plain() == "打卡 L3");
  CHECK(tapped->from.id == "lisi");
}

TEST_CASE_FIXTURE(Linked, "a picture is uploaded in pieces before anything is shown") {
  const std::string bytes = "\x89PNG" + std::string(600'000, 'x');
  Delivery both(kGroup, Message("看").add(Picture{bytes, ""}));
  bot.send(both);
  REQUIRE(bot.settled_as<Sent>(1));
  std::string commands;
  for (const auto& frame : work.frames()) commands += frame.cmd + " ";
  CHECK(commands ==
        "aibot_upload_media_init aibot_upload_media_chunk aibot_upload_media_chunk "
        "aibot_upload_media_finish aibot_send_msg aibot_send_msg ");
  CHECK(work.uploaded() == bytes);
  CHECK(json_of(work.frames()[5]).at("image").at("media_id") == "D1");

  work.answer_with("aibot_upload_media_finish", 93018);
  bot.send(both);
  CHECK(bot.settled_as<Refused>(2));
  CHECK(work.frames().back().cmd == "aibot_upload_media_finish");
}

TEST_CASE_FIXTURE(Linked, "a file is uploaded before it is shown") {
  Attachment file;
  file.bytes = "0123456789";
  file.name = "名单.csv";
  bot.send(Delivery(kGroup, Message("看").add(file)));
  REQUIRE(bot.settled_as<Sent>(1));
  const auto frames = work.frames();
  REQUIRE(frames.size() == 5);
  CHECK(json_of(frames[0]).at("filename") == "名单.csv");
  CHECK(json_of(frames[0]).at("type") == "file");
  CHECK(work.uploaded() == file.bytes);
  CHECK(json_of(frames[4]).at("msgtype") == "file");
  CHECK(json_of(frames[4]).at("file").at("media_id") == "D1");
}

TEST_CASE("a wrong secret is told once and hardly ever tried again") {
  WecomCounterpart work;
  Bot bot(account(work, "WRONG"));
  const auto down = bot.sink.wait<LinkDown>();
  REQUIRE(down);
  CHECK(down->reason.find("40001") != std::string::npos);
  CHECK_FALSE(work.wait_for_connections(2, kWhile));
  CHECK(bot.sink.all<LinkUp>().empty());
  bot.send(delivery(1, "one"));
  CHECK(bot.settled_as<NotSent>(1));
}

TEST_CASE_FIXTURE(Linked, "whoever takes the robot over is not fought") {
  work.take_over();
  const auto down = bot.sink.wait<LinkDown>();
  REQUIRE(down);
  CHECK(down->reason == "another program has taken over this robot");
  CHECK_FALSE(work.wait_for_connections(2, kWhile));
}

TEST_CASE("pings keep a connection, and two that are not answered end it") {
  Linked linked({}, in_a_hurry());
  REQUIRE(linked.work.wait_for_pings(3));
  CHECK(linked.bot.sink.all<LinkDown>().empty());
  linked.work.answer_pings(false);
  const auto down = linked.bot.sink.wait<LinkDown>();
  REQUIRE(down);
  CHECK(down->reason == "two pings were not answered");
  linked.work.answer_pings(true);
  CHECK(linked.bot.sink.wait<LinkUp>(2));
}

TEST_CASE_FIXTURE(Linked, "garbage costs nothing but itself") {
  for (const std::string bytes :
       {"", "{", "[]", "null", R"({"errcode":0})", R"({"cmd":"aibot_msg_callback"})",
        R"({"headers":{"req_id":"nobody"},"errcode":0})"}) {
    work.frame(bytes);
  }
  asked();
  CHECK(work.connections() == 1);
  CHECK(bot.sink.all<LinkDown>().empty());
}

TEST_CASE_FIXTURE(Linked, "a full desk stops the reading and loses nothing") {
  bot.sink.set_full(true);
  for (int number = 0; number < 20; ++number) work.says_directly("lisi", std::to_string(number));
  REQUIRE(bot.sink.wait_turned_away(3));
  bot.sink.set_full(false);
  REQUIRE(bot.sink.wait<MessagePosted>(20));
  CHECK(bot.sink.all<MessagePosted>()[19].message.plain() == "19");
}

TEST_CASE("TLS, and stopping with a message in flight") {
  WecomOptions options;
  options.tls = true;
  Linked linked(options);
  linked.work.answer_with(std::nullopt);
  linked.bot.send(delivery(1, "one"));
  linked.bot.send(delivery(2, "two"));
  REQUIRE(linked.work.wait_for_frame(1));
  linked.bot.network.stop();
  CHECK(linked.bot.settled_as<Unknown>(1));
  CHECK(linked.bot.settled_as<NotSent>(2));
  CHECK(linked.bot.sink.all<LinkDown>().empty());
}
