#include "schedules/due.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/due_plan.hpp"

using bot::Due;
using bot::Instant;
using namespace support;
using namespace std::chrono_literals;

TEST_CASE("due: a push falls due once a day at its time, not earlier") {
  Plan plan;
  plan.groups.add(profile("1", {daily(8h)}));
  plan.start(march(6, 7h));
  CHECK(plan.list->next(march(6, 7h)) == march(6, 8h));
  CHECK(plan.run(march(6, 8h) - 1ms) == Lines{});
  CHECK(plan.run(march(6, 8h)) == Lines{"2026-03-06 1 daily"});
  CHECK(plan.run(march(6, 9h)) == Lines{});
  CHECK(plan.list->next(march(6, 9h)) == march(7, 8h));
  CHECK(plan.run(march(7, 8h)) == Lines{"2026-03-07 1 daily"});
}

TEST_CASE("due: several times of a day are told apart by their number") {
  Plan plan;
  plan.groups.add(profile("1", {push(every_day({8h, 12h, 20h}))}));
  plan.start(march(6, 9h));
  CHECK(plan.walk(march(6, 9h), march(7, 8h)) ==
        Lines{"2026-03-06#2 1 daily", "2026-03-06#3 1 daily", "2026-03-07 1 daily"});
}

TEST_CASE("due: nothing is ever early, with stagger, window and quiet hours either (P7)") {
  Plan plan;
  plan.limits.quiet_hours = bot::DailySpan{22h, 7h};
  plan.limits.stagger = 90s;
  schedules::Rule window = every_day({17h + 30min, 23h});
  window.window = 120min;
  bot::Push sharp = push(hourly(45min), "sharp");
  sharp.sharp = true;
  for (const char* chat : {"1", "2", "3"}) {
    plan.groups.add(profile(chat, {push(hourly()), push(window, "window"), sharp}));
  }
  plan.start(march(6, 0h));
  int seen = 0;
  for (Instant now = march(6, 0h); now < march(8, 0h); now += 7s) {
    for (const Due& due : plan.list->due(now)) {
      CHECK(due.at <= now);
      CHECK(due.at > now - 7s);
      CHECK(due.planned <= due.at);
      ++seen;
    }
  }
  CHECK(seen > 200);
}

TEST_CASE("due: after a run everything that was due is booked once, with its end (P2)") {
  Plan plan(profile("", {daily(9h, "default"), push(hourly(), "hour")}));
  plan.limits.stagger = 90s;
  plan.groups.add(profile("1", {daily(8h), push(every_day({8h, 8h + 1min, 20h}), "three")}));
  plan.know("2", march(1, 0h));
  plan.know("3", march(1, 0h));
  plan.start(march(6, 0h));
  std::size_t seen = plan.walk(march(6, 0h), march(6, 13h)).size();
  plan.checked(march(6, 13h));
  plan.start(march(6, 18h));
  seen += plan.walk(march(6, 18h), march(7, 0h) - 1ms).size();
  // One and three times of the group's own, one and 23 hours of each other group; at 00:00 it had begun.
  const Lines ledger = plan.ledger();
  CHECK(ledger.size() == 4 + 2 * 24);
  CHECK(seen == ledger.size());
  for (const std::string& line : ledger) {
    CAPTURE(line);
    const bool ended = line.ends_with(" planned ") || line.ends_with(" missed downtime");
    CHECK(ended);
  }
}

TEST_CASE("due: groups without a file follow the default one, groups with a file do not") {
  Plan plan(profile("", {daily(8h, "default")}));
  plan.groups.add(profile("1", {daily(8h, "own")}));
  bot::GroupProfile off = profile("4", {daily(8h, "off")});
  off.enabled = false;
  plan.groups.add(std::move(off));
  for (const char* chat : {"1", "2", "3", "4"}) plan.know(chat, march(1, 0h));
  plan.start(march(6, 7h));
  const Lines lines = plan.run(march(6, 8h));
  CHECK(std::set<std::string>(lines.begin(), lines.end()) ==
        std::set<std::string>{"2026-03-06 2 default", "2026-03-06 3 default", "2026-03-06 1 own"});
  CHECK(lines.size() == 3);
}

