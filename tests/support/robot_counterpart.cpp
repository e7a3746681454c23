#include "tests/support/robot_counterpart.hpp"

#include <fmt/format.h>

#include <atomic>
#include <boost/json.hpp>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "bot/base/hashes.hpp"
#include "bot/base/instant.hpp"
#include "bot/base/json.hpp"

namespace support {

namespace json = bot::json;

namespace {

constexpr auto kClockTolerance = std::chrono::hours(1);
constexpr const char* kUploadedMedia = "3a8asd892asd8asd";

/// Counts what was taken.
class Minute {
 public:
  explicit Minute(int most) : left_(std::make_shared<std::atomic<int>>(most)) {}
  bool take() const { return (*left_)-- > 0; }

 private:
  std::shared_ptr<std::atomic<int>> left_;
};

HttpScripted numbered(int code) {
  return {200, fmt::format(R"({{"errcode":{},"errmsg":"{}"}})", code, code == 0 ? "ok" : "no"), {}};
}

/// The parameter as it stands in the address.
std::string parameter(const std::string& target, const std::string& name) {
  const std::size_t at = target.find(name + "=");
  if (at == std::string::npos) return {};
  const std::string rest = target.substr(at + name.size() + 1);
  return rest.substr(0, rest.find('&'));
}

std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    int code = 0;
    std::from_chars(text.data() + i + 1, text.data() + i + 3, code, 16);
    plain += static_cast<char>(code);
    i += 2;
  }
  return plain;
}

bool is_fresh(bot::Milliseconds since_1970, bot::Instant now = bot::SystemClock().now()) {
  const auto age = now - bot::Instant(since_1970);
  return age < kClockTolerance && age > -kClockTolerance;
}

std::int64_t number(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

int wecom_code(const boost::json::value& body) {
  const std::string type = json::text(json::member(body, "msgtype"));
  const auto* part = json::member(body, type);
  if (part == nullptr) return 40008;
  if (type == "image") {
    const auto bytes = bot::from_base64(json::text(json::member(*part, "base64")));
    return bytes && bot::md5_hex(*bytes) == json::text(json::member(*part, "md5")) ? 0 : 40058;
  }
  if (type == "file" || type == "voice")
    return json::text(json::member(*part, "media_id")) == kUploadedMedia ? 0 : 40007;
  const std::string content = json::text(json::member(*part, "content"));
  if (content.empty()) return 44004;
  return content.size() > (type == "text" ? 2048U : 4096U) ? 45002 : 0;
}

/// One part by the name "media" that says its length truly, between the boundaries of the header.
bool is_upload(const HttpSeen& seen) {
  constexpr std::string_view form = "multipart/form-data; boundary=";
  const std::string type = seen.header("Content-Type");
  if (!type.starts_with(form)) return false;
  const std::string boundary = "--" + type.substr(form.size());
  const std::size_t begin = seen.body.find("\r\n\r\n");
  const std::size_t end = seen.body.rfind("\r\n" + boundary + "--\r\n");
  if (!seen.body.starts_with(boundary + "\r\n") || begin == std::string::npos || end < begin + 4)
    return false;
  const std::string head = seen.body.substr(0, begin);
  return head.find("name=\"media\"; filename=\"") != std::string::npos &&
         head.find(fmt::format("filelength={}\r\n", end - begin - 4)) != std::string::npos;
}

HttpScripted wecom_upload(const HttpSeen& seen) {
  const std::string type = parameter(seen.target, "type");
  if (type != "file" && type != "voice") return numbered(40004);
  if (!is_upload(seen)) return numbered(41005);
  return {200,
          fmt::format(R"({{"errcode":0,"errmsg":"ok","type":"{}","media_id":"{}"}})", type, kUploadedMedia),
          {}};
}

bool is_signed_for_dingtalk(const std::string& target) {
  const std::string stamp = parameter(target, "timestamp");
  const std::string expected = bot::base64(bot::hmac_sha256(kRobotSecret, stamp + "\n" + kRobotSecret));
  return decoded(parameter(target, "sign")) == expected && is_fresh(bot::Milliseconds(number(stamp)));
}

bool is_signed_for_feishu(const boost::json::value& body, bot::Instant now) {
  const std::string stamp = json::text(json::member(body, "timestamp"));
  const std::string expected = bot::base64(bot::hmac_sha256(stamp + "\n" + kRobotSecret, ""));
  return json::text(json::member(body, "sign")) == expected &&
         is_fresh(std::chrono::seconds(number(stamp)), now);
}

HttpScripted feishu(int status, int code) {
  return {
      status, fmt::format(R"({{"code":{},"msg":"{}","data":{{}}}})", code, code == 0 ? "success" : "no"), {}};
}

}  // namespace

RobotAnswer wecom_robot() {
  return [minute = Minute(20)](const HttpSeen& seen) {
    if (parameter(seen.target, "key") != kRobotKey) return numbered(93000);
    if (seen.target.starts_with("/cgi-bin/webhook/upload_media?")) return wecom_upload(seen);
    if (!seen.target.starts_with("/cgi-bin/webhook/send?")) return numbered(93000);
    const auto body = json::parsed(seen.body);
    const int code = body ? wecom_code(*body) : 40008;
    return numbered(code != 0 || minute.take() ? code : 45009);
  };
}

RobotAnswer dingtalk_robot() {
  return [minute = Minute(20)](const HttpSeen& seen) {
    if (parameter(seen.target, "access_token") != kRobotKey) return numbered(300001);
    if (!is_signed_for_dingtalk(seen.target)) return numbered(310000);
    const auto body = json::parsed(seen.body);
    if (!body || json::text(json::member(*body, "msgtype")) != "text") return numbered(40035);
    return numbered(minute.take() ? 0 : 130101);
  };
}

RobotAnswer feishu_robot(std::function<bot::Instant()> clock) {
  return [minute = Minute(100), clock = std::move(clock)](const HttpSeen& seen) {
    if (seen.target != std::string("/open-apis/bot/v2/hook/") + kRobotKey) return feishu(400, 19001);
    const auto body = json::parsed(seen.body);
    if (!body || seen.body.size() > 20'000) return feishu(400, 9499);
    if (!is_signed_for_feishu(*body, clock())) return feishu(400, 19021);
    return feishu(200, minute.take() ? 0 : 11232);
  };
}

RobotAnswer standard_receiver() {
  return [](const HttpSeen& seen) {
    const std::string stamp = seen.header("webhook-timestamp");
    const std::string content = seen.header("webhook-id") + "." + stamp + "." + seen.body;
    const std::string expected = "v1," + bot::base64(bot::hmac_sha256(kRobotSecret, content));
    const bool known = seen.target == std::string("/hook/") + kRobotKey;
    const bool fits =
        seen.header("webhook-signature") == expected && is_fresh(std::chrono::seconds(number(stamp)));
    return HttpScripted{known && fits ? 204 : 401, {}, {}};
  };
}

}  // namespace support
