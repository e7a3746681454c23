#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/base/result.hpp"
#include "bot/chat/delivery.hpp"
#include "bot/net/http_client.hpp"

/// Robots of group chats that take messages by POST and answer nobody. What is written to them, and how it is
/// signed; what they answer is read by webhook_verdict.hpp. No sockets here but in post_to_webhook().
namespace bot {

enum class WebhookKind {
  plain,     ///< {"text": …} to any server
  standard,  ///< JSON and a signature by Standard Webhooks (standardwebhooks.com) to any server
  wecom,     ///< group robots of WeCom (protocols/wecom.md 2)
  dingtalk,  ///< custom robots of DingTalk (protocols/others.md 3)
  feishu,    ///< custom bots of Feishu and Lark (protocols/others.md 4)
};

/// "wecom", "dingtalk", "feishu" and "standard"; all else is plain.
WebhookKind webhook_kind(std::string_view preset);

/// How a text is written to a robot of WeCom.
enum class WecomFormat { text, markdown, markdown_v2 };
/// By its name in the configuration; text unless it is one of the others.
WecomFormat wecom_format(std::string_view name);

class WebhookRobot {
 public:
  WebhookRobot(WebhookKind what, std::string address, std::string signs_with = {})
      : kind(what), url(std::move(address)), secret(std::move(signs_with)) {}

  WebhookKind kind;
  std::string url;                         ///< the whole address, which is a password; never shown
  WecomFormat format = WecomFormat::text;  ///< for WebhookKind::wecom
  std::string
      secret;  ///< signs; empty: nothing is signed. Of WebhookKind::standard "whsec_BASE64" or the key
};

/// What has to be posted for one message, one after the other: its text, then its pictures where the platform
/// takes them. Empty when nothing of it can be said there. `id` names the message, so that a receiver of
/// WebhookKind::standard can drop what it has already; the others have no place for it.
///
/// Only Mention and MentionAll become mentions. Platforms read mentions out of the text too ("<@user>",
/// "<at …>", "<!channel>"): a zero-width space behind such a "<" of typed text keeps it from being one
/// (reliability X1).
/// Control characters are left out. Texts of WeCom end at 2048 bytes; the caller keeps within
/// WebhookAccount's capabilities, so that this cuts nothing but texts full of such "<".
std::vector<HttpRequest> webhook_requests(const WebhookRobot& robot, const Delivery& delivery,
                                          const std::string& id, Instant now);

/// What a file is before it can be sent to a robot of WeCom: an upload, then a message that names what came
/// back. Only WebhookKind::wecom takes files; a voice message is one when it is AMR, else it goes as a file.
class WebhookFile {
 public:
  WebhookFile(HttpRequest upload_request, std::string type)
      : upload(std::move(upload_request)), msgtype(std::move(type)) {}

  HttpRequest upload;
  std::string msgtype;  ///< "file" or "voice"
};
/// Those of the message's files that the robot may take (5 bytes to 20 MB; a voice at most 2 MB). `boundary`
/// separates the parts of an upload and stands nowhere in them.
std::vector<WebhookFile> webhook_files(const WebhookRobot& robot, const Delivery& delivery,
                                       const std::string& boundary);
/// The message that shows an uploaded file.
HttpRequest webhook_file_message(const WebhookRobot& robot, const std::string& msgtype,
                                 const std::string& media_id);

/// The header webhook-signature over these bytes.
std::string standard_signature(const std::string& secret, const std::string& id, Instant now,
                               const std::string& body);

/// Says `text` through the robot and blocks until that is decided, at most `options.limit` and what the
/// system needs to look up a name. Any thread but the net thread. Errc::refused when the robot took it for
/// certain not, Errc::unknown when nobody can know, else the errors of HttpClient::fetch().
Result<void> post_to_webhook(const WebhookRobot& robot, const std::string& text, Instant now,
                             HttpOptions options);

}  // namespace bot
