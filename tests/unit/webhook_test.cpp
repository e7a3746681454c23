/// What is written to the robots of group chats, and what their answers mean.
#include "bot/net/webhook.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "bot/base/hashes.hpp"
#include "bot/net/webhook_verdict.hpp"

using namespace bot;
using namespace std::chrono_literals;

namespace {

constexpr Instant kNow = from_ms(1'767'225'600'000);  // 2026-01-01 00:00 UTC
constexpr const char* kUrl = "https://robot.example/send?key=hunter2";
constexpr const char* kPixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC";

Message message(std::vector<Segment> parts) {
  Message made;
  for (Segment& part : parts) made.add(std::move(part));
  return made;
}

std::vector<HttpRequest> posts(WebhookKind kind, Message said, const std::string& secret = "") {
  Delivery delivery({"hook", "class", false}, std::move(said));
  delivery.kind = "lesson.push";
  delivery.subject = "L12";
  return webhook_requests(WebhookRobot(kind, kUrl, secret), delivery, "msg_1", kNow);
}

HttpRequest post(WebhookKind kind, Message said, const std::string& secret = "") {
  std::vector<HttpRequest> all = posts(kind, std::move(said), secret);
  REQUIRE(all.size() == 1);
  return std::move(all.front());
}

std::string body(WebhookKind kind, std::vector<Segment> parts) {
  return post(kind, message(std::move(parts))).body;
}

std::string header(const HttpRequest& request, const std::string& name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return {};
}

HttpAnswer answer(int status, const std::string& text, const std::string& retry_after = "") {
  HttpAnswer made;
  made.status = status;
  made.body = text;
  if (!retry_after.empty()) made.headers.emplace_back("retry-after", retry_after);
  return made;
}

/// "sent", "not sent 60 s: …", "refused: …", "dead: …" or "unknown: …".
std::string verdict(WebhookKind kind, const HttpAnswer& from) {
  const SendOutcome outcome = webhook_verdict(kind, from);
  if (std::holds_alternative<Sent>(outcome)) return "sent";
  if (const auto* refused = std::get_if<Refused>(&outcome))
    return (refused->whole_chat ? "dead: " : "refused: ") + refused->reason;
  if (const auto* unknown = std::get_if<Unknown>(&outcome)) return "unknown: " + unknown->reason;
  const auto& not_sent = std::get<NotSent>(outcome);
  const std::string pause =
      not_sent.retry_after ? " " + std::to_string(*not_sent.retry_after / 1s) + " s" : std::string();
  return "not sent" + pause + ": " + not_sent.reason;
}

}  // namespace

TEST_CASE("digests: the published vectors") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(md5_hex("") == "d41d8cd98f00b204e9800998ecf8427e");
  // RFC 4231, case 2
  CHECK(base64(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
  for (const char* text : {"", "f", "fo", "foo", "foob"}) CHECK(from_base64(base64(text)) == text);
  for (const char* text : {"Zg", "Zg=", "Zh==", "Z g=", "Zg==\n", "Zm9v!===", "="}) {
    CAPTURE(text);
    CHECK_FALSE(from_base64(text));
  }
}

TEST_CASE("webhook: each robot gets its form") {
  CHECK(body(WebhookKind::plain, {Text{"a\"b"}}) == R"({"text":"a\"b"})");
  CHECK(body(WebhookKind::wecom, {Text{"x"}}) == R"({"msgtype":"text","text":{"content":"x"}})");
  CHECK(body(WebhookKind::dingtalk, {Text{"x"}}) == R"({"msgtype":"text","text":{"content":"x"}})");
  CHECK(body(WebhookKind::feishu, {Text{"x"}}) == R"({"msg_type":"text","content":{"text":"x"}})");
  const HttpRequest request = post(WebhookKind::wecom, Message("x"));
  CHECK(request.method == "POST");
  CHECK(request.url == kUrl);
  CHECK(header(request, "Content-Type") == "application/json; charset=utf-8");
  CHECK(webhook_kind("wecom") == WebhookKind::wecom);
  CHECK(webhook_kind("standard") == WebhookKind::standard);
  CHECK(webhook_kind("plain") == WebhookKind::plain);
}

TEST_CASE("webhook: mentions, as each robot wants them") {
  const std::vector<Segment> both{Mention{"zhangsan"}, Text{" x "}, MentionAll{}};
  CHECK(body(WebhookKind::wecom, both) ==
        R"({"msgtype":"text","text":{"content":"x","mentioned_list":["zhangsan","@all"]}})");
  CHECK(
      body(WebhookKind::dingtalk, both) ==
      R"({"msgtype":"text","text":{"content":"@zhangsan x "},"at":{"atUserIds":["zhangsan"],"isAtAll":true}})");
  CHECK(
      body(WebhookKind::feishu, both) ==
      R"({"msg_type":"text","content":{"text":"<at user_id=\"zhangsan\"></at> x <at user_id=\"all\"></at>"}})");
  CHECK(body(WebhookKind::feishu, {Mention{"a\"><at user_id=\"all"}, Text{"x"}}).find("<at", 50) ==
        std::string::npos);
}

