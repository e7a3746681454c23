#pragma once

#include <string>

#include "bot/base/result.hpp"
#include "bot/net/http_client.hpp"

/// Robots of group chats that take a text by POST and answer nobody.
namespace bot {

/// The JSON that a robot of this kind takes (protocols: wecom.md, others.md): "wecom", "feishu", "dingtalk",
/// or "plain", which is {"text": …}.
std::string webhook_body(const std::string& preset, const std::string& text);

/// What the robot's answer means: most say 200 to everything, and in the body whether they took it.
/// Errc::refused with the status or the platform's number.
Result<void> webhook_verdict(const std::string& preset, const HttpAnswer& answer);

/// Says `text` through the robot at `url` and blocks until that is decided, at most `options.limit` and what
/// the system needs to look up a name. Any thread but the net thread. The errors of HttpClient::fetch() and
/// webhook_verdict().
Result<void> post_to_webhook(const std::string& url, const std::string& preset, const std::string& text,
                             HttpOptions options);

}  // namespace bot
