#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schedules/phrases.hpp"

/// Sentences that plan something in a chat, around the verb that the router has found.
namespace schedules {

/// "每个工作日17:50 | 提醒 | 大家填日志" and "提醒 | 我明天下午3点交报告": both word orders mean the same.
struct ReminderPhrase {
  enum class Whom { me, everybody };
  Whom whom = Whom::me;
  bool sharp = false;   ///< 准点, anywhere in the time
  bool urgent = false;  ///< 紧急
  bool thanks = false;  ///< "谢谢提醒": nothing is asked for
  Phrase phrase{};
  std::string text{};  ///< of what; empty when nothing was said
};
ReminderPhrase read_reminder(std::string_view before, std::string_view after, bot::LocalTime now);

/// "时间 明天8点", "内容 交周报", or a time alone.
struct ChangePhrase {
  bool of_text = false;  ///< "内容": no time was meant
  Phrase phrase{};       ///< of the new time
  std::string text{};    ///< the new text
};
ChangePhrase read_change(std::string_view said, bot::LocalTime now);

}  // namespace schedules
