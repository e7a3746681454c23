#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/due_plan.hpp"

using bot::Address;
using bot::Due;
using bot::Instant;
using namespace support;
using namespace std::chrono_literals;

namespace {

const Address kGroup{"qq", "1", false};
const Address kOther{"qq", "2", false};
const Address kPrivate{"qq", "li", true};

/// What chats plan, each change in its own transaction.
struct Chats : Plan {
  explicit Chats(Instant now = march(6, 7h)) { start(now); }

  std::int64_t plan(const bot::Push& push, Instant now, const Address& where = kGroup) {
    std::int64_t number = 0;
    change([&] { number = list->plan(*db, where, push, "li", now); });
    return number;
  }
  bool replan(std::int64_t number, const bot::Push& push, Instant now, const Address& where = kGroup) {
    bool found = false;
    change([&] { found = list->replan(*db, where, number, push, now); });
    return found;
  }
  bool pause(std::int64_t number, Instant now) {
    bool found = false;
    change([&] { found = list->pause(*db, kGroup, number, now); });
    return found;
  }
  bool resume(std::int64_t number, Instant now) {
    bool found = false;
    change([&] { found = list->resume(*db, kGroup, number, now); });
    return found;
  }
  bool cancel(std::int64_t number, Instant now) {
    bool found = false;
    change([&] { found = list->cancel(*db, kGroup, number, now); });
    return found;
  }
  void change(const std::function<void()>& what) {
    bot::sql::Transaction transaction(*db);
    what();
    transaction.commit();
  }

  /// What is due is put into the outbox, as the desk does.
  void send_due(Instant now) {
    bot::sql::Transaction transaction(*db);
    for (const Due& due : list->due(now)) {
      bot::Delivery delivery(due.target, bot::Message(due.push->subject));
      delivery.expires = due.expires;
      outbox.plan(*db, delivery, now);
      book(due, now, delivery.outbox);
      outbox.enqueue(std::move(delivery));
    }
    transaction.commit();
  }
  /// The texts that leave once the account is online.
  Lines left(Instant now) {
    outbox.link_up("qq");
    Lines texts;
    bot::sql::Transaction transaction(*db);
    for (const bot::Delivery& delivery : outbox.release(*db, now, bot::SteadyTime(1000h))) {
      texts.push_back(delivery.message.plain());
    }
    transaction.commit();
    return texts;
  }

  bot::Limits sending{};
  bot::Outbox outbox{sending, 1};
};

Lines described(const std::vector<bot::Scheduled>& all) {
  Lines lines;
  for (const bot::Scheduled& each : all) {
    lines.push_back(std::to_string(each.number) + " " + each.push->subject + (each.paused ? " paused" : ""));
  }
  return lines;
}

}  // namespace

TEST_CASE("changes: what a chat plans falls due there, also after a restart") {
  Chats chats;
  bot::Push rich = daily(8h, "rich");
  rich.person = "li";
  rich.sharp = true;
  rich.urgent = true;
  rich.catch_up = 30min;
  rich.expires = rich.catch_up;
  CHECK(chats.plan(rich, march(6, 7h)) == 1);
  CHECK(chats.plan(daily(8h, "private"), march(6, 7h), kPrivate) == 1);
  CHECK(chats.list->next(march(6, 7h)) == march(6, 8h));
  CHECK(chats.run(march(6, 8h)).size() == 2);
  chats.checked(march(6, 8h));
  chats.start(march(6, 9h));
  CHECK(chats.walk(march(6, 9h), march(7, 8h)).size() == 2);
  CHECK(chats.ledger() == Lines{"2026-03-06 1 T1 planned ", "2026-03-06 li private:T1 planned ",
                                "2026-03-07 1 T1 planned ", "2026-03-07 li private:T1 planned "});
  const auto all = chats.list->scheduled(*chats.db, kGroup);
  REQUIRE(all.size() == 1);
  CHECK(*all[0].push == rich);
  CHECK(all[0].by == "li");
}