TEST_CASE("due: a group that is learned of later is owed nothing from before") {
  Plan plan(profile("", {daily(8h)}));
  plan.know("1", march(6, 8h));
  plan.know("2", march(6, 8h) + 1ms);
  plan.start(march(5, 9h));
  plan.stopped(march(5, 9h));
  plan.start(march(6, 9h));
  CHECK(plan.run(march(6, 9h)) == Lines{"2026-03-06 1 daily"});
  plan.know("3", march(6, 10h));
  CHECK(plan.run(march(7, 8h)).size() == 3);
}

TEST_CASE("due: an occurrence can be booked once (P1)") {
  Plan plan;
  plan.groups.add(profile("1", {daily(8h)}));
  const Due due = plan.start(march(6, 7h)).due(march(6, 8h)).front();
  plan.book(due, march(6, 8h));
  CHECK(plan.list->is_booked(*plan.db, due));
  CHECK_THROWS_AS(plan.book(due, march(6, 8h)), bot::sql::Conflict);
  CHECK_THROWS_AS(plan.list->book(*plan.db, due, {"held", "later", 7, march(6, 9h)}), bot::sql::Conflict);
  for (const auto change :
       {+[](Due& other) { other.target.account = "other"; }, +[](Due& other) { other.target.chat = "2"; },
        +[](Due& other) { other.schedule = "T1"; }, +[](Due& other) { other.label = "2026-03-07"; }}) {
    Due other = due;
    change(other);
    CHECK_FALSE(plan.list->is_booked(*plan.db, other));
    CHECK_NOTHROW(plan.book(other, march(6, 8h)));
  }
}

TEST_CASE("due: another hour in the file on the same day is the same occurrence (P10)") {
  Plan plan;
  plan.groups.add(profile("1", {daily(8h)}));
  plan.start(march(6, 7h));
  CHECK(plan.run(march(6, 8h)).size() == 1);
  plan.checked(march(6, 8h + 1min));
  plan.groups = bot::GroupBook(profile("", {}));
  plan.groups.add(profile("1", {daily(9h)}));
  plan.start(march(6, 8h + 2min));
  CHECK(plan.run(march(6, 9h)) == Lines{});
  CHECK(plan.run(march(7, 8h)) == Lines{});
  CHECK(plan.run(march(7, 9h)) == Lines{"2026-03-07 1 daily"});
}

TEST_CASE("due: the first start owes nothing from before") {
  Plan plan;
  plan.groups.add(profile("1", {daily(8h)}));
  plan.start(march(6, 8h + 1min));
  CHECK(plan.run(march(6, 8h + 1min)) == Lines{});
}

TEST_CASE("due: nothing planned is never") {
  Plan plan;
  plan.start(march(6, 7h));
  CHECK(plan.list->next(march(6, 7h)) == Instant::max());
  CHECK(plan.run(march(20, 7h)) == Lines{});
}

TEST_CASE("due: what is coming is sorted by time, with its beginning and without its end") {
  Plan plan(profile("", {daily(9h, "nine")}));
  plan.groups.add(profile("1", {daily(10h, "ten"), daily(8h, "eight")}));
  plan.know("2", march(1, 0h));
  plan.start(march(6, 7h));
  const auto upcoming = [&](Instant until, const std::optional<bot::Address>& where) {
    Lines lines;
    for (const Due& due : plan.list->upcoming(march(6, 8h), until, where)) {
      lines.push_back(due.label + " " + due.push->subject);
    }
    return lines;
  };
  CHECK(upcoming(march(7, 9h), std::nullopt) ==
        Lines{"2026-03-06 eight", "2026-03-06 nine", "2026-03-06 ten", "2026-03-07 eight"});
  CHECK(upcoming(march(7, 9h), bot::Address{"qq", "2", false}) == Lines{"2026-03-06 nine"});
  CHECK(upcoming(march(6, 8h), std::nullopt).empty());
}

