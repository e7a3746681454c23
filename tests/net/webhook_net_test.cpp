/// Accounts that only speak, against robots over real sockets; and the alarm's way through them.
#include <doctest/doctest.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bot/base/log.hpp"
#include "bot/net/network.hpp"
#include "bot/net/webhook.hpp"
#include "bot/platforms/webhook/webhook_account.hpp"
#include "tests/support/recording_sink.hpp"
#include "tests/support/robot_counterpart.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace bot;
using namespace std::chrono_literals;
using support::HttpCounterpart;
using support::HttpScripted;
using support::HttpSeen;
using support::kRobotKey;
using support::kRobotSecret;

namespace {

support::HttpCounterpartOptions answering(support::RobotAnswer answer, bool tls = false) {
  support::HttpCounterpartOptions options;
  options.tls = tls;
  options.answer = std::move(answer);
  return options;
}

AccountConfig account(const std::string& platform, const HttpCounterpart& server, const std::string& path) {
  AccountConfig config;
  config.name = "hook";
  config.platform = platform;
  config.transport = "post";
  config.webhook = Secret(server.url() + path + kRobotKey, "env:HOOK");
  config.secret = Secret(kRobotSecret, "env:SECRET");
  return config;
}

AccountConfig wecom(const HttpCounterpart& server) {
  return account("wecom-webhook", server, "/cgi-bin/webhook/send?key=");
}

Delivery delivery(std::int64_t row, const std::string& text) {
  Delivery made(Address{"hook", "class", false}, Message(text));
  made.outbox = row;
  return made;
}

/// A bot with one account that only speaks; what it logs is kept, and never holds a password.
struct Bot {
  explicit Bot(AccountConfig config) : network(sink, clock) {
    log::to_file(folder.path("log"));
    network.add([&](boost::asio::io_context& context) {
      return make_webhook_account(context, std::move(config), sink, clock, 42);
    });
    network.start();
  }
  ~Bot() {
    network.stop();
    log::to_nowhere();
    const std::string lines = logged();
    CHECK(lines.find("hunter2") == std::string::npos);
    CHECK(lines.find(kRobotSecret) == std::string::npos);
    for (const Settled& settled : sink.all<Settled>()) {
      CHECK(reason_of(settled.outcome).find("hunter2") == std::string::npos);
    }
  }
  Bot(const Bot&) = delete;
  Bot& operator=(const Bot&) = delete;

  std::string logged() const {
    std::ifstream file(folder.path("log"));
    return {std::istreambuf_iterator<char>(file), {}};
  }

  void send(Delivery one) {
    std::vector<Delivery> deliveries;
    deliveries.push_back(std::move(one));
    network.send(std::move(deliveries));
  }
  /// Sends, and waits for the verdict.
  SendOutcome said(Delivery one) {
    send(std::move(one));
    const auto settled = sink.wait<Settled>(++settled_);
    REQUIRE(settled);
    return settled->outcome;
  }

  static std::string reason_of(const SendOutcome& outcome) {
    if (const auto* refused = std::get_if<Refused>(&outcome)) return refused->reason;
    if (const auto* unknown = std::get_if<Unknown>(&outcome)) return unknown->reason;
    const auto* not_sent = std::get_if<NotSent>(&outcome);
    return not_sent == nullptr ? std::string() : not_sent->reason;
  }

  support::TemporaryFolder folder;
  SystemClock clock;
  support::RecordingSink sink;
  Network network;

 private:
  std::size_t settled_ = 0;
};

Delivery with_file(Delivery delivery) {
  Attachment file;
  file.bytes = "0123456789";
  file.name = "名单.csv";
  delivery.message.add(std::move(file));
  return delivery;
}

bool is_sent(const SendOutcome& outcome) {
  return std::holds_alternative<Sent>(outcome);
}

}  // namespace

TEST_CASE("webhook account: it is up at once, and says to whom it speaks") {
  HttpCounterpart robot(answering(support::wecom_robot()));
  Bot bot(wecom(robot));
  const auto up = bot.sink.wait<LinkUp>();
  REQUIRE(up);
  CHECK(up->self == "hook");
  CHECK(robot.seen().empty());
  const Capabilities group = bot.network.capabilities({"hook", "class", false});
  CHECK(group.push);
  CHECK(group.hears == Hears::nothing);
  CHECK_FALSE(group.history);
  CHECK(group.pictures);
  CHECK(group.text.unit == TextLimit::Unit::bytes);
  CHECK(group.per_account == std::vector<Rate>{{20, 60s}});
  CHECK_FALSE(bot.network.capabilities({"hook", "10001", true}).push);

  bot.send([] {
    Delivery made(Address{"hook", "10001", true}, Message("x"));
    made.outbox = 1;
    return made;
  }());
  const auto settled = bot.sink.wait<Settled>();
  REQUIRE(settled);
  REQUIRE(std::holds_alternative<Refused>(settled->outcome));
  CHECK(std::get<Refused>(settled->outcome).reason == "a webhook has one group and no private chats");
  bot.network.read_history({"hook", "class", false}, 10);
  const auto history = bot.sink.wait<HistoryRead>();
  REQUIRE(history);
  CHECK_FALSE(history->supported);
  CHECK(robot.seen().empty());
}

