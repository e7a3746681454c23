#pragma once

#include <string>
#include <vector>

#include "bot/chat/account.hpp"
#include "bot/texts/texts.hpp"

namespace bot {

/// Something about an account that its operator has to hear of, though not through that account.
struct Alarm {
  std::string kind{};     ///< "down", "deaf", "silent"
  std::string account{};  ///< name of the account that it is about
  std::string text{};     ///< worded, for a person
  bool over = false;      ///< the end of what an earlier alarm of the same kind and account told
};

/// Tells the operator over a second channel. `ring` never blocks and never throws; the bell itself sees to it
/// that nobody is rung for the same thing again and again.
class AlarmBell {
 public:
  virtual ~AlarmBell() = default;
  virtual void ring(const Alarm& alarm) = 0;
};

/// One `[[alarm]]`: exactly one of `account`, `webhook` and `command` is set.
struct AlarmRoute {
  std::string account{};  ///< name of the account that says it
  std::string to{};       ///< person that it is said to; else `group` is set
  std::string group{};
  Secret webhook{};                    ///< https address that takes a POST
  std::string preset = "plain";        ///< its form: "plain", "standard", "wecom", "feishu" or "dingtalk"
  Secret secret{};                     ///< signs what goes to the webhook; empty: it is not signed
  std::vector<std::string> command{};  ///< program and arguments; no shell; the text is its standard input

  /// Whether it still works when `dead` does not.
  bool works_without(const std::string& dead) const { return account.empty() || account != dead; }
};

}  // namespace bot
