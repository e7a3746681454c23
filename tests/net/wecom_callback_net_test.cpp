/// The callback of WeCom's robot over real sockets: our server, and a scripted one that takes the answers.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "bot/base/hashes.hpp"
#include "bot/net/http_client.hpp"
#include "bot/net/network.hpp"
#include "bot/net/platform.hpp"
#include "bot/platforms/wecom/callback.hpp"
#include "bot/platforms/wecom/crypto.hpp"
#include "tests/support/http_counterpart.hpp"
#include "tests/support/recording_sink.hpp"
#include "tests/support/wecom_vectors.hpp"

using namespace bot;
using support::HttpCounterpart;

namespace {

constexpr std::int64_t kSomeTime = 1'767'225'601;
const Address kGroup{"work", "CHAT1", false};

class FixedClock final : public Clock {
 public:
  Instant now() const noexcept override { return from_ms(kSomeTime * 1000); }
  SteadyTime steady() const noexcept override { return SystemClock().steady(); }
};

Task<void> fetch(HttpClient* client, HttpRequest request, HttpAnswer* into) {
  const Result<HttpAnswer> answer = co_await client->fetch(std::move(request));
  if (answer) *into = *answer;
  client->close();
}

HttpAnswer fetched(HttpRequest request) {
  boost::asio::io_context context(1);
  const auto client = *make_http_client(context.get_executor(), HttpOptions());
  HttpAnswer answer;
  Scope scope(context.get_executor());
  spawn(scope, "test", fetch(client.get(), std::move(request), &answer));
  context.run();
  return answer;
}

std::string encoded(const std::string& text) {
  return boost::urls::encode(text, boost::urls::unreserved_chars);
}

/// A robot that is dialled, and what dials it.
struct Door {
  explicit Door(HttpCounterpart* platform = nullptr) : network(sink, clock) {
    HttpServer& server = network.listen(HttpServerOptions());
    port = server.port();
    network.add([&](boost::asio::io_context& context) {
      return make_wecom_callback(context, config(platform), sink, clock, 42, server);
    });
    network.start();
    REQUIRE(sink.wait<LinkUp>());
  }

  static AccountConfig config(const HttpCounterpart* platform) {
    AccountConfig made;
    made.name = "work";
    made.platform = "wecom-robot";
    made.transport = "callback";
    made.token = Secret(support::kOwnToken, "literal");
    made.aes_key = Secret(support::kOwnKey, "literal");
    if (platform != nullptr) made.url = platform->url();
    return made;
  }

  std::string address(const std::string& query) const {
    return fmt::format("http://127.0.0.1:{}/wecom/work?{}", port, query);
  }
  static std::string query(const std::string& signature, std::int64_t time, const std::string& nonce) {
    return fmt::format("msg_signature={}&timestamp={}&nonce={}", signature, time, nonce);
  }
  HttpAnswer post(const std::string& query, const std::string& encrypted) const {
    HttpRequest request("POST", address(query));
    request.body = boost::json::serialize(boost::json::object{{"encrypt", encrypted}});
    return fetched(std::move(request));
  }
  /// A message sealed as the platform does it; returns the status.
  int says(const std::string& message, const std::string& nonce = "n", std::int64_t time = kSomeTime) const {
    const std::string encrypted = envelope.encrypted(message, "0123456789abcdef");
    const std::string signature = envelope.signature(std::to_string(time), nonce, encrypted);
    return post(query(signature, time, nonce), encrypted).status;
  }
  static std::string message(const std::string& id, const std::string& url) {
    return fmt::format(R"({{"msgid":"{}","aibotid":"B","chatid":"CHAT1","chattype":"group",)"
                       R"("from":{{"userid":"lisi"}},"response_url":"{}",)"
                       R"("msgtype":"text","text":{{"content":"@StudyBot 打卡"}}}})",
                       id, url);
  }

  void send(const std::string& text, const std::string& answers) {
    std::vector<Delivery> deliveries(1, Delivery(kGroup, Message(text)));
    deliveries[0].answers = answers;
    network.send(std::move(deliveries));
  }
  template <class Outcome>
  bool settled_as(std::size_t count) {
    const auto settled = sink.wait<Settled>(count);
    return settled && std::holds_alternative<Outcome>(settled->outcome);
  }

  FixedClock clock;
  support::RecordingSink sink;
  Network network;
  std::uint16_t port = 0;
  wecom::Envelope envelope = *wecom::Envelope::with(support::kOwnToken, support::kOwnKey);
};

}  // namespace

TEST_CASE_FIXTURE(Door, "the check of the address gets the bare text back") {
  const std::string right = query("c4cd615643454198c4e326aad2d7fd4d281e9401", kSomeTime - 1, "nonce123");
  const HttpAnswer answer =
      fetched(HttpRequest("GET", address(right + "&echostr=" + encoded(support::kRobotEcho))));
  CHECK(answer.status == 200);
  CHECK(answer.body == "4822031915");
  CHECK(fetched(HttpRequest("GET", address(right + "&echostr=x"))).status == 403);
  CHECK(fetched(HttpRequest("GET", address(""))).status == 403);
}

