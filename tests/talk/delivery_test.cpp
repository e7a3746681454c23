#include <doctest/doctest.h>

#include "tests/support/world.hpp"

using namespace std::chrono_literals;

TEST_CASE_FIXTURE(World, "an event that is delivered again changes nothing and is not answered again") {
  group("一班").says("李四", "已学").hears("lesson.done").repeats_event().hears_nothing();
  restart();
  group("一班").repeats_event().hears_nothing();
  CHECK(count("SELECT count(*) FROM inbox") == 1);
  CHECK(count("SELECT count(*) FROM lesson_done") == 1);
}

TEST_CASE_FIXTURE(World, "what was promised is sent after a restart") {
  at("2026-03-02 07:50");
  group("一班").says("李四", "早").hears_nothing();
  link_down();
  tick(15min);
  group("一班").hears_nothing();
  restart();
  group("一班").hears("lesson.push");
  tick(2h);
  group("一班").hears_nothing();
  CHECK(count("SELECT count(*) FROM outbox WHERE state = 'sent'") == 1);
}

TEST_CASE_FIXTURE(
    World, "a push missed by a short downtime is caught up once; by a long one it is booked as missed") {
  at("2026-03-02 07:50");
  group("一班").says("李四", "早").hears_nothing();
  off(30min);
  group("一班").hears("lesson.push", "第1期");
  restart();
  group("一班").hears_nothing();
  off(24h * 3 + 6h);
  group("一班").hears_nothing();
  CHECK(count("SELECT count(*) FROM occurrences WHERE state = 'missed' AND reason = 'downtime'") == 3);
  tick(24h);
  group("一班").hears("lesson.push", "第2期");
}

TEST_CASE_FIXTURE(World, "after days off at most the latest push is caught up") {
  at("2026-03-02 07:50");
  group("一班").says("李四", "早").hears_nothing();
  off(24h * 4 + 1h);
  group("一班").hears("lesson.push", "第1期").hears_nothing();
  CHECK(count("SELECT count(*) FROM occurrences WHERE state = 'missed'") == 4);
}

TEST_CASE_FIXTURE(World, "a group owes nothing from before it was known") {
  at("2026-03-02 08:30");
  group("一班").says("李四", "早").hears_nothing();
  restart();
  group("一班").hears_nothing();
  CHECK(count("SELECT count(*) FROM occurrences") == 0);
}

TEST_CASE_FIXTURE(World, "an answer whose receipt did not come is found in the chat and not repeated") {
  make_admin("周书记");
  next_send(bot::Unknown{"timeout"});
  group("一班").says("李四", "已学").hears("lesson.done");
  group("一班").says("周书记", "自检").hears("health.report", "核对中 1；近七天：结果不明 0");
  SUBCASE("while it runs") {}
  SUBCASE("after a restart") {
    restart();
  }
  tick(1min);
  group("一班").hears_nothing();
  CHECK(count("SELECT count(*) FROM outbox WHERE state = 'sent'") == 1);
  CHECK(count("SELECT count(*) FROM attempts WHERE verdict = 'sent'") == 1);
}

TEST_CASE_FIXTURE(World, "an answer that reached nobody comes no more once its absence is proved too late") {
  group("一班").says("张三", "早");
  tick(1min);
  swallow_next();
  group("一班").says("李四", "已学").hears_nothing();
  tick(20s);
  group("一班").says("王五", "今天天气不错").hears_nothing();
  tick(2min);
  group("一班").hears_nothing();
  CHECK(count("SELECT count(*) FROM attempts WHERE verdict = 'not sent'") == 1);
  CHECK(count("SELECT count(*) FROM outbox WHERE state = 'missed'") == 1);
}

TEST_CASE_FIXTURE(World, "an answer that nobody can vouch for is shown, not repeated") {
  make_admin("周书记");
  forget_history("no messages");
  next_send(bot::Unknown{"timeout"});
  group("一班").says("李四", "已学").hears("lesson.done");
  tick(12min);
  group("一班").hears_nothing();
  restart();
  group("一班").hears_nothing();
  group("一班").says("周书记", "自检").hears("health.report", "结果不明 1");
  private_chat("周书记").hears_nothing();
}

