#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bot/store/sqlite.hpp"
#include "schedules/due.hpp"
#include "schedules/occurrences.hpp"
#include "schedules/phrases.hpp"
#include "schedules/recurrence.hpp"
#include "tests/support/lines.hpp"

using bot::Due;
using bot::Instant;
using bot::LocalTime;
using schedules::DueList;
using schedules::parse_moment;
using namespace std::chrono_literals;

namespace {

LocalTime wall(unsigned month, unsigned day, std::chrono::minutes time) {
  const std::chrono::year_month_day date{std::chrono::year(2026), std::chrono::month(month),
                                         std::chrono::day(day)};
  return LocalTime{std::chrono::local_days(date)} + time;
}

const bot::Zone& shanghai() {
  static const bot::Zone zone = bot::Zone::named("Asia/Shanghai").value();
  return zone;
}

/// A moment of March 2026 in Shanghai.
Instant march(unsigned day, std::chrono::minutes time) {
  return shanghai().to_instant(wall(3, day, time));
}

bot::DailyPush daily(std::chrono::minutes at, std::string subject = "daily") {
  return {"lesson", std::move(subject), at, 120min};
}

bot::GroupProfile profile(std::string chat, std::vector<bot::DailyPush> pushes) {
  bot::GroupProfile group;
  group.account = "qq";
  group.chat = std::move(chat);
  group.zone = shanghai();
  group.pushes = std::move(pushes);
  return group;
}

/// Groups, the ledger and what is due, without quiet hours unless a test sets them.
struct Plan {
  explicit Plan(bot::GroupProfile fallback = profile("", {})) : groups(std::move(fallback)) {
    bot::sql::migrate(*db, {bot::KnownGroups::schema(), schedules::occurrence_schema()}, {});
    limits.quiet_hours = std::nullopt;
  }

  void know(const std::string& chat, Instant since) {
    bot::sql::Transaction transaction(*db);
    known.add(*db, {"qq", chat, false}, "", since);
    transaction.commit();
  }

  DueList& start(Instant now) {
    list = std::make_unique<DueList>(groups, known, limits);
    list->start(*db, now);
    return *list;
  }

  /// As at the end of a run.
  void stopped(Instant at) {
    bot::sql::Transaction transaction(*db);
    schedules::set_checked_until(*db, at);
    transaction.commit();
  }

  /// Books what is due, and says what was due as "label chat subject", and why when it is missed.
  std::vector<std::string> run(Instant now) {
    std::vector<std::string> lines;
    for (const Due& due : list->due(now)) {
      if (list->is_booked(*db, due)) continue;
      const std::string why = due.missed.empty() ? "" : " " + due.missed;
      lines.push_back(due.label + " " + due.target.chat + " " + due.push.subject + why);
      list->book(*db, due, {due.missed.empty() ? "planned" : "missed", due.missed, 0, now});
    }
    return lines;
  }

  std::unique_ptr<bot::sql::Db> db = bot::sql::open_sqlite_in_memory();
  bot::GroupBook groups;
  bot::KnownGroups known{};
  bot::Limits limits{};
  std::unique_ptr<DueList> list{};
};

using Lines = std::vector<std::string>;

}  // namespace

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

TEST_CASE("due: the wall of each group decides") {
  Plan plan;
  plan.groups.add(profile("1", {daily(8h)}));
  bot::GroupProfile far = profile("2", {daily(8h)});
  far.zone = bot::Zone::named("America/New_York").value();
  plan.groups.add(std::move(far));
  plan.start(march(6, 0h));
  CHECK(plan.run(march(6, 8h)) == Lines{"2026-03-06 1 daily"});
  CHECK(plan.run(march(6, 21h) - 1ms) == Lines{});
  CHECK(plan.run(march(6, 21h)) == Lines{"2026-03-06 2 daily"});
}

TEST_CASE("due: the spring gap and the autumn repeat fire once") {
  Plan plan;
  bot::GroupProfile far = profile("1", {daily(2h + 30min, "gap"), daily(1h + 30min, "twice")});
  far.zone = bot::Zone::named("America/New_York").value();
  plan.groups.add(far);
  const bot::Zone york = far.zone;
  plan.start(york.to_instant(wall(3, 8, 2h - 1min)));
  CHECK(plan.list->next({}) == york.to_instant(wall(3, 8, 3h)));
  CHECK(plan.run(york.to_instant(wall(3, 8, 3h))) == Lines{"2026-03-08 1 gap"});
  CHECK(plan.list->next({}) == york.to_instant(wall(3, 9, 1h + 30min)));

  plan.start(york.to_instant(wall(11, 1, 1h)));
  const Instant first = york.to_instant(wall(11, 1, 1h + 30min));
  CHECK(plan.run(first) == Lines{"2026-11-01 1 twice"});
  CHECK(plan.run(first + 1h) == Lines{});
}

