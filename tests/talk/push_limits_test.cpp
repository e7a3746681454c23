// What must not be said although it was planned: in doubt, at night, too late, too often, or any more.
#include <doctest/doctest.h>

#include "tests/support/world.hpp"

using namespace std::chrono_literals;

namespace {

struct Group : World {
  Group() {
    make_admin("周书记");
    at("2026-03-02 07:50");
  }
  Chat here() { return group("一班"); }
  void meet() { here().says("李四", "早").hears_nothing(); }
};

}  // namespace

TEST_CASE_FIXTURE(Group, "a push that waited for its account does not leave while the clock is in doubt") {
  meet();
  link_down();
  tick(15min);
  clock_back(5h);
  link_up();
  tick(1min);
  here().hears_nothing();
  here().says("周书记", "学伴 对时").hears("health.clock_trusted");
  tick(4h);
  here().hears_nothing();
  tick(1h);
  here().hears("lesson.push");
}

TEST_CASE_FIXTURE(Group, "after a clock that was a month ahead the group is told again at once") {
  config.limits.unasked_day = bot::Rate{2, 24h};
  meet();
  for (int day = 0; day < 30; ++day) {
    tick(24h);
    here().hears("lesson.push");
  }
  clock_back(24h * 30);
  here().says("周书记", "学伴 对时").hears("health.clock_trusted");
  here().says("周书记", "学伴 今天10点提醒大家开会").hears("reminder.made");
  tick(3h);
  here().hears("reminder.due", "开会");
}

TEST_CASE_FIXTURE(Group, "a push that was taken out of the file is not said after a restart") {
  bot::GroupProfile own = config.groups.fallback();
  own.account = "qq";
  own.chat = "一班";
  config.groups.add(own);
  meet();
  link_down();
  tick(15min);
  own.pushes.clear();
  config.groups.add(own);
  restart();
  tick(1min);
  here().hears_nothing();
  CHECK(count("SELECT count(*) FROM outbox WHERE state = 'missed' AND reason = 'withdrawn'") == 1);
}

TEST_CASE_FIXTURE(Group, "what could not leave before the quiet hours is not said at night") {
  config.limits.per_group = std::nullopt;
  meet();
  tick(15min);
  here().hears("lesson.push");
  here().says("周书记", "学伴 今天21点50分提醒大家关灯").hears("reminder.made");
  tick(13h + 30min);
  link_down();
  tick(40min);
  link_up();
  tick(9h + 30min);
  here().hears_nothing();
  here().says("周书记", "学伴 为什么没发").hears("record.why", "没能在时限内发出去");
}

TEST_CASE_FIXTURE(Group, "an offset alone does not carry a push over into the next day") {
  config.limits.stagger = 90s;
  for (const char* chat : {"一班", "二班", "三班"}) {
    group(chat).says("周书记", "学伴 今天21点59分提醒大家关灯").hears("reminder.made");
    group(chat).hears_nothing();
  }
  tick(12min);
  for (const char* chat : {"一班", "二班", "三班"}) group(chat).hears("lesson.push");
  tick(13h + 59min);
  for (const char* chat : {"一班", "二班", "三班"}) group(chat).hears("reminder.due", "关灯");
}

TEST_CASE_FIXTURE(Group, "a reminder that was held for longer than it makes sense is not told the next day") {
  config.limits.unasked_day = bot::Rate{1, 24h};
  meet();
  tick(15min);
  here().hears("lesson.push");
  here().says("周书记", "学伴 今天15点提醒大家到三楼开会").hears("reminder.made");
  tick(23h + 30min);
  here().hears_nothing();
  tick(1h);
  here().hears("core.digest", "想一想");
  here().says("周书记", "学伴 为什么没发 T1").hears("record.why", "没能在时限内发出去");
}

TEST_CASE_FIXTURE(Group, "other words for what waits for the morning lose nothing") {
  here().says("周书记", "学伴 今晚11点提醒大家交报告").hears("reminder.made");
  tick(15min);
  here().hears("lesson.push");
  tick(15h + 30min);
  here().says("周书记", "改 T1 内容 交总结").hears("reminder.changed");
  tick(8h);
  here().hears("reminder.due", "交总结");
}

TEST_CASE_FIXTURE(Group, "nobody is reminded every minute") {
  here().says("李四", "学伴 cron * * * * * 提醒我喝水").hears("reminder.too_often");
  tick(2min);
  here().says("李四", "学伴 cron 0,30 9 * * * 提醒我喝水").hears("reminder.too_often");
  here().says("李四", "学伴 cron 0 8 30 2 * 提醒我喝水").hears("reminder.never");
  here().says("周书记", "学伴 cron 0,30 9 * * * 提醒我喝水").hears("reminder.made");
  CHECK(count("SELECT count(*) FROM schedules") == 1);
}
