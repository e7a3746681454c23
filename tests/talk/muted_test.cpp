// A group that does not let the bot speak, and sends of which nobody can tell whether they arrived.
#include <doctest/doctest.h>

#include "tests/support/reminding.hpp"

using namespace std::chrono_literals;

namespace {

/// A morning with an admin, in a group that has its lesson at eight.
struct Muted : World {
  Muted() {
    make_admin("周书记");
    at("2026-03-02 07:50");
    group("一班").says("李四", "大家早").hears_nothing();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Muted, "a muted group is told to the admin once, and tried again a day after") {
  next_send(bot::Refused{"被禁言", true});
  tick(15min);
  group("一班").hears_nothing();
  private_chat("周书记").hears("core.chat_paused", "不让我说话了（被禁言）").hears_nothing();

  group("一班").says("李四", "今日一课").hears_nothing();
  private_chat("李四").hears_nothing();
  group("一班").says("周书记", "学伴怎么不说话").hears_nothing();
  private_chat("周书记").says("周书记", "自检").hears("health.report", "不让我说话的会话 1 个");
  tick(23h);
  group("一班").hears_nothing();
  private_chat("周书记").hears_nothing();

  tick(2h);
  group("一班").hears("lesson.push", "第2期");
  private_chat("周书记").hears("core.chat_again", "又能发消息了").hears_nothing();
  private_chat("周书记").says("周书记", "自检").hears("health.report");
}

TEST_CASE_FIXTURE(Muted, "what waited for a muted group is booked as missed, with the reason") {
  next_send(bot::Refused{"被禁言", true});
  tick(15min);
  private_chat("周书记").hears("core.chat_paused");
  tick(24h * 2 + 12h);
  group("一班").hears_nothing();
  private_chat("周书记").hears_nothing();
  CHECK(count("SELECT count(*) FROM outbox WHERE state = 'planned'") == 0);
  CHECK(count("SELECT count(*) FROM outbox WHERE state = 'missed' AND reason = 'chat refuses'") == 2);
}

TEST_CASE_FIXTURE(Reminding, "a personal reminder of which nobody can tell is not said again") {
  here().says("小李", "学伴，提醒我今天15点交报告").hears("reminder.made");
  forget_history("no messages");
  until_just_before("2026-03-02 15:00");
  next_send(bot::Unknown{"timeout"});
  tick(1min);
  here().hears("reminder.due", "交报告");
  tick(2h);
  here().hears_nothing();
  private_chat("小李").hears_nothing();
  private_chat("周书记").hears_nothing();
  CHECK(count("SELECT count(*) FROM outbox WHERE state = 'unresolved'") == 1);
}
