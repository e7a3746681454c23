/// What is watched from outside, after conversations.
#include <doctest/doctest.h>

#include "tests/support/world.hpp"

using namespace std::chrono_literals;

TEST_CASE_FIXTURE(World, "figures: what was heard, run and said") {
  group("一班").says("李四", "早").hears_nothing();
  group("一班").says("李四", "已学").hears("lesson.done");
  group("一班").says("王五", "ping 在吗").hears("ping.pong");
  const bot::Figures shown = figures();
  CHECK(shown.events == 3);
  CHECK(shown.commands == 2);
  CHECK(shown.failed == 0);
  CHECK(shown.messages.count("planned", "qq") == 1);
  CHECK(shown.messages.count("sent", "qq") == 1);
  CHECK(shown.accounts_up == std::map<std::string, bool>{{"qq", true}});
  CHECK(shown.waiting == 0);
  CHECK(shown.in_flight == 0);
  CHECK(shown.database_bytes > 0);
  REQUIRE(shown.last_commit);
  CHECK_FALSE(shown.oldest_unknown);
  CHECK_FALSE(shown.pushes_held);
}

TEST_CASE_FIXTURE(World, "figures: a refused, an unknown and a late message, and since when one is unknown") {
  group("一班").says("李四", "早").hears_nothing();
  next_send(bot::Refused{"muted"});
  group("一班").says("李四", "已学");
  forget_history("no messages");
  next_send(bot::Unknown{"timeout"});
  group("二班").says("李四", "已学").hears("lesson.done");
  link_down();
  group("一班").says("王五", "已学");
  CHECK(figures().waiting == 1);
  CHECK(figures().accounts_up == std::map<std::string, bool>{{"qq", false}});
  tick(2min);
  link_up();
  tick(1min);
  const bot::Figures shown = figures();
  CHECK(shown.messages.count("planned", "qq") == 3);
  CHECK(shown.messages.count("refused", "qq") == 1);
  CHECK(shown.messages.count("unknown", "qq") == 1);
  CHECK(shown.messages.count("missed", "qq") == 1);
  CHECK(shown.waiting == 0);
  REQUIRE(shown.oldest_unknown);
  CHECK(*shown.last_commit - *shown.oldest_unknown > 2min);
  CHECK(*shown.last_commit - *shown.oldest_unknown < 4min);
}

TEST_CASE_FIXTURE(World, "figures: pushes that are held") {
  at("2026-03-02 09:00");
  group("一班").says("李四", "早").hears_nothing();
  clock_back(48h);
  tick(1min);
  CHECK(figures().pushes_held);
}
