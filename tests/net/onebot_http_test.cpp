/// Implementations of OneBot that take calls by HTTP and post their events.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "bot/base/hashes.hpp"
#include "bot/base/instant.hpp"
#include "bot/net/http_server.hpp"
#include "bot/net/network.hpp"
#include "bot/platforms/onebot/http_caller.hpp"
#include "bot/platforms/onebot/onebot.hpp"
#include "tests/support/onebot_dialler.hpp"
#include "tests/support/onebot_http_counterpart.hpp"
#include "tests/support/recording_sink.hpp"

using namespace bot;
using std::chrono::seconds;
using support::HttpAnswering;
using support::OneBotHttpCounterpart;
using support::ScriptedAccount;

namespace {

constexpr const char* kGroup = "987654321";

AccountConfig account(const std::string& url, const std::string& token = "", const std::string& secret = "") {
  AccountConfig config;
  config.name = "qq";
  config.platform = "onebot11";
  config.transport = "http";
  config.url = url;
  config.self = "10001000";
  config.token = Secret(token, "literal");
  config.secret = Secret(secret, "literal");
  config.answer_limit = seconds(2);
  return config;
}

struct Bot {
  explicit Bot(AccountConfig config)
      : key(config.secret.empty() ? config.token : config.secret), network(sink, clock) {
    HttpServer& server = network.listen(HttpServerOptions());
    port = server.port();
    const auto hub = make_onebot_hub(server);
    network.add([&](boost::asio::io_context& context) {
      return make_onebot(context, std::move(config), {.sink = sink, .clock = clock, .seed = 42, .hub = hub});
    });
    network.start();
  }

  /// Posts an event as the platform would.
  int hears(const std::string& body, const std::string& path = "/onebot/v11/http") const {
    return support::post_event(
        port, body, {{"x-self-id", "10001000"}, {"x-signature", "sha1=" + hmac_sha1_hex(key.value(), body)}},
        path);
  }
  void send(const std::string& text) {
    std::vector<Delivery> deliveries;
    deliveries.emplace_back(Address{"qq", kGroup, false}, Message(text));
    network.send(std::move(deliveries));
  }
  template <class Outcome>
  bool settled(std::size_t count) {
    const auto verdict = sink.wait<Settled>(count);
    return verdict && std::holds_alternative<Outcome>(verdict->outcome);
  }

  Secret key;
  SystemClock clock;
  support::RecordingSink sink;
  Network network;
  std::uint16_t port = 0;
};

/// A bot whose platform is there.
struct Linked {
  explicit Linked(const std::string& token = "t0ken", const std::string& secret = "")
      : qq(token), bot(account(qq.url(), token, secret)) {
    REQUIRE(bot.sink.wait<LinkUp>());
  }
  std::string said(const std::string& text) const {
    return qq_account.group_message(7, kGroup, "12345678", text);
  }

  ScriptedAccount qq_account;
  OneBotHttpCounterpart qq;
  Bot bot;
};

onebot::Posted posted(int status, const std::string& body = "") {
  HttpAnswer answer;
  answer.status = status;
  answer.body = body;
  return onebot::posted_from(answer);
}

}  // namespace

TEST_CASE_FIXTURE(Linked, "http: an account comes up, lists its groups, hears and answers") {
  CHECK(bot.sink.wait<LinkUp>()->self == "10001000");
  CHECK(bot.sink.wait<LinkUp>()->implementation == "Counterpart 1.0");
  REQUIRE(bot.sink.wait<GroupsListed>());
  CHECK(bot.sink.wait<GroupsListed>()->groups.size() == 1);
  CHECK(bot.hears(said("打卡")) == 204);
  CHECK(bot.sink.wait<MessagePosted>()->message.plain() == "打卡");
  CHECK(bot.hears(said("again"), "/") == 204);
  for (int number = 0; number < 50; ++number) bot.send(std::to_string(number));
  REQUIRE(bot.settled<Sent>(50));
  const auto sent = qq.sends();
  REQUIRE(sent.size() == 50);
  for (std::size_t number = 0; number < sent.size(); ++number)
    CHECK(sent[number].text == std::to_string(number));
  CHECK(std::get<Sent>(bot.sink.all<Settled>()[0].outcome).message_id == sent[0].message_id);
  CHECK(bot.sink.all<LinkDown>().empty());
}

