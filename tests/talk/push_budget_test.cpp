// What a group is told unasked is counted; what is too much comes as one message later.
#include <doctest/doctest.h>

#include <chrono>
#include <utility>
#include <vector>

#include "schedules/stored_rule.hpp"
#include "tests/support/world.hpp"

using namespace std::chrono_literals;

namespace {

struct Busy : World {
  Busy() { at("2026-03-02 07:50"); }

  /// 一班 has its lesson at these times of every day.
  void lessons_at(std::vector<std::chrono::minutes> times, bool urgent = false) {
    schedules::Rule rule;
    rule.times = std::move(times);
    bot::GroupProfile busy = config.groups.fallback();
    busy.account = "qq";
    busy.chat = "一班";
    busy.pushes[0].when = schedules::stored(rule);
    busy.admins = {"周书记"};
    busy.pushes[0].urgent = urgent;
    config.groups.add(busy);
  }
  /// Days from the first of the test on.
  void until(std::chrono::milliseconds time) {
    const bot::LocalTime first{std::chrono::local_days(std::chrono::year(2026) / 3 / 2)};
    REQUIRE(first + time > now());
    tick(first + time - now());
  }
  std::int64_t held() { return count("SELECT count(*) FROM held"); }
};

}  // namespace

TEST_CASE_FIXTURE(Busy, "the third push within an hour is held and comes in one digest, with the fourth") {
  lessons_at({8h, 8h + 10min, 8h + 20min, 8h + 30min});
  until(8h + 10min);
  group("一班").hears("lesson.push").hears("lesson.push");
  until(9h);
  group("一班").hears_nothing();
  CHECK(held() == 2);
  CHECK(count("SELECT count(*) FROM occurrences WHERE state = 'held'") == 2);
  tick(1ms);
  group("一班").hears("core.digest", "2 条");
  CHECK(held() == 0);
  until(24h);
  group("一班").hears_nothing();
}

TEST_CASE_FIXTURE(Busy, "the digest counts itself as one that was said unasked") {
  lessons_at({8h, 8h + 30min, 8h + 40min, 9h + 10min});
  until(9h + 5min);
  group("一班").hears("lesson.push").hears("lesson.push").hears("core.digest");
  until(9h + 30min);
  group("一班").hears_nothing();
  tick(1ms);
  group("一班").hears("core.digest", "想一想").hears_nothing();
}

TEST_CASE_FIXTURE(Busy, "the seventh push within a day is held, and comes before the next one") {
  lessons_at({8h, 10h, 12h, 14h, 16h, 18h, 20h});
  until(19h);
  for (int i = 0; i < 6; ++i) group("一班").hears("lesson.push");
  until(24h + 7h + 59min);
  group("一班").hears_nothing();
  CHECK(held() == 1);
  until(24h + 8h + 1min);
  group("一班").hears("core.digest", "2 条").hears_nothing();
  until(24h + 10h);
  group("一班").hears("lesson.push");
}

TEST_CASE_FIXTURE(Busy, "another group has a budget of its own, and what was asked for is not counted") {
  lessons_at({8h, 8h + 10min, 8h + 20min});
  group("二班").says("孙七", "今日一课").hears("lesson.today");
  for (int i = 0; i < 3; ++i) {
    group("一班").says("李四", "今日一课").hears("lesson.today");
    tick(70s);
  }
  until(8h + 10min);
  group("一班").hears("lesson.push").hears("lesson.push");
  group("二班").hears("lesson.push");
  until(8h + 30min);
  group("一班").hears_nothing().says("李四", "今日一课").hears("lesson.today");
  until(9h + 1min);
  group("一班").hears("core.digest");
}

TEST_CASE_FIXTURE(Busy, "a digest waits for the end of the quiet hours") {
  lessons_at({21h + 30min, 21h + 40min, 21h + 50min});
  until(21h + 40min);
  group("一班").hears("lesson.push").hears("lesson.push");
  until(24h + 7h - 1ms);
  group("一班").hears_nothing();
  tick(1ms);
  group("一班").hears("core.digest", "想一想");
}

TEST_CASE_FIXTURE(Busy, "also when the program was off until they had begun") {
  lessons_at({20h + 30min, 20h + 40min, 20h + 50min});
  until(21h);
  group("一班").hears("lesson.push").hears("lesson.push").hears_nothing();
  off(2h);
  tick(1h);
  group("一班").hears_nothing();
  until(24h + 7h);
  group("一班").hears("core.digest");
}