TEST_CASE("due: groups without a file follow the default one, groups with a file do not") {
  Plan plan(profile("", {daily(8h, "default")}));
  plan.groups.add(profile("1", {daily(8h, "own")}));
  bot::GroupProfile off = profile("4", {daily(8h, "off")});
  off.enabled = false;
  plan.groups.add(std::move(off));
  for (const char* chat : {"1", "2", "3", "4"}) plan.know(chat, march(1, 0h));
  plan.start(march(6, 7h));
  CHECK(plan.run(march(6, 8h)) == Lines{"2026-03-06 2 default", "2026-03-06 3 default", "2026-03-06 1 own"});
}

TEST_CASE("due: a group that is learned of later is owed nothing from before") {
  Plan plan(profile("", {daily(8h)}));
  plan.know("1", march(6, 8h));
  plan.know("2", march(6, 8h) + 1ms);
  plan.stopped(march(5, 9h));
  plan.start(march(6, 9h));
  CHECK(plan.run(march(6, 9h)) == Lines{"2026-03-06 1 daily"});
  plan.know("3", march(6, 10h));
  CHECK(plan.run(march(7, 8h)) == Lines{"2026-03-07 1 daily", "2026-03-07 2 daily", "2026-03-07 3 daily"});
}

TEST_CASE("due: what falls into quiet hours over midnight waits until they end") {
  Plan plan;
  plan.limits.quiet_hours = bot::DailySpan{22h, 7h};
  plan.groups.add(profile("1", {daily(6h + 59min, "early"), daily(7h, "seven"), daily(21h + 59min, "evening"),
                                daily(22h, "late")}));
  plan.start(march(6, 7h));
  CHECK(plan.run(march(6, 21h + 59min)) == Lines{"2026-03-06 1 evening"});
  CHECK(plan.run(march(7, 7h) - 1ms) == Lines{});
  CHECK(plan.run(march(7, 7h)) == Lines{"2026-03-07 1 early", "2026-03-07 1 seven", "2026-03-06 1 late"});
}

TEST_CASE("due: quiet hours within a day hold only what falls into them") {
  Plan plan;
  plan.limits.quiet_hours = bot::DailySpan{12h, 13h};
  plan.groups.add(profile("1", {daily(12h, "noon"), daily(13h, "one"), daily(23h, "night")}));
  plan.start(march(6, 11h));
  CHECK(plan.run(march(6, 13h) - 1ms) == Lines{});
  CHECK(plan.run(march(6, 13h)) == Lines{"2026-03-06 1 noon", "2026-03-06 1 one"});
  CHECK(plan.run(march(6, 23h)) == Lines{"2026-03-06 1 night"});
}

TEST_CASE("due: a push that waited for quiet hours expires counted from their end") {
  Plan plan;
  plan.limits.quiet_hours = bot::DailySpan{22h, 7h};
  plan.groups.add(profile("1", {daily(23h)}));
  plan.start(march(6, 12h));
  const auto due = plan.list->due(march(7, 7h));
  REQUIRE(due.size() == 1);
  CHECK(due[0].at == march(7, 7h));
  CHECK(due[0].expires == march(7, 9h));
  CHECK(due[0].label == "2026-03-06");
}

TEST_CASE("due: after downtime the latest within its time is late, the others are missed") {
  Plan plan;
  plan.groups.add(profile("1", {daily(8h)}));
  plan.stopped(march(3, 9h));
  plan.start(march(6, 10h) - 1ms);
  CHECK(plan.run(march(6, 10h) - 1ms) ==
        Lines{"2026-03-04 1 daily downtime", "2026-03-05 1 daily downtime", "2026-03-06 1 daily"});
}

TEST_CASE("due: after downtime the latest is missed too when its time is over") {
  Plan plan;
  plan.groups.add(profile("1", {daily(8h)}));
  plan.stopped(march(5, 8h));
  plan.start(march(6, 10h));
  CHECK(plan.run(march(6, 10h)) == Lines{"2026-03-06 1 daily downtime"});
}

TEST_CASE("due: of a long downtime 31 days are looked at, 50 at a time") {
  Plan plan;
  plan.groups.add(profile("1", {daily(8h, "a"), daily(9h, "b")}));
  plan.stopped(march(6, 12h) - 400 * 24h);
  plan.start(march(6, 12h));
  const Lines first = plan.run(march(6, 12h));
  CHECK(first.size() == 50);
  CHECK(first.front() == "2026-02-04 1 a downtime");
  CHECK(plan.list->next(march(6, 12h)) == march(6, 12h));
  const Lines rest = plan.run(march(6, 12h));
  CHECK(rest.size() == 12);
  CHECK(rest.back() == "2026-03-06 1 b downtime");
  CHECK(plan.list->next(march(6, 12h)) == march(7, 8h));
}

