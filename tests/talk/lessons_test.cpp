#include <doctest/doctest.h>

#include "tests/support/world.hpp"

using namespace std::chrono_literals;

TEST_CASE_FIXTURE(World, "a member asks for the lesson of the day, says it is done and is counted") {
  group("一班").says("李四", "今日一课").hears("lesson.today", "L1 ");
  group("一班").says("李四", "已学").hears("lesson.done", "李四 已学 L1，第 1 位");
  group("一班").says("王五", "学完了！").hears("lesson.done", "第 2 位");
  group("一班").says("王五", "这一课讲得真好").hears_nothing();
  CHECK(count("SELECT count(*) FROM lesson_done") == 2);
}

TEST_CASE_FIXTURE(World, "a lesson is counted once per member, and the second time says so") {
  group("一班").says("李四", "已学").hears("lesson.done");
  tick(2min);
  group("一班").says("李四", "已学").hears("lesson.already", "共 1 人");
  CHECK(count("SELECT count(*) FROM lesson_done") == 1);
}

TEST_CASE_FIXTURE(World, "at the set hour the lesson arrives by itself, once") {
  at("2026-03-02 07:50");
  group("一班").says("李四", "早").hears_nothing();
  tick(10min);
  group("一班").hears("lesson.push", "第1期");
  tick(6h);
  group("一班").hears_nothing();
  tick(18h);
  group("一班").hears("lesson.push", "第2期");
  CHECK(count("SELECT count(*) FROM occurrences WHERE state = 'planned'") == 2);
}

TEST_CASE_FIXTURE(World, "quoting a lesson means that lesson, whenever it was sent") {
  at("2026-03-02 07:50");
  group("一班").says("李四", "早").hears_nothing();
  tick(10min);
  group("一班").hears("lesson.push", "第1期").quotes("李四", "学完了").hears("lesson.done", "L1");
  group("一班")
      .says("王五", "L5")
      .hears("lesson.full", "L5 ")
      .quotes("王五", "已学")
      .hears("lesson.done", "L5");
  group("一班").quotes_stranger("赵六", "已学").hears("lesson.which");
}

TEST_CASE_FIXTURE(World, "done on a later day is counted as late") {
  group("一班").says("李四", "已学").hears("lesson.done", "已学 L1");
  tick(23h);
  group("一班").hears("lesson.push", "第2期");
  group("一班").says("王五", "已学 L1").hears("lesson.done", "补学 L1");
  CHECK(count("SELECT late FROM lesson_done WHERE member = '王五'") == 1);
}

TEST_CASE_FIXTURE(World, "the lesson that was asked for early is the one that is pushed") {
  at("2026-03-02 07:00");
  group("一班").says("李四", "今日一课").hears("lesson.today", "L1 ");
  tick(1h);
  group("一班").hears("lesson.push", "第1期").says("李四", "今日一课").hears("lesson.today", "L1 ");
}

TEST_CASE_FIXTURE(World, "a long lesson comes in pages in the group and whole in private") {
  group("一班").says("李四", "L12").hears("lesson.full", "（1/");
  group("一班").says("李四", "L12 2").hears("lesson.full", "（2/");
  group("一班").says("王五", "L 12 3").hears_nothing();
  tick(1min);
  group("一班").says("李四", "Ｌ１２").hears("lesson.full", "（1/");
  private_chat("李四").says("李四", "看课 L12").hears("lesson.full", "来源");
  group("一班").says("李四", "L99").hears("lesson.unknown", "L99");
}

TEST_CASE_FIXTURE(World, "every page fits the limits of a group message") {
  for (int lesson = 1; lesson <= 14; ++lesson) {
    const std::string id = "L" + std::to_string(lesson);
    group("一班").says("李四", id).hears("lesson.full");
    tick(1min);
    group("一班").says("王五", id + " 9").hears("lesson.full");
    tick(1min);
  }
  CHECK(count("SELECT count(*) FROM outbox WHERE body LIKE '%…'") == 0);
}

TEST_CASE_FIXTURE(World, "two groups have their own queue of lessons") {
  at("2026-03-02 07:50");
  group("一班").says("李四", "早").hears_nothing();
  tick(10min);
  group("一班").hears("lesson.push", "第1期");
  group("二班").says("孙七", "早").hears_nothing();
  tick(24h);
  group("一班").hears("lesson.push", "第2期");
  group("二班").hears("lesson.push", "第1期");
  group("二班").says("孙七", "已学").hears("lesson.done", "第 1 位");
}

TEST_CASE_FIXTURE(World, "in private the group of the member is meant") {
  private_chat("李四").says("李四", "今日一课").hears("lesson.where");
  group("一班").says("李四", "已学").hears("lesson.done");
  private_chat("李四").says("李四", "今日一课").hears("lesson.today", "已学 1 人");
}

TEST_CASE_FIXTURE(World, "when all lessons have been used, the one longest ago comes again") {
  at("2026-03-02 07:50");
  config.limits.per_group.reset();
  group("一班").says("李四", "早").hears_nothing();
  for (int day = 1; day <= 14; ++day) {
    tick(24h);
    group("一班").hears("lesson.push", "第" + std::to_string(day) + "期");
  }
  tick(24h);
  group("一班").hears("lesson.push", "回 L1");
}