TEST_CASE_FIXTURE(Busy, "a push that is late does not break into the quiet hours either") {
  lessons_at({21h + 30min});
  until(21h);
  off(90min);
  tick(1h);
  group("一班").hears_nothing();
  until(24h + 7h);
  group("一班").hears("core.digest", "想一想");
}

TEST_CASE_FIXTURE(Busy, "a digest survives a restart and is told once") {
  lessons_at({8h, 8h + 10min, 8h + 20min});
  until(8h + 30min);
  group("一班").hears("lesson.push").hears("lesson.push").hears_nothing();
  restart();
  group("一班").hears_nothing();
  SUBCASE("one restart") {}
  SUBCASE("off over its time") {
    off(2h);
  }
  until(11h);
  group("一班").hears("core.digest", "想一想");
  restart();
  until(20h);
  group("一班").hears_nothing();
}

TEST_CASE_FIXTURE(Busy, "what is urgent passes, at night too") {
  lessons_at({8h, 8h + 10min, 8h + 20min, 23h}, true);
  until(8h + 20min);
  group("一班").hears("lesson.push").hears("lesson.push").hears("lesson.push");
  until(23h);
  group("一班").hears("lesson.push");
  CHECK(held() == 0);
}

TEST_CASE_FIXTURE(Busy, "with the stagger each group is told at its own moment, no group before the time") {
  config.limits.stagger = 90s;
  for (const char* name : {"一班", "二班", "三班"}) group(name).says("李四", "早").hears_nothing();
  until(8h);
  for (const char* name : {"一班", "二班", "三班"}) group(name).hears_nothing();
  tick(90s);
  for (const char* name : {"一班", "二班", "三班"}) group(name).hears("lesson.push");
  CHECK(count("SELECT count(DISTINCT due_at) FROM occurrences") == 3);
  until(24h + 8h + 90s);
  for (const char* name : {"一班", "二班", "三班"}) group(name).hears("lesson.push");
  CHECK(count("SELECT count(DISTINCT due_at % 86400000) FROM occurrences") == 3);
}

TEST_CASE_FIXTURE(Busy,
                  "a clock in doubt holds the pushes, not the answers, until an admin says it is right") {
  lessons_at({8h, 9h, 12h});
  until(8h);
  group("一班").hears("lesson.push");
  until(9h);
  group("一班").hears("lesson.push");
  until(10h + 30min);
  group("一班").says("李四", "已学").hears("lesson.done");
  tick(20min);
  group("一班").says("王五", "已学").hears("lesson.done");

  SUBCASE("while it runs") {
    clock_back(3h);
  }
  SUBCASE("across a restart") {
    clock_back(3h);
    restart();
  }
  group("一班").says("李四", "今日一课").hears("lesson.today");
  group("一班").says("周书记", "自检").hears("health.report", "定时推送全部暂停");
  until(9h + 10min);
  group("一班").hears_nothing();
  group("一班").says("李四", "学伴 对时").hears_nothing();
  private_chat("李四").hears("core.not_allowed");
  group("一班").says("周书记", "学伴 对时").hears("health.clock_trusted");
  tick(1min);
  group("一班").says("周书记", "自检").hears("health.report");
  CHECK(count("SELECT count(*) FROM outbox WHERE body LIKE '%暂停%' AND kind = 'health.report'") == 0);
  until(12h);
  group("一班").hears("lesson.push").hears_nothing();
  CHECK(count("SELECT count(*) FROM occurrences") == 3);
}

TEST_CASE_FIXTURE(Busy, "a clock in doubt holds pushes that nobody has said yet") {
  at("2026-03-02 10:50");
  lessons_at({8h, 9h, 9h + 20min});
  group("一班").says("李四", "已学").hears("lesson.done");
  tick(2min);
  group("一班").says("王五", "已学").hears("lesson.done");
  clock_back(3h);
  restart();
  until(9h + 10min);
  group("一班").hears_nothing();
  group("一班").says("周书记", "学伴 对时").hears("health.clock_trusted");
  until(9h + 20min);
  group("一班").hears("lesson.push").hears_nothing();
}
