// Pushes held after a restore (reliability S5).
#include "tests/support/due_plan.hpp"

namespace {

using namespace std::chrono_literals;
using bot::Instant;
using schedules::mark_restored;
using namespace support;

/// Let go on by an admin.
void resume(Plan& plan, Instant now) {
  bot::sql::Transaction transaction(*plan.db);
  plan.list->resume_pushes(*plan.db, now);
  transaction.commit();
}

}  // namespace

TEST_CASE("hold: nothing is due and nothing is looked at until pushes are let go on") {
  Plan plan;
  plan.groups.add(profile("1", {daily(8h)}));
  plan.start(march(6, 7h));
  plan.checked(march(6, 7h));
  mark_restored(*plan.db, march(6, 9h));
  plan.start(march(6, 9h));
  CHECK(plan.list->held(march(6, 9h)) == "restored");
  CHECK(plan.list->clock_doubt(march(6, 9h)).empty());
  CHECK(plan.list->next(march(6, 9h)) == Instant::max());
  CHECK(plan.run(march(7, 8h + 1min)) == Lines{});
  plan.checked(march(7, 8h + 1min));
  CHECK(schedules::checked_until(*plan.db) == march(6, 7h));
}

TEST_CASE("hold: what was due before is missed, also when the program is killed before it is booked") {
  Plan plan;
  plan.groups.add(profile("1", {push(every_day({8h, 8h + 30min, 12h}))}));
  plan.start(march(6, 7h));
  plan.checked(march(6, 7h));
  mark_restored(*plan.db, march(6, 8h + 10min));
  plan.start(march(6, 8h + 40min));
  resume(plan, march(6, 8h + 45min));
  SUBCASE("at once") {}
  SUBCASE("after a restart within the time in which it would be caught up") {
    plan.start(march(6, 8h + 50min));
  }
  CHECK(plan.list->held(march(6, 8h + 50min)).empty());
  const auto due = plan.list->due(march(6, 8h + 50min));
  REQUIRE(due.size() == 2);
  for (const bot::Due& each : due) CHECK(each.missed == "restored");
  CHECK(plan.walk(march(6, 8h + 50min), march(6, 12h)) == Lines{"2026-03-06#3 1 daily"});
}

TEST_CASE("hold: what waits for the end of the quiet hours is not of the past") {
  Plan plan;
  plan.limits.quiet_hours = bot::DailySpan{22h, 7h};
  plan.groups.add(profile("1", {daily(6h)}));
  plan.start(march(6, 5h));
  plan.checked(march(6, 5h));
  mark_restored(*plan.db, march(6, 6h + 10min));
  plan.start(march(6, 6h + 10min));
  resume(plan, march(6, 6h + 30min));
  CHECK(plan.walk(march(6, 6h + 30min), march(6, 7h)) == Lines{"2026-03-06 1 daily"});
}

TEST_CASE("hold: a transaction that is rolled back leaves it held") {
  Plan plan;
  plan.groups.add(profile("1", {daily(8h)}));
  plan.start(march(6, 7h));
  mark_restored(*plan.db, march(6, 7h));
  plan.start(march(6, 7h));
  {
    const bot::sql::Transaction undone(*plan.db);
    plan.list->resume_pushes(*plan.db, march(6, 7h));
  }
  plan.list->reread(*plan.db, {"qq", "1", false}, march(6, 7h));
  CHECK(plan.list->held(march(6, 7h)) == "restored");
}