TEST_CASE("webhook account: WeCom over TLS, in order, each on a connection of its own") {
  HttpCounterpart robot(answering(support::wecom_robot(), true));
  AccountConfig config = wecom(robot);
  config.certificate_authority = robot.authority_file();
  Bot bot(config);
  std::vector<Delivery> three;
  for (int row = 1; row <= 3; ++row) three.push_back(delivery(row, "L" + std::to_string(row)));
  bot.network.send(std::move(three));
  REQUIRE(bot.sink.wait<Settled>(3));
  for (const Settled& settled : bot.sink.all<Settled>()) CHECK(is_sent(settled.outcome));
  const std::vector<HttpSeen> seen = robot.seen();
  REQUIRE(seen.size() == 3);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(seen[i].body == R"({"msgtype":"text","text":{"content":"L)" + std::to_string(i + 1) + "\"}}");
  CHECK(robot.connections() == 3);
}

TEST_CASE("webhook account: a certificate that nobody vouches for stops every message") {
  HttpCounterpart robot(answering(support::wecom_robot(), true));
  Bot bot(wecom(robot));
  const SendOutcome outcome = bot.said(delivery(1, "x"));
  CHECK(std::holds_alternative<NotSent>(outcome));
  CHECK(Bot::reason_of(outcome).find("certificate refused") != std::string::npos);
  CHECK(robot.seen().empty());
}

TEST_CASE("webhook account: an authority file that is none") {
  HttpCounterpart robot(answering(support::wecom_robot()));
  const support::TemporaryFolder folder;
  AccountConfig config = wecom(robot);
  config.certificate_authority = folder.write("authority.pem", "x").string();
  Bot bot(config);
  CHECK(bot.sink.wait<LinkDown>());
  CHECK(std::holds_alternative<NotSent>(bot.said(delivery(1, "x"))));
}

TEST_CASE("webhook account: the 21st message of WeCom's minute waits for the next") {
  HttpCounterpart robot(answering(support::wecom_robot()));
  Bot bot(wecom(robot));
  for (int row = 1; row <= 20; ++row) CHECK(is_sent(bot.said(delivery(row, "x"))));
  const SendOutcome outcome = bot.said(delivery(21, "x"));
  REQUIRE(std::holds_alternative<NotSent>(outcome));
  CHECK(std::get<NotSent>(outcome).retry_after == 60s);
  CHECK(bot.sink.all<LinkDown>().empty());
}

TEST_CASE("webhook account: a picture that is not taken does not take its text back") {
  HttpCounterpart robot(answering([](const HttpSeen& seen) {
    const bool picture = seen.body.find("base64") != std::string::npos;
    return HttpScripted{200, picture ? R"({"errcode":40009})" : R"({"errcode":0})", {}};
  }));
  Bot bot(wecom(robot));
  Delivery both = delivery(1, "x");
  both.message.add(Picture{"\x89PNG", {}});
  CHECK(is_sent(bot.said(std::move(both))));
  CHECK(robot.seen().size() == 2);
  CHECK(bot.logged().find("the picture is too large") != std::string::npos);
}

TEST_CASE("webhook account: a file is uploaded, then shown") {
  HttpCounterpart robot(answering(support::wecom_robot()));
  Bot bot(wecom(robot));
  CHECK(is_sent(bot.said(with_file(delivery(1, "x")))));
  CHECK(is_sent(bot.said(with_file(delivery(2, "")))));
  const std::vector<HttpSeen> seen = robot.seen();
  REQUIRE(seen.size() == 5);
  CHECK(seen[0].body.find("\"text\"") != std::string::npos);
  CHECK(seen[1].target.find("upload_media") != std::string::npos);
  CHECK(seen[2].body == R"({"msgtype":"file","file":{"media_id":"3a8asd892asd8asd"}})");
  CHECK(seen[4].body == seen[2].body);
}

