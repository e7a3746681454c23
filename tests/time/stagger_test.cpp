#include "schedules/stagger.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <set>
#include <string>

#include "tests/support/due_plan.hpp"

using bot::Address;
using bot::Due;
using schedules::offset_of;
using support::daily;
using support::every_day;
using support::march;
using support::Plan;
using support::profile;
using support::push;
using support::wall;
using namespace std::chrono_literals;

TEST_CASE("stagger: an offset is the chat's own, from one second to the whole spread") {
  std::set<std::chrono::seconds> seen;
  for (int chat = 0; chat < 2000; ++chat) {
    const Address where{"qq", std::to_string(100'000'000 + chat), false};
    const auto offset = offset_of(where, 90s, wall(2026, 3, 6, 8h + 10min));
    CHECK(offset >= 1s);
    CHECK(offset <= 90s);
    CHECK(offset == offset_of(where, 90s, wall(2031, 12, 31, 20h + 10min)));
    seen.insert(offset);
  }
  CHECK(seen.size() == 90);
}

TEST_CASE("stagger: it is the same on every machine and after every build") {
  CHECK(offset_of({"qq", "123456789", false}, 90s, wall(2026, 3, 6, 8h)) == 21s);
  CHECK(offset_of({"qq", "987654321", false}, 90s, wall(2026, 3, 6, 8h)) == 58s);
}

TEST_CASE("stagger: none falls on the full or half hour") {
  for (int chat = 0; chat < 2000; ++chat) {
    const Address where{"qq", std::to_string(chat), false};
    for (const auto time : {7h + 59min, 8h + 0min, 8h + 29min, 8h + 30min, 23h + 59min}) {
      const auto at = wall(2026, 3, 6, time) + offset_of(where, 90s, wall(2026, 3, 6, time));
      CHECK(at.time_since_epoch() % 30min != 0ms);
      CHECK(at > wall(2026, 3, 6, time));
    }
  }
}

TEST_CASE("stagger: without a spread it is on the second") {
  CHECK(offset_of({"qq", "1", false}, 0s, wall(2026, 3, 6, 8h)) == 0s);
}

TEST_CASE("stagger: groups speak one after the other, each at its own second every day") {
  Plan plan;
  plan.limits.stagger = 90s;
  for (int chat = 0; chat < 50; ++chat) plan.groups.add(profile(std::to_string(chat), {daily(8h)}));
  plan.start(march(6, 7h));
  CHECK(plan.run(march(6, 8h)) == Lines{});
  std::set<bot::Instant> moments;
  const auto today = plan.list->upcoming(march(6, 7h), march(7, 7h), std::nullopt);
  REQUIRE(today.size() == 50);
  for (const Due& due : today) {
    CHECK(due.planned == march(6, 8h));
    CHECK(due.at > march(6, 8h));
    CHECK(due.at <= march(6, 8h) + 90s);
    moments.insert(due.at);
  }
  CHECK(moments.size() > 20);
  plan.start(march(6, 9h));
  const auto tomorrow = plan.list->upcoming(march(7, 7h), march(8, 7h), std::nullopt);
  REQUIRE(tomorrow.size() == 50);
  for (std::size_t i = 0; i < 50; ++i) {
    CHECK(tomorrow[i].target == today[i].target);
    CHECK(tomorrow[i].at == today[i].at + 24h);
  }
}

TEST_CASE("stagger: what is sharp, and what a person ordered, is on the second") {
  Plan plan;
  plan.limits.stagger = 90s;
  bot::Push sharp = daily(8h, "sharp");
  sharp.sharp = true;
  bot::Push personal = daily(8h, "personal");
  personal.person = "li";
  plan.groups.add(profile("1", {sharp, personal, daily(8h, "own")}));
  plan.start(march(6, 7h));
  CHECK(plan.run(march(6, 8h)) == Lines{"2026-03-06 1 sharp", "2026-03-06 1 personal"});
  CHECK(plan.run(march(6, 8h) + 90s) == Lines{"2026-03-06 1 own"});
}

TEST_CASE("stagger: a window is spread over its whole length") {
  Plan plan;
  schedules::Rule evening = every_day({17h + 30min});
  evening.window = 30min;
  bot::Push wide = push(evening);
  wide.sharp = true;
  for (int chat = 0; chat < 200; ++chat) plan.groups.add(profile(std::to_string(chat), {wide}));
  plan.start(march(6, 7h));
  int early = 0;
  int late = 0;
  for (const Due& due : plan.list->upcoming(march(6, 7h), march(7, 7h), std::nullopt)) {
    CHECK(due.at > march(6, 17h + 30min));
    CHECK(due.at < march(6, 18h));
    early += due.at < march(6, 17h + 40min) ? 1 : 0;
    late += due.at > march(6, 17h + 50min) ? 1 : 0;
  }
  CHECK(early > 40);
  CHECK(late > 40);
}