TEST_CASE("changes: after another hour the old one never speaks again (P10)") {
  Chats chats;
  chats.plan(daily(8h, "old"), march(6, 7h));
  CHECK(chats.replan(1, daily(9h, "new"), march(6, 7h + 30min)));
  SUBCASE("at once") {}
  SUBCASE("after a restart") {
    chats.start(march(6, 7h + 40min));
  }
  CHECK(chats.run(march(6, 8h)) == Lines{});
  CHECK(chats.run(march(6, 9h)) == Lines{"2026-03-06 1 new"});
  CHECK(chats.walk(march(6, 9h), march(7, 12h)) == Lines{"2026-03-07 1 new"});
}

TEST_CASE("changes: the old one does not speak either when it waited for the group's offset (P10)") {
  for (const int what : {0, 1, 2}) {
    CAPTURE(what);
    Chats chats;
    chats.limits.stagger = 90s;
    chats.start(march(6, 7h));
    chats.plan(daily(8h, "old"), march(6, 7h));
    CHECK(chats.run(march(6, 8h)) == Lines{});
    CHECK(chats.list->next(march(6, 8h)) > march(6, 8h));
    CHECK(chats.list->next(march(6, 8h)) <= march(6, 8h) + 90s);
    if (what == 0) CHECK(chats.replan(1, daily(9h, "new"), march(6, 8h)));
    if (what == 1) CHECK(chats.pause(1, march(6, 8h)));
    if (what == 2) CHECK(chats.cancel(1, march(6, 8h)));
    CHECK(chats.run(march(6, 8h) + 90s) == Lines{});
    CHECK(chats.run(march(6, 9h) + 90s) == (what == 0 ? Lines{"2026-03-06 1 new"} : Lines{}));
  }
}

TEST_CASE("changes: nor when its message waited in the outbox: it is withdrawn (P10)") {
  for (const int what : {0, 1, 2}) {
    CAPTURE(what);
    Chats chats;
    chats.plan(daily(8h, "old"), march(6, 7h));
    chats.plan(daily(8h, "other"), march(6, 7h));
    chats.send_due(march(6, 8h));
    if (what == 0) CHECK(chats.replan(1, daily(9h, "new"), march(6, 8h + 1min)));
    if (what == 1) CHECK(chats.pause(1, march(6, 8h + 1min)));
    if (what == 2) CHECK(chats.cancel(1, march(6, 8h + 1min)));
    CHECK(chats.left(march(6, 8h + 2min)) == Lines{"other"});
    const auto rows = chats.db->query("SELECT state, reason FROM outbox WHERE body = 'old'");
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].text(0) == "missed");
    CHECK(rows[0].text(1) == "withdrawn");
  }
}

TEST_CASE("changes: what has been said today is not said again after a change (P10)") {
  Chats chats;
  chats.plan(daily(8h, "old"), march(6, 7h));
  CHECK(chats.run(march(6, 8h)).size() == 1);
  SUBCASE("of the hour") {
    CHECK(chats.replan(1, daily(9h, "old"), march(6, 8h + 1min)));
  }
  SUBCASE("of the hour, twice") {
    CHECK(chats.replan(1, daily(10h, "old"), march(6, 8h + 1min)));
    CHECK(chats.replan(1, daily(9h, "old"), march(6, 8h + 2min)));
  }
  SUBCASE("to resumed") {
    CHECK(chats.pause(1, march(6, 7h + 50min)));
    CHECK(chats.resume(1, march(6, 7h + 55min)));
  }
  CHECK(chats.walk(march(6, 8h + 3min), march(6, 23h)) == Lines{});
  CHECK(chats.walk(march(6, 23h), march(7, 12h)) == Lines{"2026-03-07 1 old"});
}

TEST_CASE("changes: what fell into a pause is not owed") {
  Chats chats;
  chats.plan(daily(8h), march(6, 7h));
  CHECK(chats.pause(1, march(6, 7h)));
  CHECK(chats.run(march(7, 12h)) == Lines{});
  CHECK(described(chats.list->scheduled(*chats.db, kGroup)) == Lines{"1 daily paused"});
  SUBCASE("while it runs") {}
  SUBCASE("across restarts") {
    chats.checked(march(7, 12h));
    chats.start(march(8, 8h + 30min));
    CHECK(chats.run(march(8, 8h + 30min)) == Lines{});
  }
  CHECK(chats.resume(1, march(8, 8h + 45min)));
  CHECK(chats.walk(march(8, 8h + 45min), march(9, 8h)) == Lines{"2026-03-09 1 daily"});
  CHECK(chats.ledger().size() == 1);
}

