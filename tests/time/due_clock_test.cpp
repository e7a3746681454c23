#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "tests/support/due_plan.hpp"

using bot::Due;
using bot::Instant;
using namespace support;
using namespace std::chrono_literals;

namespace {

constexpr const char* kYork = "America/New_York";

/// By the clock of nobody's wall, so that what is tested does not reckon for the test.
Instant utc(unsigned month, unsigned day, std::chrono::minutes time) {
  return std::chrono::sys_days(std::chrono::year(2026) / std::chrono::month(month) / std::chrono::day(day)) +
         time;
}

}  // namespace

TEST_CASE("zones: each group is told at eight on its own wall (T1)") {
  Plan plan;
  plan.groups.add(profile("shanghai", {daily(8h)}));
  plan.groups.add(profile("urumqi", {daily(8h)}, "Asia/Urumqi"));
  plan.groups.add(profile("york", {daily(8h)}, kYork));
  plan.start(utc(3, 5, 16h));
  CHECK(plan.run(utc(3, 6, 0h) - 1ms) == Lines{});
  CHECK(plan.run(utc(3, 6, 0h)) == Lines{"2026-03-06 shanghai daily"});
  CHECK(plan.run(utc(3, 6, 2h) - 1ms) == Lines{});
  CHECK(plan.run(utc(3, 6, 2h)) == Lines{"2026-03-06 urumqi daily"});
  CHECK(plan.run(utc(3, 6, 13h) - 1ms) == Lines{});
  CHECK(plan.run(utc(3, 6, 13h)) == Lines{"2026-03-06 york daily"});
}

TEST_CASE("zones: what falls into the spring gap comes at its end, once (T2)") {
  Plan plan;
  plan.groups.add(profile("1", {daily(2h + 30min, "gap"), daily(3h + 10min, "after")}, kYork));
  const Instant end_of_gap = utc(3, 8, 7h);
  plan.start(end_of_gap - 1h);
  CHECK(plan.list->next(end_of_gap - 1h) == end_of_gap);
  CHECK(plan.walk(end_of_gap - 1h, end_of_gap) == Lines{"2026-03-08 1 gap"});
  CHECK(plan.walk(end_of_gap, end_of_gap + 23h + 30min) == Lines{"2026-03-08 1 after", "2026-03-09 1 gap"});
}

TEST_CASE("zones: in the hour that comes twice it is the first time, once (T2, P1)") {
  Plan plan;
  plan.groups.add(profile("1", {daily(1h + 30min)}, kYork));
  const Instant first = utc(11, 1, 5h + 30min);
  plan.start(first - 1h);
  CHECK(plan.list->next(first - 1h) == first);
  CHECK(plan.run(first) == Lines{"2026-11-01 1 daily"});
  SUBCASE("the program goes on") {}
  SUBCASE("the program starts anew between the two") {
    plan.checked(first + 10min);
    plan.start(first + 10min);
  }
  SUBCASE("the program is killed before it looks") {
    plan.stopped(first - 1min);
    plan.start(first + 50min);
  }
  CHECK(plan.walk(first + 50min, first + 3h) == Lines{});
  CHECK(plan.ledger().size() == 1);
}

TEST_CASE("zones: the group's offset is kept after a gap") {
  Plan plan;
  plan.limits.stagger = 90s;
  plan.groups.add(profile("1", {daily(2h + 30min)}, kYork));
  const Instant end_of_gap = utc(3, 8, 7h);
  plan.start(end_of_gap - 1h);
  const auto ordinary = plan.list->upcoming(end_of_gap + 12h, end_of_gap + 36h, std::nullopt);
  const auto moved = plan.list->upcoming(end_of_gap - 1h, end_of_gap + 12h, std::nullopt);
  REQUIRE(ordinary.size() == 1);
  REQUIRE(moved.size() == 1);
  CHECK(moved[0].at - end_of_gap == ordinary[0].at - ordinary[0].planned);
}

TEST_CASE("zones: an hourly rule says each hour of the wall once on both days (T2)") {
  const auto booked = [](unsigned month, unsigned day) {
    Plan plan;
    bot::Push each = push(hourly(30min));
    each.coalesce = false;
    plan.groups.add(profile("1", {each}, kYork));
    const Instant midnight = in(kYork, 2026, month, day, 0h);
    plan.start(midnight);
    return plan.walk(midnight, in(kYork, 2026, month, day, 23h + 59min));
  };
  const Lines spring = booked(3, 8);
  CHECK(spring.size() == 24);
  CHECK(spring[2] == "2026-03-08#3 1 daily");
  const Lines autumn = booked(11, 1);
  CHECK(autumn.size() == 24);
  CHECK(autumn[1] == "2026-11-01#2 1 daily");
  CHECK(autumn[2] == "2026-11-01#3 1 daily");
}

TEST_CASE("zones: what the spring gap puts on one moment is said once") {
  Plan plan;
  plan.groups.add(profile("1", {push(hourly())}, kYork));
  const Instant end_of_gap = utc(3, 8, 7h);
  plan.start(end_of_gap - 1s);
  CHECK(plan.walk(end_of_gap - 1s, end_of_gap) ==
        Lines{"2026-03-08#3 1 daily overtaken", "2026-03-08#4 1 daily"});
}

