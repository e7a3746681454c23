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

/// One `[[account]]`.
struct AccountConfig {
  std::string name{};                 ///< unique; groups and logs refer to it
  std::string platform{};             ///< "onebot11"
  std::string transport = "forward";  ///< "forward": Xueban dials
  std::string url{};                  ///< ws:// or wss://, without any secret
  Secret token{};                     ///< empty: none, which is a warning
  /// How long an answer to a message is waited for: the platform's own limit and a margin (reliability N4).
  /// NapCat takes up to ten seconds for a text.
  std::chrono::milliseconds answer_limit = std::chrono::seconds(20);
  std::string certificate_authority{};  ///< PEM file for wss with a private authority; empty: the system's
};

}  // namespace bot