TEST_CASE("webhook account: an upload that fails takes no text back, and alone says why") {
  HttpCounterpart robot(answering([](const HttpSeen& seen) {
    const bool upload = seen.target.find("upload_media") != std::string::npos;
    return HttpScripted{200, upload ? R"({"errcode":40009})" : R"({"errcode":0})", {}};
  }));
  Bot bot(wecom(robot));
  CHECK(is_sent(bot.said(with_file(delivery(1, "x")))));
  CHECK(std::holds_alternative<Refused>(bot.said(with_file(delivery(2, "")))));
  CHECK(robot.seen().size() == 3);
  CHECK(bot.logged().find("send not confirmed") != std::string::npos);
}

TEST_CASE("webhook account: while nothing was shown, nothing is in doubt") {
  HttpCounterpart robot(answering([](const HttpSeen& seen) {
    const bool upload = seen.target.find("upload_media") != std::string::npos;
    return upload ? HttpScripted{500, "", {}} : HttpScripted{200, R"({"errcode":0})", {}};
  }));
  Bot bot(wecom(robot));
  CHECK(std::holds_alternative<NotSent>(bot.said(with_file(delivery(1, "")))));
  HttpCounterpart nameless(
      answering([](const HttpSeen&) { return HttpScripted{200, R"({"errcode":0})", {}}; }));
  Bot other(wecom(nameless));
  CHECK(Bot::reason_of(other.said(with_file(delivery(1, "")))) == "the upload got no name");
}

TEST_CASE("webhook account: WeCom gets markdown where the account says so") {
  HttpCounterpart robot(answering(support::wecom_robot()));
  AccountConfig config = wecom(robot);
  config.format = "markdown_v2";
  Bot bot(config);
  REQUIRE(bot.sink.wait<LinkUp>());
  const TextLimit limit = bot.network.capabilities({"hook", "class", false}).text;
  CHECK(limit.count == 4000);
  CHECK(limit.unit == TextLimit::Unit::bytes);
  CHECK(is_sent(bot.said(delivery(1, "【一课】\n• 要点"))));
  REQUIRE(robot.seen().size() == 1);
  CHECK(robot.seen()[0].body ==
        R"({"msgtype":"markdown_v2","markdown_v2":{"content":"**【一课】**\n- 要点"}})");
}

TEST_CASE("webhook account: a key that is dead is told once, and so is its return") {
  const auto dead = std::make_shared<std::atomic<bool>>(true);
  HttpCounterpart robot(answering([dead](const HttpSeen&) {
    return HttpScripted{200, *dead ? R"({"errcode":93000})" : R"({"errcode":0})", {}};
  }));
  Bot bot(wecom(robot));
  for (int row = 1; row <= 2; ++row) {
    const SendOutcome outcome = bot.said(delivery(row, "x"));
    REQUIRE(std::holds_alternative<Refused>(outcome));
    CHECK(std::get<Refused>(outcome).whole_chat);
  }
  REQUIRE(bot.sink.wait<LinkDown>());
  CHECK(bot.sink.all<LinkDown>().size() == 1);
  CHECK(bot.sink.all<LinkDown>()[0].reason == "the robot was removed, or its key is not valid (error 93000)");
  *dead = false;
  CHECK(is_sent(bot.said(delivery(3, "x"))));
  CHECK(bot.sink.wait<LinkUp>(2));
}

TEST_CASE("webhook account: DingTalk and Feishu take what is signed, and refuse another secret") {
  struct Case {
    std::string platform;
    std::string path;
    support::RobotAnswer answer;
  };
  for (const Case& each : {Case{"dingtalk", "/robot/send?access_token=", support::dingtalk_robot()},
                           Case{"feishu", "/open-apis/bot/v2/hook/", support::feishu_robot()}}) {
    CAPTURE(each.platform);
    HttpCounterpart robot(answering(each.answer));
    AccountConfig config = account(each.platform, robot, each.path);
    {
      Bot bot(config);
      CHECK(is_sent(bot.said(delivery(1, "\u5b66\u4e60 \"x\"\n<at user_id=\"all\">"))));
    }
    config.secret = Secret("another", "env:SECRET");
    Bot stranger(config);
    const SendOutcome outcome = stranger.said(delivery(1, "x"));
    REQUIRE(std::holds_alternative<Refused>(outcome));
    CHECK(std::get<Refused>(outcome).whole_chat);
    CHECK(Bot::reason_of(outcome).find("signature") != std::string::npos);
  }
}

