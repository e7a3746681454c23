#include "bot/net/webhook.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <functional>
#include <optional>
#include <utility>

#include "bot/base/hashes.hpp"
#include "bot/base/utf8.hpp"
#include "bot/net/http_fetch.hpp"
#include "bot/net/webhook_verdict.hpp"
#include "bot/net/wecom_words.hpp"

namespace bot {

namespace {

constexpr std::size_t kWecomText = 2048;                             // bytes
constexpr std::size_t kWecomMarkdown = 4096;                         // bytes
constexpr std::size_t kWecomVoice = std::size_t{2} * 1024 * 1024;    // bytes
constexpr std::size_t kWecomFile = std::size_t{20} * 1024 * 1024;    // bytes
constexpr std::size_t kWecomLeast = 5;                               // bytes
constexpr std::size_t kWecomPicture = std::size_t{2} * 1024 * 1024;  // bytes
constexpr std::string_view kZeroWidthSpace = "\u200b";
constexpr std::string_view kEncodedSecret = "whsec_";

std::int64_t in_seconds(Instant at) {
  return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

bool is_control(char c) {
  return (c >= 0 && c < ' ' && c != '\n' && c != '\t') || c == '\x7f';
}

/// "@" or "at", as it follows the "<" of a mention; "!" as well, since plain webhooks often lead to Slack.
bool begins_mention(std::string_view behind) {
  behind.remove_prefix(std::min(behind.find_first_not_of(" \t\n/"), behind.size()));
  const bool at =
      behind.size() >= 2 && (behind[0] == 'a' || behind[0] == 'A') && (behind[1] == 't' || behind[1] == 'T');
  return behind.starts_with('@') || behind.starts_with('!') || at;
}

/// Typed text as it may be sent: it mentions nobody.
std::string harmless(std::string_view typed) {
  std::string clean = utf8::repaired(typed);
  std::erase_if(clean, is_control);
  std::string text;
  for (std::size_t i = 0; i < clean.size(); ++i) {
    text += clean[i];
    if (clean[i] == '<' && begins_mention(std::string_view(clean).substr(i + 1))) text += kZeroWidthSpace;
  }
  return text;
}

/// What a message says, taken apart as all of these platforms want it.
struct Spoken {
  std::string text{};  ///< mentions in it as the platform writes them
  boost::json::array mentioned{};
  bool everybody = false;
  std::vector<std::string> pictures{};
};

using Written = std::function<std::string(const std::string& user)>;

/// `written` stands in the text for a mention; an empty user is everybody.
Spoken spoken(const Message& message, const Written& written) {
  Spoken all;
  std::string typed;  // whole, so that a "<@" in two segments is found as well
  const auto finish = [&] { all.text += harmless(std::exchange(typed, {})); };
  const auto mention = [&](const std::string& user) {
    const std::string mark = written(user);
    if (mark.empty()) return;
    finish();
    all.text += mark;
  };
  for (const Segment& part : message.parts()) {
    if (const auto* text = std::get_if<Text>(&part)) {
      typed += text->text;
    } else if (const auto* one = std::get_if<Mention>(&part)) {
      all.mentioned.emplace_back(one->user);
      mention(one->user);
    } else if (std::holds_alternative<MentionAll>(part)) {
      all.everybody = true;
      mention({});
    } else if (const auto* picture = std::get_if<Picture>(&part)) {
      if (!picture->bytes.empty()) all.pictures.push_back(picture->bytes);
    }
  }
  finish();
  return all;
}

std::string unmarked(const std::string&) {
  return {};
}

std::string at_user(const std::string& user) {
  return user.empty() ? std::string() : "@" + harmless(user);
}

std::string at_tag(const std::string& user) {
  std::string quoted = harmless(user.empty() ? "all" : user);
  std::erase_if(quoted, [](char c) { return c == '"' || c == '<' || c == '>'; });
  return "<at user_id=\"" + quoted + "\"></at>";
}

HttpRequest json_post(const std::string& url, const boost::json::object& body) {
  HttpRequest request("POST", url);
  request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  request.body = boost::json::serialize(body);
  return request;
}

std::vector<HttpRequest> to_plain(const WebhookRobot& robot, const Delivery& delivery) {
  const Spoken said = spoken(delivery.message, at_user);
  if (said.text.empty()) return {};
  return {json_post(robot.url, {{"text", said.text}})};
}

// ---- WeCom ----------------------------------------------------------------------------------------------

HttpRequest wecom_text(const WebhookRobot& robot, const Spoken& said) {
  // A mention leaves nothing but its blank in the text.
  boost::json::object text{{"content", utf8::cut_bytes(utf8::trimmed(said.text), kWecomText)}};
  boost::json::array mentioned = said.mentioned;
  if (said.everybody) mentioned.emplace_back("@all");
  if (!mentioned.empty()) text["mentioned_list"] = std::move(mentioned);
  return json_post(robot.url, {{"msgtype", "text"}, {"text", std::move(text)}});
}

/// Texts are joined before they are looked at, so that no tag can be put together from two of them.
std::string wecom_markdown(const Message& message, WecomMarkdown form) {
  std::string words;
  std::string typed;
  for (const Segment& part : message.parts()) {
    if (const auto* text = std::get_if<Text>(&part)) {
      typed += utf8::repaired(text->text);
    } else if (const auto* mention = std::get_if<Mention>(&part)) {
      words += wecom_literal(std::exchange(typed, {}), form);
      words += form == WecomMarkdown::first ? wecom_mention(mention->user)
                                            : "@" + wecom_literal(utf8::repaired(mention->user), form);
    }
  }
  return wecom_shaped(words + wecom_literal(typed, form), form);
}

/// Everybody can be mentioned by a text only: a short one follows.
std::vector<HttpRequest> wecom_words(const WebhookRobot& robot, const Delivery& delivery,
                                     const Spoken& said) {
  if (robot.format == WecomFormat::text) {
    if (said.text.empty()) return {};
    return {wecom_text(robot, said)};
  }
  const bool second = robot.format == WecomFormat::markdown_v2;
  const std::string words =
      wecom_markdown(delivery.message, second ? WecomMarkdown::second : WecomMarkdown::first);
  std::vector<HttpRequest> requests;
  const char* const type = second ? "markdown_v2" : "markdown";
  const std::string_view content = utf8::cut_bytes(utf8::trimmed(words), kWecomMarkdown);
  if (!content.empty())
    requests.push_back(json_post(robot.url, {{"msgtype", type}, {type, {{"content", content}}}}));
  if (said.everybody) {
    Spoken call;
    call.text = delivery.everyone;
    call.everybody = true;
    requests.push_back(wecom_text(robot, call));
  }
  return requests;
}

HttpRequest wecom_picture(const WebhookRobot& robot, const std::string& bytes) {
  return json_post(robot.url,
                   {{"msgtype", "image"}, {"image", {{"base64", base64(bytes)}, {"md5", md5_hex(bytes)}}}});
}

std::vector<HttpRequest> to_wecom(const WebhookRobot& robot, const Delivery& delivery) {
  const Spoken said = spoken(delivery.message, unmarked);
  std::vector<HttpRequest> requests = wecom_words(robot, delivery, said);
  for (const std::string& picture : said.pictures) {
    if (picture.size() <= kWecomPicture) requests.push_back(wecom_picture(robot, picture));
  }
  return requests;
}

/// A name as it may stand in a header: neither quotes nor line breaks end it.
std::string wecom_file_name(const Attachment& file) {
  std::string name = utf8::one_line(file.name);
  std::ranges::replace_if(name, [](char c) { return c == '"' || c == '\\' || c == '/'; }, '_');
  return name.empty() ? "file" : name;
}

std::optional<std::string> wecom_media_type(const Attachment& file) {
  const std::size_t size = file.bytes.size();
  if (size <= kWecomLeast || size > kWecomFile) return std::nullopt;
  const bool amr = file.bytes.starts_with("#!AMR") && size <= kWecomVoice;
  return amr && file.kind == Attachment::Kind::voice ? "voice" : "file";
}

HttpRequest wecom_upload(const WebhookRobot& robot, const Attachment& file, const std::string& type,
                         const std::string& boundary) {
  constexpr std::string_view send = "/send?";
  std::string url = robot.url;
  if (const std::size_t at = url.find(send); at != std::string::npos)
    url.replace(at, send.size(), "/upload_media?");
  HttpRequest request("POST", url + "&type=" + type);
  request.headers.emplace_back("Content-Type", "multipart/form-data; boundary=" + boundary);
  request.body = fmt::format(
      "--{0}\r\nContent-Disposition: form-data; name=\"media\"; filename=\"{1}\"; filelength={2}\r\n"
      "Content-Type: application/octet-stream\r\n\r\n",
      boundary, wecom_file_name(file), file.bytes.size());
  request.body += file.bytes + "\r\n--" + boundary + "--\r\n";
  return request;
}

// ---- DingTalk -------------------------------------------------------------------------------------------

std::string signed_url(const WebhookRobot& robot, Instant now) {
  if (robot.secret.empty()) return robot.url;
  const std::string stamp = std::to_string(in_ms(now));
  const std::string signature = base64(hmac_sha256(robot.secret, stamp + "\n" + robot.secret));
  const char joint = robot.url.find('?') == std::string::npos ? '?' : '&';
  return fmt::format("{}{}timestamp={}&sign={}", robot.url, joint, stamp,
                     boost::urls::encode(signature, boost::urls::unreserved_chars));
}

std::vector<HttpRequest> to_dingtalk(const WebhookRobot& robot, const Delivery& delivery, Instant now) {
  const Spoken said = spoken(delivery.message, at_user);
  if (said.text.empty()) return {};
  boost::json::object body{{"msgtype", "text"}, {"text", {{"content", said.text}}}};
  if (!said.mentioned.empty() || said.everybody)
    body["at"] = {{"atUserIds", said.mentioned}, {"isAtAll", said.everybody}};
  return {json_post(signed_url(robot, now), body)};
}

// ---- Feishu ---------------------------------------------------------------------------------------------

/// The secret is a part of the key here, and nothing is signed.
std::string feishu_signature(const std::string& secret, const std::string& stamp) {
  return base64(hmac_sha256(stamp + "\n" + secret, {}));
}

std::vector<HttpRequest> to_feishu(const WebhookRobot& robot, const Delivery& delivery, Instant now) {
  const Spoken said = spoken(delivery.message, at_tag);
  if (said.text.empty()) return {};
  boost::json::object body;
  if (!robot.secret.empty()) {
    const std::string stamp = std::to_string(in_seconds(now));
    body["timestamp"] = stamp;
    body["sign"] = feishu_signature(robot.secret, stamp);
  }
  body["msg_type"] = "text";
  body["content"] = {{"text", said.text}};
  return {json_post(robot.url, body)};
}

// ---- Standard Webhooks ----------------------------------------------------------------------------------

boost::json::object standard_body(const Delivery& delivery, const Spoken& said, Instant now) {
  const std::string stamp = fmt::format("{:%FT%TZ}", fmt::gmtime(static_cast<std::time_t>(in_seconds(now))));
  return {{"type", "message"},
          {"timestamp", stamp},
          {"data",
           {{"chat", delivery.to.chat},
            {"text", said.text},
            {"mentioned", said.mentioned},
            {"mentioned_all", said.everybody},
            {"kind", delivery.kind},
            {"subject", delivery.subject}}}};
}

std::vector<HttpRequest> to_standard(const WebhookRobot& robot, const Delivery& delivery,
                                     const std::string& id, Instant now) {
  const Spoken said = spoken(delivery.message, at_user);
  if (said.text.empty()) return {};
  HttpRequest request = json_post(robot.url, standard_body(delivery, said, now));
  request.headers.emplace_back("webhook-id", id);
  request.headers.emplace_back("webhook-timestamp", std::to_string(in_seconds(now)));
  if (!robot.secret.empty()) {
    request.headers.emplace_back("webhook-signature",
                                 standard_signature(robot.secret, id, now, request.body));
  }
  return {std::move(request)};
}

/// The bytes that a secret stands for.
std::string signing_key(const std::string& secret) {
  if (!secret.starts_with(kEncodedSecret)) return secret;
  return from_base64(std::string_view(secret).substr(kEncodedSecret.size())).value_or(secret);
}

}  // namespace

WecomFormat wecom_format(std::string_view name) {
  if (name == "markdown") return WecomFormat::markdown;
  return name == "markdown_v2" ? WecomFormat::markdown_v2 : WecomFormat::text;
}

WebhookKind webhook_kind(std::string_view preset) {
  if (preset == "wecom") return WebhookKind::wecom;
  if (preset == "dingtalk") return WebhookKind::dingtalk;
  if (preset == "feishu") return WebhookKind::feishu;
  return preset == "standard" ? WebhookKind::standard : WebhookKind::plain;
}

std::vector<HttpRequest> webhook_requests(const WebhookRobot& robot, const Delivery& delivery,
                                          const std::string& id, Instant now) {
  switch (robot.kind) {
    case WebhookKind::plain:
      return to_plain(robot, delivery);
    case WebhookKind::standard:
      return to_standard(robot, delivery, id, now);
    case WebhookKind::wecom:
      return to_wecom(robot, delivery);
    case WebhookKind::dingtalk:
      return to_dingtalk(robot, delivery, now);
    case WebhookKind::feishu:
      break;
  }
  return to_feishu(robot, delivery, now);
}

std::vector<WebhookFile> webhook_files(const WebhookRobot& robot, const Delivery& delivery,
                                       const std::string& boundary) {
  std::vector<WebhookFile> files;
  if (robot.kind != WebhookKind::wecom) return files;
  for (const Segment& part : delivery.message.parts()) {
    const auto* file = std::get_if<Attachment>(&part);
    const auto type = file == nullptr ? std::nullopt : wecom_media_type(*file);
    if (type) files.emplace_back(wecom_upload(robot, *file, *type, boundary), *type);
  }
  return files;
}

HttpRequest webhook_file_message(const WebhookRobot& robot, const std::string& msgtype,
                                 const std::string& media_id) {
  return json_post(robot.url, {{"msgtype", msgtype}, {msgtype, {{"media_id", media_id}}}});
}

std::string standard_signature(const std::string& secret, const std::string& id, Instant now,
                               const std::string& body) {
  const std::string content = fmt::format("{}.{}.{}", id, in_seconds(now), body);
  return "v1," + base64(hmac_sha256(signing_key(secret), content));
}

Result<void> post_to_webhook(const WebhookRobot& robot, const std::string& text, Instant now,
                             HttpOptions options) {
  const std::string id = "alarm_" + sha256_hex(std::to_string(in_ms(now)) + text).substr(0, 32);
  for (HttpRequest& request : webhook_requests(robot, Delivery({}, Message(text)), id, now)) {
    const Result<HttpAnswer> answer = fetch_and_wait(std::move(request), options);
    if (!answer) return answer.error();
    const SendOutcome outcome = webhook_verdict(robot.kind, *answer);
    if (!std::holds_alternative<Sent>(outcome)) return webhook_error(outcome);
  }
  return {};
}

}  // namespace bot
