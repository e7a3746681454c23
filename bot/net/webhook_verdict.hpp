#pragma once

#include "bot/base/result.hpp"
#include "bot/chat/outcome.hpp"
#include "bot/net/http_client.hpp"
#include "bot/net/webhook.hpp"

/// What became of a post, read from a webhook's answer. No reason holds the platform's own words, which may
/// repeat the address.
namespace bot {

/// WeCom, DingTalk and Feishu say 200 to nearly everything, and in the body by a number whether they took it
/// (protocols/wecom.md 2 and 6.4, others.md 3 and 4). The others are judged by the status (Standard Webhooks:
/// 2xx is success, 410 is for good).
///
/// NotSent: too fast, with the time that the platform wants to be left alone, or busy. Refused with
/// whole_chat: the address is worth nothing any more, or the robot's settings let nothing in. Refused: this
/// message was not taken. Unknown: the server failed, or said nothing that can be read.
SendOutcome webhook_verdict(WebhookKind kind, const HttpAnswer& answer);

/// A post that got no answer: NotSent when not a byte of it can have left, else Unknown.
SendOutcome webhook_verdict(const Error& error);

/// The name under which WeCom keeps an upload; empty when the answer gives none.
std::string media_id_of(const HttpAnswer& answer);

/// The reason of anything but Sent: Errc::unknown of Unknown, else Errc::refused.
Error webhook_error(const SendOutcome& outcome);

}  // namespace bot