TEST_CASE("due: a column is said at its slot unless the file says when") {
  Plan plan;
  plan.slot = [](const bot::Push& column) {
    return column.subject == "daily" ? schedules::stored(every_day({8h})) : std::string();
  };
  bot::Push own = daily(9h, "own");
  plan.groups.add(profile("1", {{.occasion = "lesson", .subject = "daily"}, own}));
  plan.start(march(6, 7h));
  CHECK(plan.list->problems().empty());
  CHECK(plan.walk(march(6, 7h), march(6, 23h)) == Lines{"2026-03-06 1 daily", "2026-03-06 1 own"});
}

TEST_CASE("due: a time that cannot be read is said with its file and line, the others go on") {
  Plan plan;
  bot::Push bad{.occasion = "lesson", .subject = "bad", .when = "whenever", .line = 12};
  bot::Push none{.occasion = "lesson", .subject = "none", .line = 17};
  bot::GroupProfile group = profile("1", {bad, none, daily(8h)});
  group.file = "groups/a.toml";
  plan.groups.add(group);
  plan.start(march(6, 7h));
  Lines lines;
  for (const bot::Problem& problem : plan.list->problems()) lines.push_back(bot::printed(problem));
  CHECK(lines == Lines{"groups/a.toml:12: \"whenever\" is no time that repeats — write for example when = "
                       "\"every workday 08:00\"",
                       "groups/a.toml:17: this push has no time, and its column has no slot — write for "
                       "example when = \"every workday 08:00\""});
  CHECK(bot::has_errors(plan.list->problems()));
  CHECK(plan.run(march(6, 8h)) == Lines{"2026-03-06 1 daily"});
}

TEST_CASE("due: a mistake in default.toml is said once, where it stands") {
  bot::GroupProfile fallback =
      profile("", {{.occasion = "lesson", .subject = "bad", .when = "whenever", .line = 5}});
  fallback.file = "groups/default.toml";
  Plan plan(fallback);
  bot::GroupProfile own = profile("1", fallback.pushes);
  own.file = "groups/a.toml";
  plan.groups.add(own);
  plan.start(march(6, 7h));
  REQUIRE(plan.list->problems().size() == 1);
  CHECK(plan.list->problems()[0].file == "groups/default.toml");
  CHECK(plan.list->problems()[0].line == 5);
}

TEST_CASE("due: days that are not announced are warned of sixty days before") {
  Plan plan;
  bot::Problems problems;
  plan.calendar.workdays.read(
      R"({"year": 2026, "days": [{"name": "x", "date": "2026-01-01", "isOffDay": true}]})", "2026.json",
      problems);
  REQUIRE(problems.empty());
  schedules::Rule workdays = every_day({8h});
  workdays.days = schedules::EachWorkday{};
  plan.groups.add(profile("1", {push(workdays), daily(9h, "nine")}));
  const auto november = [](unsigned day) { return support::in("Asia/Shanghai", 2026, 11, day, 12h); };
  plan.start(november(1));
  CHECK(plan.list->unannounced(november(2)).empty());
  const bot::Problems warnings = plan.list->unannounced(november(3));
  REQUIRE(warnings.size() == 1);
  CHECK(bot::printed(warnings[0]).starts_with("content/calendar/2027.json: warning: "));
  const auto all = plan.list->scheduled(*plan.db, {"qq", "1", false});
  REQUIRE(all.size() == 2);
  CHECK(plan.list->unannounced_years(all[0], november(3)) == std::vector<int>{2027});
  CHECK(plan.list->unannounced_years(all[0], november(2)).empty());
  CHECK(plan.list->unannounced_years(all[1], november(3)).empty());
}
