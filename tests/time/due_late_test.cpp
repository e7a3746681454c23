#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/due_plan.hpp"

using bot::Due;
using bot::Instant;
using namespace support;
using namespace std::chrono_literals;

TEST_CASE("late: after days off the latest within its time is sent, the others are missed (P9)") {
  Plan plan;
  plan.groups.add(profile("1", {daily(8h)}));
  plan.stopped(march(3, 9h));
  plan.start(march(6, 10h) - 1ms);
  CHECK(plan.run(march(6, 10h) - 1ms) ==
        Lines{"2026-03-04 1 daily downtime", "2026-03-05 1 daily downtime", "2026-03-06 1 daily"});
}

TEST_CASE("late: the latest is missed too when its time is over") {
  Plan plan;
  plan.groups.add(profile("1", {daily(8h)}));
  plan.stopped(march(5, 8h));
  plan.start(march(6, 10h));
  CHECK(plan.run(march(6, 10h)) == Lines{"2026-03-06 1 daily downtime"});
}

TEST_CASE("late: of several within their time one is sent, unless each counts") {
  Plan plan;
  bot::Push each = push(hourly(), "each");
  each.coalesce = false;
  plan.groups.add(profile("1", {push(hourly(), "one"), each}));
  plan.stopped(march(6, 4h + 1min));
  plan.start(march(6, 8h + 30min));
  Lines sent;
  Lines missed;
  for (const std::string& line : plan.run(march(6, 8h + 30min))) {
    (line.ends_with("downtime") ? missed : sent).push_back(line);
  }
  std::ranges::sort(sent);
  CHECK(sent == Lines{"2026-03-06#8 1 each", "2026-03-06#9 1 each", "2026-03-06#9 1 one"});
  CHECK(missed.size() == 2 + 3);
}

TEST_CASE("late: a patience of its own counts") {
  Plan plan;
  bot::Push patient = daily(8h, "patient");
  patient.catch_up = 10h;
  bot::Push brief = daily(8h, "brief");
  brief.catch_up = 5min;
  plan.groups.add(profile("1", {patient, brief}));
  plan.stopped(march(6, 7h));
  plan.start(march(6, 8h + 5min));
  CHECK(plan.run(march(6, 8h + 5min)) == Lines{"2026-03-06 1 patient", "2026-03-06 1 brief downtime"});
}

TEST_CASE("late: nothing begins after its latest, and its message carries when it expires (P8)") {
  Plan plan;
  plan.limits.stagger = 90s;
  bot::Push push = daily(8h);
  push.catch_up = 30min;
  push.expires = 4h;
  plan.groups.add(profile("1", {push, daily(8h, "plain")}));
  plan.start(march(6, 7h));
  const auto due = plan.list->due(march(6, 8h + 90s));
  REQUIRE(due.size() == 2);
  const Due& first = due[0].push->subject == "daily" ? due[0] : due[1];
  const Due& plain = due[0].push->subject == "daily" ? due[1] : due[0];
  CHECK(first.latest == first.at + 30min);
  CHECK(first.expires == first.at + 4h);
  CHECK(plain.latest == plain.at + 120min);
  CHECK(plain.expires == plain.latest);

  plan.start(march(6, 7h));
  CHECK(plan.run(first.latest - 1ms).size() == 2);
  plan.start(march(7, 7h));
  const Instant latest = first.latest + 24h;
  CHECK(plan.list->due(march(7, 8h)).empty());
  const auto late = plan.list->due(latest);
  REQUIRE(late.size() == 2);
  CHECK(late[0].missed == (late[0].push->subject == "daily" ? "clock" : ""));
  CHECK(late[1].missed == (late[1].push->subject == "daily" ? "clock" : ""));
}

TEST_CASE("late: of a long time off 31 days are looked at, and each is booked") {
  Plan plan;
  plan.groups.add(profile("1", {daily(8h, "a"), daily(9h, "b")}));
  plan.stopped(march(6, 12h) - 400 * 24h);
  plan.start(march(6, 12h));
  const Lines lines = plan.run(march(6, 12h));
  CHECK(lines.size() == 62);
  CHECK(lines.front() == "2026-02-04 1 a downtime");
  CHECK(lines.back() == "2026-03-06 1 b downtime");
  CHECK(plan.list->next(march(6, 12h)) == march(7, 8h));
}