TEST_CASE_FIXTURE(World, "a send that certainly did not happen is tried again") {
  next_send(bot::NotSent{"no connection"});
  group("一班").says("李四", "已学").hears_nothing();
  tick(5s);
  group("一班").hears("lesson.done");
  CHECK(count("SELECT count(*) FROM outbox WHERE state = 'sent'") == 1);
}

TEST_CASE_FIXTURE(World, "a refused send is not tried again") {
  next_send(bot::Refused{"no such group"});
  group("一班").says("李四", "已学").hears_nothing();
  tick(10min);
  group("一班").hears_nothing();
  CHECK(count("SELECT count(*) FROM outbox WHERE state = 'refused'") == 1);
}

TEST_CASE_FIXTURE(World, "pushes in quiet hours wait until these end") {
  at("2026-03-02 05:30");
  bot::GroupProfile early = config.groups.fallback();
  early.pushes[0].when = "every day 06:00";
  config.groups = bot::GroupBook(early);
  group("一班").says("李四", "早").hears_nothing();
  tick(1h);
  group("一班").hears_nothing();
  tick(30min);
  group("一班").hears("lesson.push");
}

TEST_CASE_FIXTURE(World, "a column without lessons says nothing and the ledger says why") {
  at("2026-03-02 07:50");
  bot::GroupProfile empty = config.groups.fallback();
  empty.pushes[0].subject = "news";
  empty.pushes[0].when = "every day 08:00";
  config.groups = bot::GroupBook(empty);
  group("一班").says("李四", "早").hears_nothing();
  tick(1h);
  group("一班").hears_nothing();
  CHECK(count("SELECT count(*) FROM occurrences WHERE state = 'skipped'") == 1);
}

TEST_CASE_FIXTURE(World, "each group is pushed to at its own zone's hour") {
  at("2026-03-02 07:50");
  bot::GroupProfile london = config.groups.fallback();
  london.account = "qq";
  london.chat = "伦敦班";
  london.zone = *bot::Zone::named("Europe/London");
  config.groups.add(london);
  group("一班").says("李四", "早").hears_nothing();
  group("伦敦班").says("孙七", "早").hears_nothing();
  tick(10min);
  group("一班").hears("lesson.push");
  group("伦敦班").hears_nothing();
  tick(8h);
  group("伦敦班").hears("lesson.push");
}

TEST_CASE_FIXTURE(World, "who has read the lesson within a minute is told together") {
  config.limits.merge_window = 60s;
  group("一班").says("李四", "已学").hears_nothing();
  group("一班").says("王五", "已学").hears_nothing();
  group("一班").says("李四", "学完了").hears("lesson.already");
  tick(30s);
  group("一班").hears_nothing();
  SUBCASE("while it runs") {}
  SUBCASE("across a restart") {
    restart();
  }
  tick(30s);
  group("一班").hears("lesson.done.merged", "✔ 已学 L1：李四、王五").hears_nothing();
  private_chat("赵六").says("赵六", "已学").hears("lesson.done");
  tick(5min);
  group("一班").hears_nothing();
}

TEST_CASE_FIXTURE(World, "of many who have read it eight are named") {
  config.limits.merge_window = 60s;
  config.limits.per_member = std::nullopt;
  for (int i = 0; i < 11; ++i) group("一班").says("学员" + std::to_string(i), "已学").hears_nothing();
  tick(60s);
  group("一班").hears("lesson.done.merged", "学员7等 11 人").hears_nothing();
}

TEST_CASE_FIXTURE(World, "everybody is mentioned only so often, in between the headline says it") {
  at("2026-03-02 07:50");
  bot::GroupProfile loud = config.groups.fallback();
  loud.pushes[0].everyone = true;
  loud.pushes[0].when = "every day 08:00";
  config.groups = bot::GroupBook(loud);
  config.limits.everyone_day = bot::Rate{1, 47h};
  group("一班").says("李四", "早").hears_nothing();
  tick(15min);
  group("一班").hears("lesson.push", "@all 【");
  tick(24h);
  group("一班").hears("lesson.push", "【全体】【").hears_nothing();
  tick(24h);
  group("一班").hears("lesson.push", "@all 【");
}
