#include "bot/net/webhook_verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "bot/base/json.hpp"

namespace bot {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Milliseconds kUsualPause = minutes(1);
constexpr Milliseconds kDingTalkPause = minutes(10);

enum class Meaning {
  too_fast,
  busy,  ///< nothing happened; may be tried again
  dead,  ///< nothing can be said there until a person mends it
  bad,   ///< this message cannot be said
};

struct Rule {
  WebhookKind kind;
  std::int64_t code;
  Meaning meaning;
  std::string_view words;
  std::string_view message = "";  ///< part of the platform's words, where one number means several things
};

constexpr std::array kRules{
    Rule{WebhookKind::wecom, -1, Meaning::busy, "the platform is busy"},
    Rule{WebhookKind::wecom, 45009, Meaning::too_fast, "more than 20 messages in a minute"},
    Rule{WebhookKind::wecom, 45033, Meaning::too_fast, "too many messages at once"},
    Rule{WebhookKind::wecom, 93000, Meaning::dead, "the robot was removed, or its key is not valid"},
    Rule{WebhookKind::wecom, 93004, Meaning::dead, "the robot is disabled"},
    Rule{WebhookKind::wecom, 93008, Meaning::dead, "the robot is not in the group"},
    Rule{WebhookKind::wecom, 40050, Meaning::dead, "the group is not known"},
    Rule{WebhookKind::wecom, 49008, Meaning::dead, "the group was dissolved"},
    Rule{WebhookKind::wecom, 44004, Meaning::bad, "the text is empty"},
    Rule{WebhookKind::wecom, 45002, Meaning::bad, "the text is too long"},
    Rule{WebhookKind::wecom, 40009, Meaning::bad, "the picture is too large"},
    Rule{WebhookKind::wecom, 40033, Meaning::bad, "the text holds characters that are forbidden there"},
    Rule{WebhookKind::wecom, 40058, Meaning::bad, "a parameter is not valid"},
    Rule{WebhookKind::wecom, 82004, Meaning::bad, "the platform takes the text for dangerous"},

    Rule{WebhookKind::dingtalk, -1, Meaning::busy, "the platform is busy"},
    Rule{WebhookKind::dingtalk, 130101, Meaning::too_fast, "more than 20 messages in a minute"},
    Rule{WebhookKind::dingtalk, 410100, Meaning::too_fast, "more than 20 messages in a minute"},
    Rule{WebhookKind::dingtalk, 300001, Meaning::dead, "the address's token is not valid"},
    Rule{WebhookKind::dingtalk, 310000, Meaning::dead,
         "the robot's keywords, signature or list of IP addresses do not let the message in"},
    Rule{WebhookKind::dingtalk, 400013, Meaning::dead, "the group was dissolved"},
    Rule{WebhookKind::dingtalk, 400101, Meaning::dead, "the address's token is not valid"},
    Rule{WebhookKind::dingtalk, 400102, Meaning::dead, "the robot is disabled"},
    Rule{WebhookKind::dingtalk, 400106, Meaning::dead, "the robot was removed"},

    Rule{WebhookKind::feishu, 9499, Meaning::too_fast, "more than 100 messages in a minute", "too many"},
    Rule{WebhookKind::feishu, 11232, Meaning::too_fast, "more than 100 messages in a minute"},
    Rule{WebhookKind::feishu, 9499, Meaning::bad, "the message's form is not valid"},
    Rule{WebhookKind::feishu, 19001, Meaning::dead, "the robot was removed, or its address is not valid"},
    Rule{WebhookKind::feishu, 19021, Meaning::dead,
         "the signature is not accepted: compare secret and this machine's clock"},
    Rule{WebhookKind::feishu, 19022, Meaning::dead, "this machine's IP address is not in the robot's list"},
    Rule{WebhookKind::feishu, 19024, Meaning::dead, "the text holds none of the robot's keywords"},
};

Milliseconds pause_of(WebhookKind kind) {
  return kind == WebhookKind::dingtalk ? kDingTalkPause : kUsualPause;
}

bool is_platform(WebhookKind kind) {
  return kind != WebhookKind::plain && kind != WebhookKind::standard;
}

/// What the platform answered: its number and its words.
struct Told {
  std::int64_t code = 0;
  std::string message{};
};

std::optional<Told> told(WebhookKind kind, const HttpAnswer& answer) {
  const auto body = json::parsed(answer.body);
  if (!body) return std::nullopt;
  const bool feishu = kind == WebhookKind::feishu;
  const auto code = json::integer(json::member(*body, feishu ? "code" : "errcode"));
  if (!code) return std::nullopt;
  return Told{*code, json::text(json::member(*body, feishu ? "msg" : "errmsg"))};
}

SendOutcome outcome_of(WebhookKind kind, const Told& answer) {
  if (answer.code == 0) return Sent{};
  const auto rule = std::ranges::find_if(kRules, [&](const Rule& each) {
    return each.kind == kind && each.code == answer.code &&
           answer.message.find(each.message) != std::string::npos;
  });
  if (rule == kRules.end()) return Refused{fmt::format("answered with error {}", answer.code)};
  std::string reason = fmt::format("{} (error {})", rule->words, answer.code);
  switch (rule->meaning) {
    case Meaning::too_fast:
      return NotSent{std::move(reason), pause_of(kind)};
    case Meaning::busy:
      return NotSent{std::move(reason), std::nullopt};
    case Meaning::dead:
      return Refused{std::move(reason), true};
    case Meaning::bad:
      break;
  }
  return Refused{std::move(reason), false};
}

/// Whole seconds; a date counts as no time at all.
std::optional<Milliseconds> retry_after(const HttpAnswer& answer) {
  const std::string_view text = answer.header("Retry-After");
  std::uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return seconds(count);
}

constexpr int kGone = 410;
constexpr int kTooMany = 429;
constexpr int kUnavailable = 503;

SendOutcome by_status(const HttpAnswer& answer) {
  std::string reason = fmt::format("answered with HTTP {}", answer.status);
  const std::optional<Milliseconds> pause = retry_after(answer);
  if (answer.status == kTooMany) return NotSent{std::move(reason), pause.value_or(kUsualPause)};
  if (answer.status == kUnavailable && pause) return NotSent{std::move(reason), pause};
  if (answer.status >= 200 && answer.status < 300) return Sent{};
  if (answer.status < 300 || answer.status >= 500) return Unknown{std::move(reason)};
  return Refused{std::move(reason), answer.status == kGone};
}

}  // namespace

SendOutcome webhook_verdict(WebhookKind kind, const HttpAnswer& answer) {
  if (!is_platform(kind)) return by_status(answer);
  if (answer.status < 500) {
    if (const auto read = told(kind, answer)) return outcome_of(kind, *read);
  }
  SendOutcome outcome = by_status(answer);
  if (std::holds_alternative<Sent>(outcome)) return Unknown{"the answer cannot be read"};
  return outcome;
}

SendOutcome webhook_verdict(const Error& error) {
  if (may_have_arrived(error)) return Unknown{error.detail};
  return NotSent{error.detail, std::nullopt};
}

std::string media_id_of(const HttpAnswer& answer) {
  const auto body = json::parsed(answer.body);
  return body ? json::text(json::member(*body, "media_id")) : std::string();
}

Error webhook_error(const SendOutcome& outcome) {
  if (const auto* unknown = std::get_if<Unknown>(&outcome)) return {Errc::unknown, unknown->reason};
  if (const auto* refused = std::get_if<Refused>(&outcome)) return {Errc::refused, refused->reason};
  const auto* not_sent = std::get_if<NotSent>(&outcome);
  return {Errc::refused, not_sent == nullptr ? std::string() : not_sent->reason};
}

}  // namespace bot