TEST_CASE("late: a great many are handed out in portions, and none is lost") {
  Plan plan;
  for (int chat = 1; chat <= 20; ++chat) plan.groups.add(profile(std::to_string(chat), {daily(8h)}));
  plan.stopped(march(6, 12h) - 400 * 24h);
  plan.start(march(6, 12h));
  const auto before = schedules::checked_until(*plan.db);
  const std::size_t first = plan.run(march(6, 12h)).size();
  CHECK(first < 620);
  CHECK(plan.list->next(march(6, 12h)) <= march(6, 12h));
  plan.checked(march(6, 12h));
  CHECK(schedules::checked_until(*plan.db) < march(6, 12h) - 1h);
  CHECK(schedules::checked_until(*plan.db) > before);

  SUBCASE("the program goes on") {
    CHECK(plan.run(march(6, 12h)).size() == 620 - first);
    plan.checked(march(6, 12h));
    CHECK(schedules::checked_until(*plan.db) == march(6, 12h));
  }
  SUBCASE("the program is killed") {
    plan.start(march(6, 12h));
    while (plan.list->next(march(6, 12h)) <= march(6, 12h)) plan.run(march(6, 12h));
  }
  CHECK(plan.ledger().size() == 620);
}

TEST_CASE("late: what waited for the group's offset at a kill is sent after it") {
  Plan plan;
  plan.limits.stagger = 90s;
  plan.groups.add(profile("1", {daily(8h)}));
  plan.groups.add(profile("2", {daily(8h)}));
  plan.groups.add(profile("3", {daily(8h)}));
  plan.start(march(6, 7h));
  CHECK(plan.run(march(6, 8h)).empty());
  plan.checked(march(6, 8h));
  const std::size_t before = plan.walk(march(6, 8h), march(6, 8h + 40s)).size();
  CHECK(before < 3);
  plan.checked(march(6, 8h + 40s));
  plan.start(march(6, 8h + 10min));
  CHECK(before + plan.run(march(6, 8h + 10min)).size() == 3);
  CHECK(plan.ledger().size() == 3);
}

TEST_CASE("quiet: what falls into quiet hours over midnight waits until they end") {
  Plan plan;
  plan.limits.quiet_hours = bot::DailySpan{22h, 7h};
  plan.groups.add(profile("1", {daily(6h + 59min, "early"), daily(7h, "seven"), daily(21h + 59min, "evening"),
                                daily(22h, "late")}));
  plan.start(march(6, 7h));
  CHECK(plan.run(march(6, 21h + 59min)) == Lines{"2026-03-06 1 evening"});
  CHECK(plan.run(march(7, 7h) - 1ms) == Lines{});
  CHECK(plan.run(march(7, 7h)) == Lines{"2026-03-06 1 late", "2026-03-07 1 early", "2026-03-07 1 seven"});
}

TEST_CASE("quiet: what waits for their end is not lost by a restart in the night (P2)") {
  Plan plan;
  plan.limits.quiet_hours = bot::DailySpan{22h, 7h};
  plan.groups.add(profile("1", {daily(22h + 30min)}));
  plan.start(march(6, 12h));
  CHECK(plan.run(march(6, 23h)) == Lines{});
  plan.checked(march(6, 23h));
  plan.start(march(7, 6h));
  CHECK(plan.walk(march(7, 6h), march(7, 12h)) == Lines{"2026-03-06 1 daily"});
}

TEST_CASE("quiet: within a day they hold only what falls into them") {
  Plan plan;
  plan.limits.quiet_hours = bot::DailySpan{12h, 13h};
  plan.groups.add(profile("1", {daily(12h, "noon"), daily(13h, "one"), daily(23h, "night")}));
  plan.start(march(6, 11h));
  CHECK(plan.run(march(6, 13h) - 1ms) == Lines{});
  CHECK(plan.run(march(6, 13h)) == Lines{"2026-03-06 1 noon", "2026-03-06 1 one"});
  CHECK(plan.run(march(6, 23h)) == Lines{"2026-03-06 1 night"});
}

