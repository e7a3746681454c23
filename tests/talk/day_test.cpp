/// One ordinary day from end to end, with a restart in its middle.
#include <doctest/doctest.h>

#include "tests/support/world.hpp"

using namespace std::chrono_literals;

TEST_CASE_FIXTURE(World,
                  "a day: the lesson comes once, learners are counted, and a restart forgets nothing") {
  at("2026-03-02 07:50");
  make_admin("周书记");
  group("一班").says("李四", "早").hears_nothing();
  tick(10min);
  group("一班").hears("lesson.push", "第1期").quotes("李四", "学完了").hears("lesson.done", "第 1 位");
  group("一班").says("王五", "已学").hears("lesson.done", "第 2 位");
  group("一班").mentions_bot("周书记", "每个工作日17:50提醒大家填日志").hears("reminder.made", "T1");
  restart();
  group("一班").hears_nothing();
  group("一班").says("赵六", "今日一课").hears("lesson.today", "已学 2 人");
  group("一班").says("李四", "已学 L1").hears("lesson.already", "共 2 人");
  group("一班").mentions_bot("周书记", "自检").hears("health.report", "待发 0");
  tick(10h);
  group("一班").hears("reminder.due", "填日志");
  off(14h);
  tick(1min);
  group("一班").hears("lesson.push", "第2期");
  CHECK(count("SELECT count(*) FROM occurrences WHERE state = 'planned'") == 3);
  CHECK(count("SELECT count(*) FROM outbox WHERE sent = 0") == 0);
}

TEST_CASE_FIXTURE(World, "a reminder that was told is changed, stopped, started and cancelled") {
  make_admin("周书记");
  group("一班").mentions_bot("周书记", "每天10:00提醒大家填日志").hears("reminder.made", "T1");
  tick(2h);
  group("一班").hears("reminder.due", "填日志");
  group("一班").mentions_bot("周书记", "改 T1 时间 每天15:00").hears("reminder.changed", "15:00");
  group("一班").mentions_bot("周书记", "停 T1").hears("reminder.paused");
  tick(6h);
  group("一班").mentions_bot("周书记", "开 T1").hears("reminder.resumed");
  group("一班").mentions_bot("周书记", "取消 T1").hears("reminder.cancelled");
  restart();
  tick(12h);
  group("一班").mentions_bot("周书记", "日程").hears("reminder.list", "）\n· 每天 08:00 微课堂");
  CHECK(count("SELECT count(*) FROM outbox WHERE kind = 'reminder.due'") == 1);
}