TEST_CASE_FIXTURE(Door, "a message arrives, once") {
  const std::string right = query("585bc8acdbe7d970653e6d21b8d69634c8dcd0a9", kSomeTime, "n-2");
  for (int times = 0; times < 2; ++times) {
    const HttpAnswer answer = post(right, support::kRobotSealed);
    CHECK(answer.status == 200);
    CHECK(answer.body.empty());
  }
  CHECK(says(R"({"msgid":"M2","chattype":"single","from":{"userid":"lisi"},"msgtype":"voice",)"
             R"("voice":{"content":"帮助"}})") == 200);
  const auto second = sink.wait<MessagePosted>(2);
  REQUIRE(second);
  CHECK(second->message.plain() == "帮助");
  CHECK(sink.all<MessagePosted>()[0].message.plain() == "今日任务");
  CHECK(sink.all<MessagePosted>().size() == 2);
  const Capabilities here = network.capabilities(kGroup);
  CHECK_FALSE(here.push);
  CHECK(here.reply_window == std::chrono::hours(1));
}

TEST_CASE_FIXTURE(Door, "what is not signed, too old, or no message is turned away") {
  const std::string message = Door::message("M1", "");
  CHECK(says(message, "n1", kSomeTime - 601) == 403);
  CHECK(says(message, "n2", kSomeTime + 601) == 403);
  CHECK(post(query("585bc8acdbe7d970653e6d21b8d69634c8dcd0a8", kSomeTime, "n-2"), support::kRobotSealed)
            .status == 403);
  const std::string nonsense = base64(std::string(32, 'x'));
  const std::string signature = envelope.signature(std::to_string(kSomeTime), "n", nonsense);
  CHECK(post(query(signature, kSomeTime, "n"), nonsense).status == 400);
  HttpRequest empty("POST", address("a=b"));
  CHECK(fetched(std::move(empty)).status == 403);
  CHECK(says("not json", "n3") == 200);
  CHECK(says(R"({"msgtype":"stream","stream":{"id":"s1"}})", "n4") == 200);
  CHECK(says(message, "n5", kSomeTime - 599) == 200);
  REQUIRE(sink.wait<MessagePosted>());
  CHECK(sink.all<MessagePosted>().size() == 1);
}

TEST_CASE_FIXTURE(Door, "while the desk is full the platform is asked to come again") {
  sink.set_full(true);
  CHECK(says(message("M1", ""), "n1") == 503);
  sink.set_full(false);
  CHECK(says(message("M1", ""), "n1") == 200);
  CHECK(sink.wait<MessagePosted>());
}

TEST_CASE("a message is answered at the address that it brings, once") {
  support::HttpCounterpartOptions options;
  options.body = R"({"errcode":0,"errmsg":"ok"})";
  HttpCounterpart platform(options);
  Door door(&platform);
  REQUIRE(door.says(Door::message("M1", platform.url() + "/cgi-bin/aibot/response?response_code=RC")) == 200);
  REQUIRE(door.sink.wait<MessagePosted>());
  door.send("已打卡 <@all>", "M1");
  REQUIRE(door.settled_as<Sent>(1));
  REQUIRE(platform.seen().size() == 1);
  const auto seen = platform.seen()[0];
  CHECK(seen.target == "/cgi-bin/aibot/response?response_code=RC");
  CHECK(boost::json::parse(seen.body) ==
        boost::json::parse("{\"msgtype\":\"markdown\",\"markdown\":{\"content\":\"已打卡 <\u200b@all>\"}}"));

  door.send("noch einmal", "M1");
  REQUIRE(door.settled_as<Refused>(2));
  CHECK(std::get<Refused>(door.sink.wait<Settled>(2)->outcome).reason ==
        "the platform allows one answer within an hour");
  door.send("push", "");
  CHECK(door.settled_as<Refused>(3));
  CHECK(platform.seen().size() == 1);
}

TEST_CASE("an address that leads elsewhere is not visited") {
  HttpCounterpart platform;
  HttpCounterpart elsewhere;
  SUBCASE("another port") {
    Door door(&platform);
    REQUIRE(door.says(Door::message("M1", elsewhere.url() + "/x")) == 200);
    door.send("x", "M1");
    CHECK(door.settled_as<Refused>(1));
  }
  SUBCASE("not WeCom") {
    Door door;
    int nonce = 0;
    for (const std::string& url :
         {elsewhere.url() + "/x", std::string("http://qyapi.weixin.qq.com/x"),
          std::string("https://qyapi.weixin.qq.com.evil.example/x"),
          std::string("https://qyapi.weixin.qq.com:8443/"), std::string("https://a@qyapi.weixin.qq.com/"),
          std::string("file:///etc/passwd")}) {
      const std::string id = "M" + std::to_string(++nonce);
      REQUIRE(door.says(Door::message(id, url), id) == 200);
      door.send("x", id);
      CHECK(door.settled_as<Refused>(static_cast<std::size_t>(nonce)));
    }
  }
  CHECK(platform.seen().empty());
  CHECK(elsewhere.seen().empty());
}

TEST_CASE("what the platform says to an answer") {
  HttpCounterpart platform;
  Door door(&platform);
  const auto answered = [&](const std::string& id, const std::string& path) {
    REQUIRE(door.says(Door::message(id, platform.url() + path), id) == 200);
    door.send("x", id);
  };
  answered("M1", "/status/500");
  CHECK(door.settled_as<Unknown>(1));
  answered("M2", "/status/404");
  CHECK(door.settled_as<Refused>(2));
  answered("M3", "/garbage");
  CHECK(door.settled_as<Unknown>(3));
  answered("M4", "/mute");
  door.network.stop();
  CHECK_FALSE(door.settled_as<Sent>(4));
}

TEST_CASE("a key that cannot be used is told") {
  AccountConfig config = Door::config(nullptr);
  CHECK(check_wecom_callback(config).has_value());
  config.aes_key = Secret("short", "literal");
  CHECK_FALSE(check_wecom_callback(config).has_value());
}
