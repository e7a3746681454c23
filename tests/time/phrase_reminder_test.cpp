// Sentences around the verb of a reminder.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "schedules/phrase_reminder.hpp"
#include "schedules/stored_rule.hpp"
#include "tests/support/wall.hpp"

namespace {

struct Sentence {
  std::string before;
  std::string after;
  std::string means;
};

const bot::LocalTime kNow = support::wall("2026-11-23 10:00");  // a Monday

std::string time_of(const schedules::Phrase& phrase) {
  if (!phrase.when) return "no time";
  const auto& rule = std::get<schedules::Rule>(phrase.when->what);
  const auto next = schedules::next_after(rule, kNow, schedules::Workdays{});
  return next ? support::written(*next) : "never";
}

/// "to whom, when next, sharp: of what".
std::string read(const Sentence& sentence) {
  const auto meant = schedules::read_reminder(sentence.before, sentence.after, kNow);
  const bool everybody = meant.whom == schedules::ReminderPhrase::Whom::everybody;
  return std::string(everybody ? "all" : "me") + ", " + time_of(meant.phrase) +
         (meant.sharp ? ", sharp: " : ": ") + meant.text;
}

void check(const std::vector<Sentence>& sentences) {
  for (const Sentence& sentence : sentences) {
    CAPTURE(sentence.before);
    CAPTURE(sentence.after);
    CHECK(read(sentence) == sentence.means);
  }
}

}  // namespace

TEST_CASE("reminders: on the second, wherever that is said") {
  check({
      {"准点", "我明天8点开会", "me, 2026-11-24 08:00, sharp: 开会"},
      {"请准时", "我明天8点开会", "me, 2026-11-24 08:00, sharp: 开会"},
      {"每个工作日准点17:50", "大家填日志", "all, 2026-11-23 17:50, sharp: 填日志"},
      {"每个工作日17:50准时", "大家填日志", "all, 2026-11-23 17:50, sharp: 填日志"},
      {"tomorrow 8:00 sharp", "me to call", "me, 2026-11-24 08:00, sharp: call"},
      {"", "大家每个工作日准点17:50填日志", "all, 2026-11-23 17:50, sharp: 填日志"},
      {"", "我准点8点开会", "me, 2026-11-24 08:00, sharp: 开会"},
      {"", "我明天8点准时开会", "me, 2026-11-24 08:00, sharp: 开会"},
      {"", "我明天8点告诉小王准时开会", "me, 2026-11-24 08:00: 告诉小王准时开会"},
      {"", "me tomorrow 8:00 sharpen the pencils", "me, 2026-11-24 08:00: sharpen the pencils"},
      {"明天8点", "我准时开会", "me, 2026-11-24 08:00: 准时开会"},
  });
}

TEST_CASE("reminders: small words around the verb") {
  check({
      {"", "一下我明天8点开会", "me, 2026-11-24 08:00: 开会"},
      {"", "我一下明天8点开会", "me, 2026-11-24 08:00: 开会"},
      {"", "下大家明天8点开会", "all, 2026-11-24 08:00: 开会"},
      {"明天8点", "一下大家开会", "all, 2026-11-24 08:00: 开会"},
      {"", "下周一8点开会", "me, 2026-11-30 08:00: 开会"},
      {"", "下午3点开会", "me, 2026-11-23 15:00: 开会"},
      {"", "我明天8点提醒我开会", "me, 2026-11-24 08:00: 开会"},
      {"", "提醒我明天8点开会", "me, 2026-11-24 08:00: 开会"},
      {"明天8点", "提醒大家开会", "all, 2026-11-24 08:00: 开会"},
      {"明天8点", "我妈吃药", "me, 2026-11-24 08:00: 我妈吃药"},
      {"", "我明天8点提醒我妈吃药", "me, 2026-11-24 08:00: 提醒我妈吃药"},
      {"", "我明天8点提醒我们组交表", "me, 2026-11-24 08:00: 提醒我们组交表"},
      {"", "我儿童节买礼物", "me, 2027-06-01 09:00: 买礼物"},
      {"", "们明天8点起床", "all, 2026-11-24 08:00: 起床"},
      {"", "to remind me tomorrow 8:00 to call", "me, 2026-11-24 08:00: call"},
      {"千万", "明天8点开会", "me, 2026-11-24 08:00: 开会"},
      {"一定要", "我明天8点开会", "me, 2026-11-24 08:00: 开会"},
      {"明天8点不要忘了", "我开会", "me, 2026-11-24 08:00: 开会"},
  });
}

TEST_CASE("reminders: of two times neither is taken") {
  check({
      {"", "我明天和后天交报告", "me, no time: 明天和后天交报告"},
      {"周三或周五", "我开会", "me, no time: 开会"},
      {"明天和后天", "我交报告", "me, no time: 交报告"},
      {"tomorrow and Friday", "me to call", "me, no time: call"},
  });
}
