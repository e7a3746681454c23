#pragma once

#include <chrono>
#include <string>
#include <utility>

namespace bot {

/// A token or a password. Prints nothing of itself.
class Secret {
 public:
  Secret() = default;
  Secret(std::string value, std::string source) : value_(std::move(value)), source_(std::move(source)) {}
  const std::string& value() const noexcept { return value_; }
  bool empty() const noexcept { return value_.empty(); }
  /// "env:XUEBAN_QQ_TOKEN", "file:PATH" or "literal": safe to show.
  const std::string& source() const noexcept { return source_; }

 private:
  std::string value_;
  std::string source_;
};

/// One `[[account]]`. Which keys mean something depends on the platform and the transport; the reader of the
/// configuration refuses the others.
struct AccountConfig {
  std::string name{};  ///< unique; groups and logs refer to it
  /// "onebot11", "wecom-webhook", "wecom-robot", "webhook", "dingtalk" or "feishu".
  std::string platform{};
  /// "forward", "reverse" or "http" (onebot11), "connection" or "callback" (wecom-robot), "post".
  std::string transport{};
  std::string url{};     ///< where Xueban dials or sends calls; without any secret
  Secret token{};        ///< proves who calls; empty: none, which is a warning
  Secret secret{};       ///< signs or logs in: see the platform's reference
  Secret webhook{};      ///< a robot's whole address, which is its password
  std::string format{};  ///< how a wecom-webhook writes: "text", "markdown" or "markdown_v2"
  Secret aes_key{};      ///< EncodingAESKey of WeCom's callbacks (wecom.md 4)
  std::string self{};    ///< the account's own id, where the platform names it (X-Self-ID, BotID)
  /// How long an answer to a message is waited for: the platform's own limit and a margin (reliability N4).
  /// NapCat takes up to ten seconds for a text.
  std::chrono::milliseconds answer_limit = std::chrono::seconds(20);
  std::string
      certificate_authority{};  ///< PEM file for wss or https with a private authority; empty: the system's
};

/// Whether the account hears nothing and has one chat: the robot behind a webhook.
inline bool only_speaks(const AccountConfig& account) {
  return account.transport == "post";
}

}  // namespace bot