TEST_CASE("quiet: a second span holds too, and a restart in it loses nothing") {
  Plan plan;
  plan.limits.noon_quiet = bot::DailySpan{12h, 18h};
  plan.groups.add(profile("1", {daily(12h + 30min)}));
  plan.start(march(6, 11h));
  CHECK(plan.run(march(6, 16h)) == Lines{});
  plan.checked(march(6, 16h));
  plan.start(march(6, 17h));
  CHECK(plan.walk(march(6, 17h), march(6, 23h)) == Lines{"2026-03-06 1 daily"});
}

TEST_CASE("quiet: what waited counts its patience from their end and keeps its day") {
  Plan plan;
  plan.limits.quiet_hours = bot::DailySpan{22h, 7h};
  plan.groups.add(profile("1", {daily(23h)}));
  plan.start(march(6, 12h));
  const auto due = plan.list->due(march(7, 7h));
  REQUIRE(due.size() == 1);
  CHECK(due[0].at == march(7, 7h));
  CHECK(due[0].latest == march(7, 9h));
  CHECK(due[0].label == "2026-03-06");
}

TEST_CASE("quiet: what is urgent or was ordered by a person does not wait") {
  Plan plan;
  plan.limits.quiet_hours = bot::DailySpan{22h, 7h};
  bot::Push urgent = daily(23h, "urgent");
  urgent.urgent = true;
  bot::Push personal = daily(23h, "personal");
  personal.person = "li";
  plan.groups.add(profile("1", {urgent, personal, daily(23h, "plain")}));
  plan.start(march(6, 12h));
  CHECK(plan.run(march(6, 23h)) == Lines{"2026-03-06 1 urgent", "2026-03-06 1 personal"});
}

TEST_CASE("quiet: the group's own offset does not carry a push into them") {
  Plan plan;
  plan.limits.quiet_hours = bot::DailySpan{22h, 7h};
  plan.limits.stagger = 90s;
  for (int chat = 0; chat < 100; ++chat) {
    plan.groups.add(profile(std::to_string(chat), {daily(21h + 59min)}));
  }
  plan.start(march(6, 12h));
  for (const Due& due : plan.list->upcoming(march(6, 12h), march(7, 12h), std::nullopt)) {
    const bool allowed = due.at < march(6, 22h) || due.at > march(7, 7h);
    CHECK(allowed);
  }
  CHECK(plan.walk(march(6, 12h), march(7, 12h)).size() == 100);
}

TEST_CASE("quiet: a push of a file that lies in them is warned of, with its line") {
  Plan plan;
  plan.limits.quiet_hours = bot::DailySpan{22h, 7h};
  bot::Push early = push(every_day({6h + 30min, 8h}), "early");
  early.line = 5;
  bot::Push urgent = early;
  urgent.subject = "urgent";
  urgent.urgent = true;
  bot::GroupProfile group = profile("1", {early, urgent});
  group.file = "groups/a.toml";
  plan.groups.add(group);
  plan.start(march(6, 7h));
  REQUIRE(plan.list->problems().size() == 1);
  CHECK(bot::printed(plan.list->problems()[0]) ==
        "groups/a.toml:5: warning: this push at 06:30 lies in the quiet hours — it waits until 07:00; move "
        "one of the two, or write urgent = true");
  CHECK_FALSE(bot::has_errors(plan.list->problems()));
}

TEST_CASE("solemn: what is cheerful is not said on a solemn day, the rest is") {
  Plan plan;
  schedules::Rule solemn = every_day({0min});
  solemn.days = schedules::Yearly{12, 13};
  plan.calendar.solemn = {solemn};
  bot::Push cheerful = daily(8h, "cheerful");
  cheerful.cheerful = true;
  plan.groups.add(profile("1", {cheerful, daily(8h, "plain")}));
  const auto december = [](unsigned day, std::chrono::minutes time) {
    return support::in("Asia/Shanghai", 2026, 12, day, time);
  };
  plan.start(december(12, 7h));
  CHECK(plan.walk(december(12, 7h), december(14, 9h)) ==
        Lines{"2026-12-12 1 cheerful", "2026-12-12 1 plain", "2026-12-13 1 cheerful solemn",
              "2026-12-13 1 plain", "2026-12-14 1 cheerful", "2026-12-14 1 plain"});
}
