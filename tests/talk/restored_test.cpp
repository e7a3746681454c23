// A database that is a restored backup: people are served, pushes wait for an admin (reliability S5).
#include <doctest/doctest.h>

#include "schedules/push_hold.hpp"
#include "tests/support/world.hpp"

using namespace std::chrono_literals;

namespace {

struct Restored : World {
  Restored() {
    at("2026-03-02 07:50");
    make_admin("周书记");
    group("一班").says("李四", "ping 早").hears("ping.pong");
  }

  /// As when a backup of this moment was restored.
  void restore() {
    schedules::mark_restored(db(), bot::Zone::named("Asia/Shanghai").value().to_instant(now()));
    restart();
  }
  std::int64_t missed() { return count("SELECT count(*) FROM occurrences WHERE reason = 'restored'"); }
};

}  // namespace

TEST_CASE_FIXTURE(Restored, "restored: pushes wait, people are served, status says why") {
  restore();
  tick(1h);
  group("一班").says("李四", "已学").hears("lesson.done");
  group("一班").says("周书记", "自检").hears("health.report", "从备份恢复的，定时推送全部暂停");
  group("一班").hears_nothing();
  CHECK(count("SELECT count(*) FROM occurrences") == 0);
}

TEST_CASE_FIXTURE(Restored, "restored: an admin lets pushes go on, and nothing of the past is said") {
  restore();
  tick(1h);
  SUBCASE("at once") {}
  SUBCASE("after another restart") {
    restart();
  }
  group("一班").says("李四", "学伴 继续推送").hears_nothing();
  private_chat("李四").hears("core.not_allowed");
  group("一班").says("周书记", "学伴 继续推送").hears("health.resumed");
  tick(10min);
  group("一班").hears_nothing();
  CHECK(missed() == 1);
  restart();
  tick(1min);
  group("一班").hears_nothing();
  tick(23h);
  group("一班").hears("lesson.push").hears_nothing();
  group("一班").says("周书记", "学伴 继续推送").hears("health.not_held");
  CHECK(missed() == 1);
}

TEST_CASE_FIXTURE(Restored, "restored: what falls due after the confirmation is said on time") {
  restore();
  tick(5min);
  group("一班").says("周书记", "学伴 继续推送").hears("health.resumed");
  tick(10min);
  group("一班").hears("lesson.push").hears_nothing();
  CHECK(missed() == 0);
}

TEST_CASE_FIXTURE(Restored, "restored: with a clock in doubt the clock comes first") {
  group("一班").says("周书记", "学伴 每天12:00提醒大家吃饭").hears("reminder.made");
  tick(2min);
  restore();
  clock_back(3h);
  group("一班").says("周书记", "学伴 继续推送").hears("health.clock_first");
  group("一班").says("周书记", "学伴 对时").hears("health.clock_trusted");
  group("一班").says("周书记", "学伴 继续推送").hears("health.resumed");
}