TEST_CASE("webhook: what was typed mentions nobody") {
  const std::string gap = "\u200b";
  const auto typed = [](WebhookKind kind, const std::string& text) {
    const auto json = boost::json::parse(body(kind, {Text{text}}));
    const bool feishu = kind == WebhookKind::feishu;
    return std::string(feishu ? json.at("content").at("text").as_string()
                              : json.at("text").at("content").as_string());
  };
  for (const WebhookKind kind : {WebhookKind::wecom, WebhookKind::feishu}) {
    CHECK(typed(kind, "<@all>") == "<" + gap + "@all>");
    CHECK(typed(kind, "<at user_id=\"all\">x</at>") == "<" + gap + "at user_id=\"all\">x<" + gap + "/at>");
    CHECK(typed(kind, "<AT user_id='all'>") == "<" + gap + "AT user_id='all'>");
    CHECK(typed(kind, "< at user_id=all>") == "<" + gap + " at user_id=all>");
    CHECK(typed(kind, "<!channel>") == "<" + gap + "!channel>");
    CHECK(typed(kind, "1 < 2, <b>, a<") == "1 < 2, <b>, a<");
  }
  CHECK(body(WebhookKind::wecom, {Text{"<"}, Mention{"li"}, Text{"@all>"}}).find("<@all>") ==
        std::string::npos);
  CHECK(typed(WebhookKind::wecom,
              "a\x01"
              "b\tc\nd\x7f\r") == "ab\tc\nd");
  CHECK(typed(WebhookKind::wecom, "a\xff") == "a\ufffd");
}

TEST_CASE("webhook: WeCom's text is never over its limit, and is cut between characters") {
  const auto content = [](const std::string& text) {
    const auto json = boost::json::parse(body(WebhookKind::wecom, {Text{text}}));
    return std::string(json.at("text").at("content").as_string());
  };
  CHECK(content(std::string(2048, 'x')).size() == 2048);
  std::string tags;
  for (int i = 0; i < 1000; ++i) tags += "<@";
  CHECK(content(tags).size() <= 2048);
  std::string chinese;
  for (int i = 0; i < 700; ++i) chinese += "\u5b66";
  CHECK(content(chinese).size() == 2046);
}

TEST_CASE("webhook: a picture follows its text, where there are pictures") {
  const std::string pixel = from_base64(kPixel).value();
  const auto both = message({Picture{pixel, {}}, Text{"look"}});
  const std::vector<HttpRequest> requests = posts(WebhookKind::wecom, both);
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].body == R"({"msgtype":"text","text":{"content":"look"}})");
  CHECK(requests[1].body == std::string(R"({"msgtype":"image","image":{"base64":")") + kPixel +
                                R"(","md5":"9d3f217f6cfaad7f9d3786af47422d59"}})");
  CHECK(posts(WebhookKind::feishu, both).size() == 1);
  CHECK(posts(WebhookKind::feishu, message({Picture{pixel, {}}})).empty());
  CHECK(posts(WebhookKind::wecom, message({Picture{std::string(2 * 1024 * 1024 + 1, 'x'), {}}})).empty());
  CHECK(posts(WebhookKind::wecom, message({Button{"a", "b"}})).empty());
}

TEST_CASE("webhook: signatures of DingTalk and Feishu") {
  CHECK(post(WebhookKind::dingtalk, Message("x"), "SECtest0123456789").url ==
        std::string(kUrl) + "&timestamp=1767225600000&sign=WqRwE26E5CxYGjFqhx%2B2yyo3peNrvAUu8ptyyREKKyk%3D");
  CHECK(post(WebhookKind::feishu, Message("x"), "feishu-test-secret").body ==
        R"({"timestamp":"1767225600","sign":"+O/t8xQIQMWSvTBZyknDY29EsHsGDkn69jEmEuuS2Fs=",)"
        R"("msg_type":"text","content":{"text":"x"}})");
}

TEST_CASE("webhook: Standard Webhooks, with the published vector") {
  const Instant then = from_ms(1'614'265'330'000);
  const std::string id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  const std::string signed_by_spec = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  const std::string encoded = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  CHECK(standard_signature("whsec_" + encoded, id, then, R"({"test": 2432232314})") == signed_by_spec);
  CHECK(standard_signature(*from_base64(encoded), id, then, R"({"test": 2432232314})") == signed_by_spec);

  const HttpRequest request =
      post(WebhookKind::standard, message({Mention{"li"}, Text{" x"}, MentionAll{}}), "whsec_" + encoded);
  CHECK(request.body ==
        R"({"type":"message","timestamp":"2026-01-01T00:00:00Z","data":{"chat":"class","text":"@li x",)"
        R"("mentioned":["li"],"mentioned_all":true,"kind":"lesson.push","subject":"L12"}})");
  CHECK(header(request, "webhook-id") == "msg_1");
  CHECK(header(request, "webhook-timestamp") == "1767225600");
  CHECK(header(request, "webhook-signature") ==
        standard_signature("whsec_" + encoded, "msg_1", kNow, request.body));
  CHECK(header(post(WebhookKind::standard, Message("x")), "webhook-signature").empty());
}