TEST_CASE("changes: what was planned, changed or resumed while nobody looked owes only what came after") {
  Chats chats;
  chats.checked(march(6, 7h));
  chats.plan(push(every_day({8h, 8h + 20min})), march(6, 8h + 10min));
  chats.start(march(6, 8h + 30min));
  CHECK(chats.run(march(6, 8h + 30min)) == Lines{"2026-03-06#2 1 daily"});
}

TEST_CASE("changes: numbers count per chat and are never given twice") {
  Chats chats;
  CHECK(chats.plan(daily(8h, "a"), march(6, 7h)) == 1);
  CHECK(chats.plan(daily(8h, "b"), march(6, 7h)) == 2);
  CHECK(chats.plan(daily(8h, "c"), march(6, 7h), kOther) == 1);
  CHECK(chats.cancel(2, march(6, 7h)));
  CHECK(chats.plan(daily(8h, "d"), march(6, 7h)) == 3);
  chats.start(march(6, 7h));
  CHECK(chats.cancel(3, march(6, 7h)));
  CHECK(chats.plan(daily(8h, "e"), march(6, 7h)) == 4);
  CHECK(described(chats.list->scheduled(*chats.db, kGroup)) == Lines{"1 a", "4 e"});
}

TEST_CASE("changes: what was cancelled stays cancelled, and planned again it is another") {
  Chats chats;
  chats.plan(daily(8h, "a"), march(6, 7h));
  CHECK(chats.cancel(1, march(6, 7h)));
  CHECK_FALSE(chats.resume(1, march(6, 7h)));
  CHECK_FALSE(chats.pause(1, march(6, 7h)));
  CHECK_FALSE(chats.cancel(1, march(6, 7h)));
  CHECK_FALSE(chats.replan(1, daily(9h), march(6, 7h)));
  CHECK(chats.plan(daily(8h, "a"), march(6, 7h)) == 2);
  CHECK(chats.run(march(6, 8h)) == Lines{"2026-03-06 1 a"});
  CHECK(chats.ledger() == Lines{"2026-03-06 1 T2 planned "});
}

TEST_CASE("changes: a number of another chat, or none, changes nothing") {
  Chats chats;
  chats.plan(daily(8h, "a"), march(6, 7h));
  CHECK_FALSE(chats.replan(1, daily(9h), march(6, 7h), kOther));
  CHECK_FALSE(chats.replan(1, daily(9h), march(6, 7h), {"qq", "1", true}));
  CHECK_FALSE(chats.pause(2, march(6, 7h)));
  CHECK_FALSE(chats.resume(0, march(6, 7h)));
  CHECK_FALSE(chats.cancel(-1, march(6, 7h)));
  CHECK(chats.run(march(6, 8h)) == Lines{"2026-03-06 1 a"});
}

TEST_CASE("changes: a place that was given up is taken by the next without its past") {
  Chats chats;
  for (std::int64_t number = 1; number <= 20; ++number) {
    const bool even = number % 2 == 0;
    CHECK(chats.plan(daily(even ? 8h : 9h, std::to_string(number)), march(6, 7h)) == number);
    if (number > 1) CHECK(chats.cancel(number - 1, march(6, 7h)));
  }
  CHECK(chats.walk(march(6, 7h), march(6, 10h)) == Lines{"2026-03-06 1 20"});
}