TEST_CASE_FIXTURE(Linked, "http: what proves that nothing was sent, and what does not") {
  std::size_t count = 0;
  const auto after = [&](int status, const std::string& body) {
    HttpAnswering how;
    how.status = status;
    how.body = body;
    qq.answer_calls(how);
    bot.send("x");
    const auto settled = bot.sink.wait<Settled>(++count);
    return settled ? settled->outcome.index() : std::variant_npos;
  };
  const auto index_of = [](const SendOutcome& outcome) { return outcome.index(); };
  CHECK(after(200, R"({"status":"failed","retcode":200,"message":"Timeout: NTEvent"})") ==
        index_of(Unknown{}));
  CHECK(after(200, R"({"status":"failed","retcode":400,"message":"bad"})") == index_of(Refused{}));
  CHECK(after(404, "") == index_of(Refused{}));
  CHECK(after(200, R"({"status":"ok","retcode":0,"data":{"message_id":5}})") == index_of(Sent{}));
  CHECK(after(200, "<html>hello</html>") == index_of(Unknown{}));
}

TEST_CASE("http: what an answer means") {
  CHECK(posted(502).fault->code == Errc::unknown);
  CHECK(std::holds_alternative<Unknown>(posted(502).answer));
  for (const int status : {401, 403}) {
    CHECK(posted(status).fault->code == Errc::refused);
    CHECK(std::holds_alternative<NotSent>(posted(status).answer));
  }
  CHECK(std::get<onebot::Response>(posted(400).answer).retcode == 1400);
  CHECK(std::get<onebot::Response>(posted(406).answer).retcode == 1400);
  CHECK(std::get<onebot::Response>(posted(404).answer).retcode == 1404);
  const auto renamed = posted(200, R"({"status":"failed","retcode":404,"data":null})");
  CHECK(std::get<onebot::Response>(renamed.answer).retcode == 1404);
  CHECK_FALSE(renamed.fault);
  CHECK(posted(200, "{").fault);
  CHECK(posted(200, R"({"post_type":"message"})").fault);
}

TEST_CASE_FIXTURE(Linked,
                  "http: an answer that does not come in time is unknown, and later sends wait their turn") {
  HttpAnswering held;
  held.holds_sends = true;
  qq.answer_calls(held);
  bot.send("one");
  REQUIRE(qq.wait_for_sends(1));
  bot.send("two");
  REQUIRE(bot.sink.wait<Settled>(2));
  const auto settled = bot.sink.all<Settled>();
  CHECK(std::ranges::count_if(settled, [](const Settled& verdict) {
          return std::holds_alternative<Unknown>(verdict.outcome);
        }) >= 1);
  CHECK(qq.sends()[0].text == "one");
  CHECK(bot.sink.all<LinkDown>().empty());
}

TEST_CASE("http: a platform that goes away is down as soon as a send shows it, and comes back") {
  auto qq = std::make_unique<OneBotHttpCounterpart>();
  Bot bot(account(qq->url()));
  REQUIRE(bot.sink.wait<LinkUp>());
  qq.reset();
  bot.send("one");
  CHECK(bot.settled<NotSent>(1));
  REQUIRE(bot.sink.wait<LinkDown>());
  bot.send("two");
  CHECK(bot.settled<NotSent>(2));
}