TEST_CASE("webhook account: a receiver can drop what it has, by the name of the message") {
  HttpCounterpart receiver(answering(support::standard_receiver()));
  Bot bot(account("webhook", receiver, "/hook/"));
  CHECK(is_sent(bot.said(delivery(1, "x"))));
  CHECK(is_sent(bot.said(delivery(1, "x"))));
  CHECK(is_sent(bot.said(delivery(2, "x"))));
  CHECK(is_sent(bot.said(delivery(0, "x"))));
  CHECK(is_sent(bot.said(delivery(0, "x"))));
  const std::vector<HttpSeen> seen = receiver.seen();
  REQUIRE(seen.size() == 5);
  const auto id = [&](std::size_t i) { return seen[i].header("webhook-id"); };
  CHECK(id(0).starts_with("msg_"));
  CHECK(id(0) == id(1));
  CHECK(id(0) != id(2));
  CHECK(id(3) != id(4));
}

TEST_CASE("webhook account: a server that asks to be left alone, one that is silent, one that hangs up") {
  HttpCounterpart server(answering([](const HttpSeen&) { return HttpScripted{429, "slow down", "17"}; }));
  AccountConfig config = account("webhook", server, "/hook/");
  {
    Bot bot(config);
    const SendOutcome outcome = bot.said(delivery(1, "x"));
    REQUIRE(std::holds_alternative<NotSent>(outcome));
    CHECK(std::get<NotSent>(outcome).retry_after == 17s);
  }
  config.answer_limit = 300ms;
  for (const char* path : {"/mute?key=hunter2", "/cut?key=hunter2", "/status/500", "/garbage"}) {
    CAPTURE(path);
    config.webhook = Secret(server.url() + path, "env:HOOK");
    Bot bot(config);
    CHECK(std::holds_alternative<Unknown>(bot.said(delivery(1, "x"))));
  }
  config.webhook = Secret("http://127.0.0.1:1/hunter2", "env:HOOK");
  Bot bot(config);
  CHECK(std::holds_alternative<NotSent>(bot.said(delivery(1, "x"))));
}

TEST_CASE("webhook account: a stop ends what is under way, and sends nothing of what waits behind it") {
  HttpCounterpart server;
  AccountConfig config = account("webhook", server, "/mute?key=");
  Bot bot(config);
  std::vector<Delivery> two;
  for (int row = 1; row <= 2; ++row) two.push_back(delivery(row, "x"));
  bot.network.send(std::move(two));
  while (server.seen().empty()) bot.sink.wait<Settled>(1, Milliseconds(10));
  bot.network.stop();
  const auto settled = bot.sink.all<Settled>();
  REQUIRE(settled.size() == 2);
  CHECK(std::holds_alternative<Unknown>(settled[0].outcome));
  CHECK(std::holds_alternative<NotSent>(settled[1].outcome));
  CHECK(server.seen().size() == 1);
}

TEST_CASE("webhook account: nothing that can be said, and nothing too late") {
  HttpCounterpart robot(answering(support::feishu_robot()));
  Bot bot(account("feishu", robot, "/open-apis/bot/v2/hook/"));
  Delivery picture(Address{"hook", "class", false}, {});
  picture.message.add(Picture{"\x89PNG", {}});
  CHECK(Bot::reason_of(bot.said(std::move(picture))) == "nothing in the message can be sent");
  Delivery late = delivery(2, "x");
  late.expires = from_ms(1);
  CHECK(std::holds_alternative<NotSent>(bot.said(std::move(late))));
  CHECK(robot.seen().empty());
}

TEST_CASE("alarm: it goes through the same robots, signed where there is a secret") {
  const auto told = [](WebhookKind kind, const HttpCounterpart& server, const std::string& path,
                       const std::string& secret) {
    const WebhookRobot robot(kind, server.url() + path, secret);
    const Result<void> done = post_to_webhook(robot, "x", SystemClock().now(), {});
    return done ? "taken" : done.error().detail;
  };
  HttpCounterpart dingtalk(answering(support::dingtalk_robot()));
  const std::string path = std::string("/robot/send?access_token=") + kRobotKey;
  CHECK(told(WebhookKind::dingtalk, dingtalk, path, kRobotSecret) == "taken");
  CHECK(told(WebhookKind::dingtalk, dingtalk, path, "").find("(error 310000)") != std::string::npos);
  HttpCounterpart plain;
  CHECK(told(WebhookKind::plain, plain, "/", "") == "taken");
  CHECK(plain.seen()[0].body == R"({"text":"x"})");
  CHECK(told(WebhookKind::plain, plain, "/status/500", "") == "answered with HTTP 500");
  CHECK(told(WebhookKind::wecom, plain, "/", "") == "the answer cannot be read");
}