TEST_CASE("changes: what was rolled back is forgotten") {
  Chats chats;
  chats.plan(daily(8h, "kept"), march(6, 7h));
  const auto rolled_back = [&](const std::function<void()>& what, Instant now) {
    {
      const bot::sql::Transaction transaction(*chats.db);
      what();
    }
    chats.list->reread(*chats.db, kGroup, now);
  };
  SUBCASE("a plan") {
    rolled_back([&] { chats.list->plan(*chats.db, kGroup, daily(8h, "new"), "li", march(6, 7h)); },
                march(6, 7h));
  }
  SUBCASE("another hour") {
    rolled_back([&] { chats.list->replan(*chats.db, kGroup, 1, daily(7h + 30min, "new"), march(6, 7h)); },
                march(6, 7h));
  }
  SUBCASE("an end") {
    rolled_back([&] { chats.list->cancel(*chats.db, kGroup, 1, march(6, 7h)); }, march(6, 7h));
  }
  CHECK(chats.walk(march(6, 7h), march(6, 10h)) == Lines{"2026-03-06 1 kept"});
  CHECK(described(chats.list->scheduled(*chats.db, kGroup)) == Lines{"1 kept"});
  CHECK(chats.plan(daily(8h, "next"), march(6, 11h)) == 2);
}

TEST_CASE("changes: a change that was rolled back loses nothing that waits for the group's offset (P2)") {
  Chats chats;
  chats.limits.stagger = 90s;
  chats.start(march(6, 7h));
  chats.plan(daily(8h, "kept"), march(6, 7h));
  CHECK(chats.run(march(6, 8h)) == Lines{});
  {
    const bot::sql::Transaction transaction(*chats.db);
    chats.list->replan(*chats.db, kGroup, 1, daily(9h, "new"), march(6, 8h));
  }
  chats.list->reread(*chats.db, kGroup, march(6, 8h));
  CHECK(chats.run(march(6, 8h) + 90s) == Lines{"2026-03-06 1 kept"});
  CHECK(chats.walk(march(6, 8h) + 90s, march(7, 7h)) == Lines{});
}

TEST_CASE("changes: a change of one leaves the others as they are") {
  Chats chats;
  chats.limits.stagger = 90s;
  chats.start(march(6, 7h));
  chats.plan(daily(8h, "a"), march(6, 7h));
  chats.plan(daily(8h, "b"), march(6, 7h));
  chats.plan(daily(8h, "c"), march(6, 7h), kOther);
  CHECK(chats.run(march(6, 8h)) == Lines{});
  CHECK(chats.cancel(1, march(6, 8h)));
  CHECK(chats.run(march(6, 8h) + 90s).size() == 2);
}

TEST_CASE("changes: the schedules of a chat are its own by number, then those of its file") {
  Chats chats;
  chats.groups.add(profile("1", {daily(8h, "file")}));
  chats.start(march(6, 7h));
  chats.plan(daily(9h, "mine"), march(6, 7h));
  chats.plan(daily(9h, "private"), march(6, 7h), kPrivate);
  CHECK(described(chats.list->scheduled(*chats.db, kGroup)) == Lines{"1 mine", "0 file"});
  CHECK(described(chats.list->scheduled(*chats.db, kOther)) == Lines{});
  CHECK(described(chats.list->scheduled(*chats.db, kPrivate)) == Lines{"1 private"});
}

TEST_CASE("changes: the coming times leave out what the ledger has") {
  Chats chats;
  chats.groups.add(profile("1", {daily(8h, "file")}));
  chats.start(march(6, 7h));
  chats.plan(daily(9h, "mine"), march(6, 7h));
  CHECK(chats.run(march(6, 9h)).size() == 2);
  const auto all = chats.list->scheduled(*chats.db, kGroup);
  REQUIRE(all.size() == 2);
  const auto coming = [&](const bot::Scheduled& each) {
    return chats.list->coming(*chats.db, each, march(6, 7h), 2);
  };
  CHECK(coming(all[0]) == std::vector<Instant>{march(7, 9h), march(8, 9h)});
  CHECK(coming(all[1]) == std::vector<Instant>{march(7, 8h), march(8, 8h)});
}

TEST_CASE("changes: what was for once is over when it was said") {
  Chats chats;
  schedules::Rule once = every_day({8h});
  once.days =
      schedules::Once{schedules::Day{std::chrono::floor<std::chrono::days>(support::wall(2026, 3, 6, 8h))}};
  chats.plan(push(once, "once"), march(6, 7h));
  CHECK(chats.walk(march(6, 7h), march(9, 7h)) == Lines{"2026-03-06 1 once"});
  CHECK(chats.list->next(march(9, 7h)) == Instant::max());
  CHECK(chats.list->scheduled(*chats.db, kGroup).empty());
}