TEST_CASE("webhook: what the platforms' numbers mean") {
  const auto wecom = [](const std::string& code, int status = 200) {
    return verdict(WebhookKind::wecom, answer(status, R"({"errcode":)" + code + R"(,"errmsg":"hunter2"})"));
  };
  CHECK(wecom("0") == "sent");
  CHECK(wecom("-1") == "not sent: the platform is busy (error -1)");
  CHECK(wecom("45009") == "not sent 60 s: more than 20 messages in a minute (error 45009)");
  CHECK(wecom("93000") == "dead: the robot was removed, or its key is not valid (error 93000)");
  CHECK(wecom("45002") == "refused: the text is too long (error 45002)");
  CHECK(wecom("12345") == "refused: answered with error 12345");
  CHECK(wecom("93000", 403) == "dead: the robot was removed, or its key is not valid (error 93000)");
  CHECK(wecom("0", 502) == "unknown: answered with HTTP 502");

  const auto dingtalk = [](const std::string& code) {
    return verdict(WebhookKind::dingtalk, answer(200, R"({"errcode":)" + code + "}"));
  };
  CHECK(dingtalk("0") == "sent");
  CHECK(dingtalk("130101") == "not sent 600 s: more than 20 messages in a minute (error 130101)");
  CHECK(dingtalk("300001").starts_with("dead: "));
  CHECK(dingtalk("310000").starts_with("dead: the robot's keywords, signature or list"));
  CHECK(dingtalk("45009") == "refused: answered with error 45009");

  const auto feishu = [](const std::string& text) { return verdict(WebhookKind::feishu, answer(400, text)); };
  CHECK(feishu(R"({"code":0,"msg":"success"})") == "sent");
  CHECK(feishu(R"({"code":9499,"msg":"too many request"})").starts_with("not sent 60 s: "));
  CHECK(feishu(R"({"code":9499,"msg":"Bad Request"})").starts_with("refused: the message's form"));
  CHECK(feishu(R"({"code":11232})").starts_with("not sent 60 s: "));
  for (const char* code : {"19001", "19021", "19022", "19024"})
    CHECK(feishu("{\"code\":" + std::string(code) + "}").starts_with("dead: "));
}

TEST_CASE("webhook: an answer that cannot be read leaves it unknown") {
  for (const char* text : {"", "ok", "[]", "{}", R"({"errcode":null})", R"({"errcode":"x"})", "<html>"}) {
    CAPTURE(text);
    CHECK(verdict(WebhookKind::wecom, answer(200, text)) == "unknown: the answer cannot be read");
  }
  CHECK(verdict(WebhookKind::wecom, answer(404, "")) == "refused: answered with HTTP 404");
}

TEST_CASE("webhook: other servers are judged by the status") {
  const auto judged = [](int status, const std::string& retry_after = "") {
    return verdict(WebhookKind::standard, answer(status, "hunter2", retry_after));
  };
  CHECK(judged(200) == "sent");
  CHECK(judged(204) == "sent");
  CHECK(judged(429) == "not sent 60 s: answered with HTTP 429");
  CHECK(judged(429, "7") == "not sent 7 s: answered with HTTP 429");
  CHECK(judged(503, "120") == "not sent 120 s: answered with HTTP 503");
  CHECK(judged(503, "Wed, 21 Oct 2026 07:28:00 GMT") == "unknown: answered with HTTP 503");
  CHECK(judged(410) == "dead: answered with HTTP 410");
  CHECK(judged(302) == "refused: answered with HTTP 302");
  CHECK(judged(401) == "refused: answered with HTTP 401");
  CHECK(judged(500) == "unknown: answered with HTTP 500");
  CHECK(verdict(WebhookKind::plain, answer(200, R"({"code":200})")) == "sent");
}

TEST_CASE("webhook: without an answer, only what cannot have left is not sent") {
  CHECK(std::holds_alternative<NotSent>(webhook_verdict(Error{Errc::unreachable, "https://x: connect"})));
  CHECK(std::holds_alternative<Unknown>(webhook_verdict(Error{Errc::closed, "https://x: no answer"})));
  CHECK(webhook_error(Unknown{"x"}).code == Errc::unknown);
  CHECK(webhook_error(Refused{"x"}).code == Errc::refused);
  CHECK(webhook_error(NotSent{"x", std::nullopt}).detail == "x");
}