TEST_CASE("due: downtime ends only when everything has been looked at") {
  Plan plan;
  plan.groups.add(profile("1", {daily(8h, "a"), daily(9h, "b")}));
  plan.stopped(march(6, 12h) - 40 * 24h);
  plan.start(march(6, 12h));
  const auto before = schedules::checked_until(*plan.db);
  plan.run(march(6, 12h));
  plan.list->checked(*plan.db, march(6, 12h));
  CHECK(schedules::checked_until(*plan.db) == before);
  plan.run(march(6, 12h));
  plan.list->checked(*plan.db, march(6, 12h));
  CHECK(schedules::checked_until(*plan.db) == march(6, 12h));
}

TEST_CASE("due: the first start owes nothing from before") {
  Plan plan;
  plan.groups.add(profile("1", {daily(8h)}));
  plan.start(march(6, 8h + 1min));
  CHECK(plan.run(march(6, 8h + 1min)) == Lines{});
}

TEST_CASE("due: a clock that is stepped back makes nothing twice") {
  Plan plan;
  plan.groups.add(profile("1", {daily(8h)}));
  plan.start(march(6, 7h));
  CHECK(plan.run(march(6, 8h)).size() == 1);
  CHECK(plan.run(march(6, 7h)) == Lines{});
  CHECK(plan.run(march(6, 8h)) == Lines{});
  plan.stopped(march(6, 8h + 30min));
  plan.start(march(6, 7h));
  CHECK(plan.run(march(6, 8h)) == Lines{});
  CHECK(plan.run(march(7, 8h)) == Lines{"2026-03-07 1 daily"});
}

TEST_CASE("due: another hour on the same day is the same occurrence") {
  Plan plan;
  plan.groups.add(profile("1", {daily(8h)}));
  plan.start(march(6, 7h));
  CHECK(plan.run(march(6, 8h)).size() == 1);
  plan.groups.add(profile("1", {daily(9h)}));
  plan.start(march(6, 8h + 1min));
  CHECK(plan.run(march(6, 9h)) == Lines{});
  CHECK(plan.run(march(7, 9h)) == Lines{"2026-03-07 1 daily"});
}

TEST_CASE("due: an occurrence can be booked once") {
  Plan plan;
  plan.groups.add(profile("1", {daily(8h)}));
  const Due due = plan.start(march(6, 7h)).due(march(6, 8h)).front();
  schedules::book(*plan.db, due, {"missed", "x", 0, march(6, 8h)});
  CHECK(schedules::is_booked(*plan.db, due));
  CHECK_THROWS_AS(schedules::book(*plan.db, due, {"planned", "", 1, march(6, 8h)}), bot::sql::Conflict);
  Due other = due;
  other.target.account = "other";
  CHECK_FALSE(schedules::is_booked(*plan.db, other));
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
  Lines lines;
  for (const Due& due : plan.list->upcoming(march(6, 8h), march(7, 9h))) {
    lines.push_back(due.label + " " + due.push.subject);
  }
  CHECK(lines == Lines{"2026-03-06 eight", "2026-03-06 nine", "2026-03-06 ten", "2026-03-07 eight"});
  CHECK(plan.list->upcoming(march(6, 8h), march(6, 8h)).empty());
}

namespace {

/// How a phrase is understood on Friday 2026-03-06 at 12:00: as "date time", or "nothing".
std::string read(std::string_view phrase) {
  const auto at = parse_moment(phrase, wall(3, 6, 12h));
  return at ? bot::iso_date(*at) + " " + bot::clock_time(*at) : "nothing";
}

struct Phrase {
  std::string_view typed;
  std::string_view means;
};

void check_all(const std::vector<Phrase>& phrases) {
  for (const Phrase& phrase : phrases) {
    CAPTURE(phrase.typed);
    CHECK(read(phrase.typed) == phrase.means);
  }
}

}  // namespace

TEST_CASE("phrases: days and times") {
  check_all({{"明天 08:00", "2026-03-07 08:00"},
             {"明天08:00", "2026-03-07 08:00"},
             {"今天 8:05", "2026-03-06 08:05"},
             {"后天晚上8点半", "2026-03-08 20:30"},
             {"大后天 下午3点", "2026-03-09 15:00"},
             {"昨天 8点", "2026-03-05 08:00"},
             {"明天", "2026-03-07 00:00"},
             {"tomorrow 9:30", "2026-03-07 09:30"},
             {"TODAY 24:00", "2026-03-07 00:00"},
             {"明天早上7点5分", "2026-03-07 07:05"},
             {"明天上午 10点30", "2026-03-07 10:30"},
             {"明天凌晨1点", "2026-03-07 01:00"},
             {"明天中午12点", "2026-03-07 12:00"},
             {"明天中午1点", "2026-03-07 13:00"},
             {"明天晚上20点", "2026-03-07 20:00"},
             {"　明天　８：００　", "2026-03-07 08:00"},
             {"後天下午3點", "2026-03-08 15:00"}});
}