TEST_CASE("http: nobody there, a wrong token, an answer of somebody else") {
  OneBotHttpCounterpart qq("right");
  Bot refused(account(qq.url(), "wrong"));
  REQUIRE(refused.sink.wait<LinkDown>());
  CHECK(refused.sink.wait<LinkDown>()->reason == "the token was refused");
  Bot nobody(account("http://127.0.0.1:1"));
  REQUIRE(nobody.sink.wait<LinkDown>());
  HttpAnswering other;
  other.body = "<html>";
  qq.answer_calls(other);
  Bot web(account(qq.url() + "/", "right"));
  REQUIRE(web.sink.wait<LinkDown>());
  CHECK(web.sink.wait<LinkDown>()->reason == "the answer is none of OneBot");
  qq.answer_calls({});
  CHECK(web.sink.wait<LinkUp>());
}

TEST_CASE_FIXTURE(Linked, "http: the platform logs the account out and in again") {
  CHECK(bot.hears(qq_account.heartbeat(seconds(30), false)) == 204);
  REQUIRE(bot.sink.wait<LinkDown>());
  bot.send("one");
  CHECK(bot.settled<NotSent>(1));
  CHECK(bot.hears(qq_account.heartbeat(seconds(30), true)) == 204);
  REQUIRE(bot.sink.wait<LinkUp>(2));
  CHECK(bot.hears(R"({"post_type":"notice","notice_type":"bot_offline","user_id":1,"message":"kicked"})") ==
        204);
  REQUIRE(bot.sink.wait<LinkDown>(2));
  CHECK(bot.sink.wait<LinkDown>(2)->reason == "kicked");
}

TEST_CASE("http: events are signed with the secret, or with the token as NapCat does it") {
  Linked linked("t0ken", "s3cret");
  const std::string body = linked.said("hello");
  const auto status = [&](const std::string& signature, const std::string& self = "10001000") {
    std::vector<std::pair<std::string, std::string>> headers;
    if (!self.empty()) headers.emplace_back("X-Self-ID", self);
    if (!signature.empty()) headers.emplace_back("X-Signature", signature);
    return support::post_event(linked.bot.port, body, headers);
  };
  CHECK(status("") == 401);
  CHECK(status("sha1=" + hmac_sha1_hex("t0ken", body)) == 403);
  CHECK(status("sha1=" + hmac_sha1_hex("s3cret", body), "") == 400);
  CHECK(status("sha1=" + hmac_sha1_hex("s3cret", body), "2") == 403);
  CHECK(linked.bot.sink.all<MessagePosted>().empty());
  CHECK(status("sha1=" + hmac_sha1_hex("s3cret", body)) == 204);
  CHECK(linked.bot.sink.wait<MessagePosted>());
  support::DiallerOptions socket;
  CHECK(support::OneBotDialler(linked.bot.port, socket).status() == 400);
}

TEST_CASE_FIXTURE(Linked, "http: a full desk is told to the platform, and garbage costs nothing") {
  bot.sink.set_full(true);
  CHECK(bot.hears(said("lost?")) == 503);
  bot.sink.set_full(false);
  CHECK(bot.hears(said("taken")) == 204);
  CHECK(bot.hears("") == 204);
  CHECK(bot.hears("{") == 204);
  CHECK(bot.hears(R"({"status":"ok","retcode":0,"echo":"x"})") == 204);
  CHECK(bot.sink.all<MessagePosted>().size() == 1);
}

TEST_CASE("http: stopping does not wait for an answer") {
  Linked linked;
  HttpAnswering held;
  held.holds_sends = true;
  linked.qq.answer_calls(held);
  linked.bot.send("one");
  linked.bot.send("two");
  REQUIRE(linked.qq.wait_for_sends(1));
  const SteadyTime began = SystemClock().steady();
  linked.bot.network.stop();
  CHECK(SystemClock().steady() - began < seconds(2));
  REQUIRE(linked.bot.sink.wait<Settled>(2));
  CHECK(linked.bot.settled<NotSent>(1));
  CHECK(linked.bot.settled<Unknown>(2));
}
