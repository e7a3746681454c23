#include "bot/desk/hearing.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "bot/platforms/sandbox/clock.hpp"

using bot::Address;
using bot::HearingChange;
using bot::Instant;
using bot::Milliseconds;
using namespace std::chrono_literals;

namespace {

using What = HearingChange::What;

const Address kGroup{"qq", "987654321", false};
const Address kOther{"qq", "5", false};

// 00:00 UTC of some day.
constexpr Instant kMidnight{std::chrono::days(20'000)};

/// Time passes in steps, as the desk's thread wakes; canaries are answered by what is in the history.
class Ears {
 public:
  Ears() { hearing.link_up("qq"); }

  void hears(const Address& where = kGroup) {
    history_ = clock.now();
    hearing.heard(where, clock.now());
  }
  /// Somebody writes in the group, and nothing of it arrives.
  void misses() { history_ = clock.now(); }
  void passes(Milliseconds time) {
    for (Milliseconds passed{0}; passed < time; passed += kWake) {
      clock.advance(std::min(kWake, time - passed));
      for (const Address& where : hearing.suspects()) answer(where);
      for (const HearingChange& change : hearing.changes()) changes.push_back(change);
    }
  }
  /// A message every `gap`, for `time`.
  void lively(Milliseconds time, Milliseconds gap) {
    for (Milliseconds passed{0}; passed < time; passed += gap) {
      hears();
      passes(gap);
    }
  }
  int told(What what, bool over = false) const {
    int count = 0;
    for (const HearingChange& change : changes) count += change.what == what && change.over == over ? 1 : 0;
    return count;
  }

  bot::TravelClock clock{kMidnight + 8h};
  bot::Hearing hearing{clock, 3min};
  std::vector<HearingChange> changes;
  std::vector<Address> canaries;
  bool has_history = true;

 private:
  static constexpr Milliseconds kWake = 10s;

  void answer(const Address& where) {
    canaries.push_back(where);
    if (has_history) {
      hearing.canary_answered(where, where == kGroup ? history_ : std::nullopt);
    } else {
      hearing.canary_failed(where);
    }
  }

  std::optional<Instant> history_;
};

}  // namespace

TEST_CASE("usual gap: it follows the messages, and one night is one gap") {
  bot::UsualGap gap;
  CHECK(gap.value() == 10min);
  gap.add(60s);
  CHECK(gap.value() == 60s);
  gap.add(9h);
  CHECK(gap.value() == 63s);
  for (int i = 0; i < 200; ++i) gap.add(5s);
  CHECK(gap.value() < 6s);
  CHECK(gap.value() >= 5s);
  for (int i = 0; i < 1000; ++i) gap.add(0ms);
  CHECK(gap.value() == 1s);
}

TEST_CASE("silent hours: known after most of such an hour, and the night's are long") {
  bot::SilentHours hours;
  CHECK_FALSE(hours.usual(kMidnight + 10h));
  for (auto at = kMidnight + 10h; at < kMidnight + 11h; at += 2min) hours.add(at, at + 2min);
  CHECK(hours.usual(kMidnight + 10h + 5min) == Milliseconds(2min));
  CHECK_FALSE(hours.usual(kMidnight + 11h));
  hours.add(kMidnight + 23h, kMidnight + 31h);
  CHECK(hours.usual(kMidnight + 27h) == Milliseconds(8h));
  CHECK(hours.usual(kMidnight + 3h) == Milliseconds(8h));
  CHECK_FALSE(hours.usual(kMidnight + 7h));
  hours.add(kMidnight + 24h * 30, kMidnight + 24h * 60);
  CHECK(*hours.usual(kMidnight + 7h) > Milliseconds(24h));
}

TEST_CASE("down: told once after three minutes, and its end once, a minute after the return") {
  Ears ears;
  ears.hearing.link_down("qq", "kicked");
  ears.passes(2min + 50s);
  CHECK(ears.changes.empty());
  ears.passes(1h);
  REQUIRE(ears.changes.size() == 1);
  CHECK(ears.changes[0].what == What::down);
  CHECK(ears.changes[0].reason == "kicked");
  CHECK(ears.changes[0].lasted == 3min);
  ears.hearing.link_up("qq");
  ears.passes(50s);
  CHECK(ears.changes.size() == 1);
  ears.passes(1h);
  REQUIRE(ears.told(What::down, true) == 1);
  CHECK(ears.changes[1].lasted == 1h + 2min + 50s);
}

TEST_CASE("down: a short break is nobody's business, a link that comes and goes is") {
  Ears ears;
  SUBCASE("short") {
    ears.hearing.link_down("qq", "reset");
    ears.passes(2min);
    ears.hearing.link_up("qq");
    ears.passes(1h);
    CHECK(ears.changes.empty());
  }
  SUBCASE("comes and goes") {
    for (int i = 0; i < 10; ++i) {
      ears.hearing.link_down("qq", "reset");
      ears.passes(40s);
      ears.hearing.link_up("qq");
      ears.passes(10s);
    }
    CHECK(ears.told(What::down) == 1);
    CHECK(ears.told(What::down, true) == 0);
  }
}

TEST_CASE("down: an account that never connects is told after a restart") {
  bot::TravelClock clock(kMidnight);
  bot::Hearing hearing(clock, 3min);
  hearing.link_down("qq", "not connected yet");
  CHECK(hearing.next_check() == clock.steady() + 3min);
  hearing.link_down("qq", "connect: refused");
  clock.advance(3min);
  CHECK(hearing.changes().size() == 1);
  CHECK(hearing.changes().empty());
}

TEST_CASE("canaries: none while messages come, then one every two minutes, of the liveliest groups in turn") {
  Ears ears;
  ears.hearing.joined(kOther);
  ears.hearing.joined({"qq", "6", false});
  ears.hears(kOther);
  ears.lively(1h, 20s);
  CHECK(ears.canaries.empty());
  ears.passes(40s);
  CHECK(ears.canaries.size() == 1);
  ears.passes(4min);
  CHECK(ears.canaries.size() == 3);
  CHECK(ears.canaries[0] != ears.canaries[1]);
  CHECK(ears.canaries[0] == ears.canaries[2]);
  CHECK(ears.changes.empty());
}

TEST_CASE("canaries: groups that are always quiet are left alone for four minutes, not for ever") {
  Ears ears;
  ears.lively(10h, 30min);
  ears.canaries.clear();
  ears.hears();
  ears.passes(3min + 50s);
  CHECK(ears.canaries.empty());
  ears.passes(10s);
  CHECK(ears.canaries.size() == 1);
  CHECK(ears.changes.empty());
}

TEST_CASE("canaries: none of an account that is down or in no group, and private chats are not read") {
  Ears ears;
  ears.hears({"qq", "12345678", true});
  ears.passes(1h);
  CHECK(ears.canaries.empty());
  ears.hearing.joined(kGroup);
  ears.hearing.link_down("qq", "reset");
  ears.passes(1h);
  CHECK(ears.canaries.empty());
}

TEST_CASE("deaf: what stands in the history and was not heard is told within five minutes, once") {
  Ears ears;
  Milliseconds gap{};
  SUBCASE("a lively group") {
    gap = 20s;
  }
  SUBCASE("a quiet one") {
    gap = 20min;
  }
  ears.lively(3h, gap);
  REQUIRE(ears.changes.empty());
  for (int i = 0; i < 60; ++i) {
    ears.misses();
    ears.passes(20s);
    if (i == 14) CHECK(ears.told(What::deaf) == 1);
  }
  REQUIRE(ears.changes.size() == 1);
  CHECK(ears.changes[0].where == kGroup);
  ears.hearing.link_down("qq", "logged in again");
  ears.passes(10s);
  ears.hearing.link_up("qq");
  ears.hears();
  ears.passes(10s);
  REQUIRE(ears.told(What::deaf, true) == 1);
  CHECK(ears.changes[1].lasted > 20min);
  ears.lively(1h, gap);
  CHECK(ears.changes.size() == 2);
}

TEST_CASE("deaf: a message that is still on its way is not missed") {
  Ears ears;
  ears.lively(1h, 20s);
  ears.passes(30s);
  ears.misses();
  ears.passes(20s);
  CHECK_FALSE(ears.canaries.empty());
  ears.hears();
  ears.passes(30min);
  CHECK(ears.changes.empty());
}

TEST_CASE("deaf: what was said while the link was down is no proof, what is said afterwards is") {
  Ears ears;
  ears.lively(1h, 20s);
  ears.hearing.link_down("qq", "reset");
  ears.passes(1min);
  ears.misses();
  ears.passes(1min);
  ears.hearing.link_up("qq");
  ears.passes(1h);
  CHECK(ears.changes.empty());
  ears.misses();
  ears.passes(5min);
  CHECK(ears.told(What::deaf) == 1);
}

TEST_CASE("deaf: after a restart the groups that were listed are enough") {
  Ears ears;
  ears.misses();
  for (int i = 0; i < 200; ++i) ears.hearing.joined({"qq", std::to_string(i), false});
  ears.hearing.joined({"qq", "0", false});
  ears.passes(10min);
  CHECK(ears.changes.empty());
  CHECK(ears.canaries.size() == 5);
}

TEST_CASE("a quiet night brings no alarm, with a history or without") {
  Ears ears;
  SUBCASE("history") {}
  SUBCASE("none") {
    ears.has_history = false;
  }
  for (int day = 0; day < 5; ++day) {
    ears.lively(14h + 40min, 1min);
    ears.passes(9h + 20min);
  }
  CHECK(ears.changes.empty());
}

TEST_CASE("silent: without a history, much longer than ever at this hour is told once, and its end") {
  Ears ears;
  ears.has_history = false;
  ears.lively(14h, 1min);
  ears.passes(10h);
  ears.lively(4h, 1min);
  REQUIRE(ears.changes.empty());
  ears.passes(29min);
  CHECK(ears.changes.empty());
  ears.passes(5h);
  REQUIRE(ears.changes.size() == 1);
  CHECK(ears.changes[0].what == What::silent);
  ears.hears();
  ears.passes(10s);
  REQUIRE(ears.told(What::silent, true) == 1);
  CHECK(ears.changes[1].lasted > 5h);
}

TEST_CASE("silent: not where the history can be read, and not on the first day") {
  Ears ears;
  SUBCASE("history") {
    ears.lively(14h, 1min);
    ears.passes(10h);
  }
  SUBCASE("first day") {
    ears.has_history = false;
  }
  ears.lively(2h + 10min, 1min);
  ears.passes(3h);
  CHECK(ears.changes.empty());
}

TEST_CASE("a history that cannot be read is asked for less and less") {
  Ears ears;
  ears.has_history = false;
  ears.hears();
  ears.passes(24h);
  CHECK(ears.canaries.size() < 30);
}

TEST_CASE("a flood teaches nothing wrong and takes bounded memory") {
  Ears ears;
  for (int i = 0; i < 10'000; ++i) ears.hearing.heard(kGroup, ears.clock.now());
  ears.passes(1min - 10s);
  CHECK(ears.canaries.empty());
  for (int i = 0; i < 50'000; ++i) ears.hearing.heard({"qq", std::to_string(i), false}, ears.clock.now());
  ears.passes(10min);
  CHECK(ears.canaries.size() == 5);
}

TEST_CASE("every account is told for itself") {
  Ears ears;
  ears.hearing.link_up("qq2");
  ears.hearing.link_down("qq", "kicked");
  ears.passes(10min);
  REQUIRE(ears.changes.size() == 1);
  const bot::Alarm alarm = bot::alarm_of(ears.changes[0]);
  CHECK(alarm.kind == "down");
  CHECK(alarm.account == "qq");
  CHECK(bot::said_of(ears.changes[0]).key == "alarm.down");
}