TEST_CASE("phrases: a time alone is the next one") {
  check_all({{"12:01", "2026-03-06 12:01"},
             {"12:00", "2026-03-07 12:00"},
             {"08:00", "2026-03-07 08:00"},
             {"下午1点半", "2026-03-06 13:30"},
             {"24:00", "2026-03-07 00:00"},
             {"0:00", "2026-03-07 00:00"}});
}

TEST_CASE("phrases: weekdays are those of this week, or of the next when they are over") {
  check_all({{"周五", "2026-03-06 00:00"},
             {"周五 18:00", "2026-03-06 18:00"},
             {"周六 9点", "2026-03-07 09:00"},
             {"周日", "2026-03-08 00:00"},
             {"周天", "2026-03-08 00:00"},
             {"星期天 9点", "2026-03-08 09:00"},
             {"周四", "2026-03-12 00:00"},
             {"週一", "2026-03-09 00:00"},
             {"下周一 9点", "2026-03-09 09:00"},
             {"下周五", "2026-03-13 00:00"},
             {"下周日 9:00", "2026-03-15 09:00"},
             {"下星期天", "2026-03-15 00:00"}});
  const auto sunday = parse_moment("周日 9点", wall(3, 8, 8h));
  CHECK(sunday == wall(3, 8, 9h));
}

TEST_CASE("phrases: dates") {
  check_all({{"2026-03-06 18:00", "2026-03-06 18:00"},
             {"2026-3-6 8点", "2026-03-06 08:00"},
             {"2028-02-29", "2028-02-29 00:00"},
             {"2040-01-01 00:00", "2040-01-01 00:00"},
             {"1999-12-31 23:59", "1999-12-31 23:59"}});
}

TEST_CASE("phrases: so much from now") {
  check_all({{"+3d", "2026-03-09 12:00"},
             {"+90m", "2026-03-06 13:30"},
             {"+12h", "2026-03-07 00:00"},
             {"+60s", "2026-03-06 12:01"},
             {"＋１Ｄ", "2026-03-07 12:00"},
             {"+0d", "2026-03-06 12:00"},
             {"+100000m", "2026-05-14 22:40"}});
}

TEST_CASE("phrases: what is not understood is nothing, never a guess") {
  for (const std::string_view phrase : {"",
                                        "　",
                                        "今日一课",
                                        "8",
                                        "0800",
                                        "3d",
                                        "-3d",
                                        "+3",
                                        "+d",
                                        "+1.5h",
                                        "+-5d",
                                        "+100001m",
                                        "+3d 8:00",
                                        "25:00",
                                        "24:01",
                                        "8:60",
                                        "8点60",
                                        "8:",
                                        ":30",
                                        "08:00:00",
                                        "8点一刻",
                                        "8点30分钟后",
                                        "明天早上",
                                        "明天 明天",
                                        "明天 今天 8:00",
                                        "周八",
                                        "周末",
                                        "下周",
                                        "周",
                                        "礼拜",
                                        "2026-02-29",
                                        "2026-13-01",
                                        "2026-00-10",
                                        "2026-03-00",
                                        "2026-03",
                                        "2026-03-06T18:00",
                                        "1899-12-31",
                                        "99999999999-01-01",
                                        "2026--3-06",
                                        "99999999999:00",
                                        "8点半5",
                                        "明天8:00吗",
                                        "yesterday"}) {
    CAPTURE(phrase);
    CHECK(read(phrase) == "nothing");
  }
}

TEST_CASE("phrases: a week without its day is not understood") {
  for (const std::string_view phrase : {"下周 9点", "周 9:00", "周10:00", "下星期8点", "下周 2026-03-20"}) {
    CAPTURE(phrase);
    CHECK(read(phrase) == "nothing");
  }
}

TEST_CASE("phrases: numbers that fit no date are not cut until they do") {
  for (const std::string_view phrase : {"2026-03-262", "2026-259-06", "67562-03-06", "2026-03-262 8:00"}) {
    CAPTURE(phrase);
    CHECK(read(phrase) == "nothing");
  }
}

TEST_CASE("phrases: parts of the day say which half of the clock is meant") {
  check_all({{"今天中午11点半", "2026-03-06 11:30"},
             {"明天晚上12点", "2026-03-08 00:00"},
             {"明天下午12点半", "2026-03-07 12:30"}});
}

TEST_CASE("phrases: a part of the day that contradicts its hour is not understood") {
  for (const std::string_view phrase :
       {"上午下午3点", "明天凌晨15点", "明天上午15点", "明天晚上0点", "明天下午0点"}) {
    CAPTURE(phrase);
    CHECK(read(phrase) == "nothing");
  }
}