TEST_CASE("clock: a step forward within the patience is one late push, beyond it a missed one (T3)") {
  Plan plan;
  plan.groups.add(profile("1", {daily(8h)}));
  plan.start(march(6, 7h));
  CHECK(plan.run(march(6, 7h)) == Lines{});
  SUBCASE("within") {
    CHECK(plan.run(march(6, 9h + 59min)) == Lines{"2026-03-06 1 daily"});
    CHECK(plan.run(march(6, 10h)) == Lines{});
  }
  SUBCASE("beyond") {
    CHECK(plan.run(march(6, 10h)) == Lines{"2026-03-06 1 daily clock"});
    CHECK(plan.ledger() == Lines{"2026-03-06 1 lesson:daily missed clock"});
  }
  SUBCASE("by days") {
    CHECK(plan.run(march(8, 9h)) ==
          Lines{"2026-03-06 1 daily clock", "2026-03-07 1 daily clock", "2026-03-08 1 daily"});
  }
}

TEST_CASE("clock: a step back by up to an hour repeats nothing (P1)") {
  for (const auto back : {std::chrono::minutes(1), std::chrono::minutes(20), std::chrono::minutes(60)}) {
    CAPTURE(back.count());
    Plan plan;
    plan.limits.stagger = 90s;
    plan.groups.add(profile("1", {daily(8h), push(every_day({7h + 30min, 7h + 50min, 8h}), "three")}));
    plan.start(march(6, 7h));
    CHECK(plan.walk(march(6, 7h), march(6, 8h + 2min)).size() == 4);
    plan.checked(march(6, 8h + 2min));
    const Instant again = march(6, 8h + 2min) - back;
    CHECK(plan.list->clock_doubt(again).empty());
    CHECK(plan.walk(again, march(6, 8h + 2min)) == Lines{});
    plan.checked(again);
    plan.start(again);
    CHECK(plan.walk(again, march(6, 9h)) == Lines{});
    CHECK(plan.walk(march(6, 9h), march(7, 8h + 2min)).size() == 4);
  }
}

TEST_CASE("clock: before the program was built nothing is due (T4)") {
  Plan plan;
  plan.built = march(6, 12h);
  plan.groups.add(profile("1", {daily(8h)}));
  plan.start(march(6, 7h));
  CHECK(plan.list->clock_doubt(march(6, 7h)) == "before_build");
  CHECK(plan.list->next(march(6, 7h)) == Instant::max());
  CHECK(plan.run(march(6, 8h)) == Lines{});
  plan.checked(march(6, 8h));
  CHECK(schedules::checked_until(*plan.db) == std::nullopt);
  CHECK(plan.list->clock_doubt(march(6, 12h)).empty());
  CHECK(plan.walk(march(6, 12h), march(7, 8h)).back() == "2026-03-07 1 daily");
}

TEST_CASE("clock: behind the last run everything is held until an admin trusts it (T4)") {
  Plan plan;
  plan.groups.add(profile("1", {push(every_day({8h, 9h, 10h}))}));
  plan.start(march(6, 7h));
  CHECK(plan.walk(march(6, 7h), march(6, 9h)) == Lines{"2026-03-06 1 daily", "2026-03-06#2 1 daily"});
  plan.checked(march(6, 9h + 1min));
  const Instant wrong = march(6, 7h + 30min);
  SUBCASE("while it runs") {}
  SUBCASE("across a restart") {
    plan.start(wrong);
  }
  CHECK(plan.list->clock_doubt(march(6, 8h + 1min)).empty());
  CHECK(plan.list->clock_doubt(march(6, 8h + 1min) - 1ms) == "behind_last_run");
  CHECK(plan.list->clock_doubt(wrong) == "behind_last_run");
  CHECK(plan.list->next(wrong) == Instant::max());
  CHECK(plan.run(wrong) == Lines{});
  CHECK(plan.run(march(6, 8h)) == Lines{});
  plan.checked(wrong);
  CHECK(schedules::checked_until(*plan.db) == march(6, 9h + 1min));

  plan.list->trust_clock(*plan.db, wrong);
  CHECK(plan.list->clock_doubt(wrong).empty());
  CHECK(schedules::checked_until(*plan.db) == wrong);
  CHECK(plan.walk(wrong, march(7, 8h)) == Lines{"2026-03-06#3 1 daily", "2026-03-07 1 daily"});
}

TEST_CASE("clock: when it comes right by itself the pushes go on") {
  Plan plan;
  plan.groups.add(profile("1", {push(every_day({8h, 9h, 10h}))}));
  plan.start(march(6, 7h));
  CHECK(plan.walk(march(6, 7h), march(6, 9h)).size() == 2);
  plan.checked(march(6, 9h + 1min));
  plan.start(march(1, 7h));
  CHECK(plan.run(march(1, 8h)) == Lines{});
  CHECK(plan.run(march(6, 10h)) == Lines{"2026-03-06#3 1 daily"});
}

TEST_CASE("clock: after 2038 days go on as before") {
  Plan plan;
  schedules::Rule leap = every_day({8h});
  leap.days = schedules::Yearly{2, 29};
  plan.groups.add(profile("1", {daily(8h), push(leap, "leap")}));
  const auto year_2040 = [](unsigned month, unsigned day, std::chrono::minutes time) {
    return in("Asia/Shanghai", 2040, month, day, time);
  };
  plan.start(year_2040(2, 28, 9h));
  CHECK(plan.walk(year_2040(2, 28, 9h), year_2040(3, 1, 8h)) ==
        Lines{"2040-02-29 1 daily", "2040-02-29 1 leap", "2040-03-01 1 daily"});
  plan.checked(year_2040(3, 1, 9h));
  plan.start(year_2040(3, 2, 9h));
  CHECK(plan.run(year_2040(3, 2, 9h)) == Lines{"2040-03-02 1 daily"});
}
