#include "bot/desk/circuit.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>

#include "bot/desk/refused_chats.hpp"

using bot::Address;
using bot::Circuit;
using bot::Limits;
using bot::Priority;
using bot::RefusedChats;
using bot::SteadyTime;
using namespace std::chrono_literals;

namespace {

constexpr SteadyTime kStart{1000h};
const Address kGroup{"qq", "1", false};
const Address kOther{"qq", "2", false};
const Address kPrivate{"qq", "li", true};

Limits limits_with(std::optional<std::int64_t> failures, std::optional<Limits::Duration> pause) {
  Limits limits;
  limits.failures = failures;
  limits.pause = pause;
  return limits;
}

/// After three failures at kStart.
Circuit opened() {
  Circuit circuit(limits_with(3, 30min));
  for (int i = 0; i < 3; ++i) circuit.failed(kStart);
  return circuit;
}

}  // namespace

TEST_CASE("circuit: failures in a row open it, which is told once") {
  Circuit circuit(limits_with(3, 30min));
  CHECK_FALSE(circuit.failed(kStart));
  CHECK_FALSE(circuit.failed(kStart + 1s));
  CHECK(circuit.ready_at(Priority::push, kStart + 1s) == kStart + 1s);
  CHECK(circuit.failed(kStart + 2s));
  CHECK(circuit.open());
  CHECK_FALSE(circuit.failed(kStart + 3s));
}

TEST_CASE("circuit: a success in between begins the row anew") {
  Circuit circuit(limits_with(2, 30min));
  for (int i = 0; i < 10; ++i) {
    CHECK_FALSE(circuit.failed(kStart));
    CHECK_FALSE(circuit.succeeded());
  }
  CHECK_FALSE(circuit.open());
}

TEST_CASE("circuit: an open one lets nothing but urgent messages pass") {
  const Circuit circuit = opened();
  for (const Priority priority : {Priority::reply, Priority::merged, Priority::push}) {
    CHECK(circuit.ready_at(priority, kStart + 1min) == kStart + 30min);
  }
  CHECK(circuit.ready_at(Priority::urgent, kStart + 1min) == kStart + 1min);
  CHECK(circuit.ready_at(Priority::push, kStart + 31min) == kStart + 31min);
}

TEST_CASE("circuit: after the pause one message is tried, and none beside it") {
  Circuit circuit = opened();
  const SteadyTime trial = kStart + 30min;
  circuit.began(trial);
  CHECK(circuit.ready_at(Priority::reply, trial) == trial + 30min);
  CHECK(circuit.succeeded());
  CHECK_FALSE(circuit.succeeded());
  CHECK(circuit.ready_at(Priority::push, trial) == trial);
}

TEST_CASE("circuit: a trial that fails begins another pause and is not told again") {
  Circuit circuit = opened();
  circuit.began(kStart + 30min);
  CHECK_FALSE(circuit.failed(kStart + 31min));
  CHECK(circuit.open());
  CHECK(circuit.ready_at(Priority::reply, kStart + 31min) == kStart + 61min);
}

TEST_CASE("circuit: an urgent message during the pause does not prolong it, but its success ends it") {
  Circuit circuit = opened();
  circuit.began(kStart + 10min);
  CHECK(circuit.ready_at(Priority::reply, kStart + 10min) == kStart + 30min);
  CHECK(circuit.succeeded());
  CHECK_FALSE(circuit.open());
}

TEST_CASE("circuit: off is off") {
  Circuit never(limits_with(std::nullopt, 30min));
  for (int i = 0; i < 100; ++i) CHECK_FALSE(never.failed(kStart));
  CHECK(never.ready_at(Priority::push, kStart) == kStart);
  Circuit without_pause(limits_with(1, std::nullopt));
  CHECK(without_pause.failed(kStart));
  CHECK(without_pause.ready_at(Priority::push, kStart) == kStart);
}

TEST_CASE("refused chats: one refused attempt, then nothing without a sign") {
  RefusedChats refused;
  refused.began(kGroup, kStart);
  CHECK(refused.ready_at(kGroup, kStart) == kStart);
  CHECK(refused.refused(kGroup, "removed", kStart));
  CHECK(refused.ready_at(kGroup, kStart + 1000h) == SteadyTime::max());
  CHECK(refused.ready_at(kOther, kStart) == kStart);
  CHECK(refused.ready_at({"other", "1", false}, kStart) == kStart);
  CHECK(refused.all().at(kGroup).reason == "removed");
}

TEST_CASE("refused chats: while people speak there it is tried once a day") {
  RefusedChats refused;
  refused.refused(kGroup, "muted", kStart);
  refused.heard(kGroup);
  CHECK(refused.ready_at(kGroup, kStart + 1min) == kStart + 24h);
  CHECK(refused.ready_at(kGroup, kStart + 25h) == kStart + 25h);
  refused.began(kGroup, kStart + 25h);
  CHECK(refused.ready_at(kGroup, kStart + 25h) == SteadyTime::max());
  CHECK_FALSE(refused.refused(kGroup, "still muted", kStart + 25h));
  CHECK(refused.ready_at(kGroup, kStart + 50h) == SteadyTime::max());
  refused.heard(kGroup);
  CHECK(refused.ready_at(kGroup, kStart + 26h) == kStart + 49h);
  CHECK(refused.all().at(kGroup).reason == "still muted");
}

TEST_CASE("refused chats: a success ends the pause, which is told once") {
  RefusedChats refused;
  CHECK_FALSE(refused.accepted(kGroup));
  refused.refused(kGroup, "muted", kStart);
  CHECK(refused.accepted(kGroup));
  CHECK_FALSE(refused.accepted(kGroup));
  CHECK(refused.all().empty());
}

TEST_CASE("refused chats: a lifted mute ends the pause at once") {
  RefusedChats refused;
  refused.refused(kGroup, "muted", kStart);
  refused.restored(kGroup);
  CHECK(refused.ready_at(kGroup, kStart) == kStart);
}

TEST_CASE("refused chats: a group that is gone from the list and back again is free") {
  RefusedChats refused;
  refused.refused(kGroup, "removed", kStart);
  refused.refused(kOther, "muted", kStart);
  refused.listed("other", {});
  refused.listed("qq", {"2"});
  CHECK(refused.ready_at(kGroup, kStart + 1s) == SteadyTime::max());
  CHECK(refused.ready_at(kOther, kStart + 1s) == kStart + 24h);
  refused.listed("qq", {"1", "2"});
  CHECK(refused.ready_at(kGroup, kStart + 1s) == kStart + 1s);
  CHECK(refused.ready_at(kOther, kStart + 1s) == kStart + 24h);
}

TEST_CASE("refused chats: who writes in private can be written to") {
  RefusedChats refused;
  refused.refused(kPrivate, "closed", kStart);
  refused.listed("qq", {});
  CHECK(refused.ready_at(kPrivate, kStart) == SteadyTime::max());
  refused.heard(kPrivate);
  CHECK(refused.ready_at(kPrivate, kStart) == kStart);
}

TEST_CASE("refused chats: an announced mute pauses without an attempt, until its end") {
  RefusedChats refused;
  CHECK(refused.muted(kGroup, kStart + 1h, kStart));
  CHECK_FALSE(refused.muted(kGroup, kStart + 2h, kStart));
  refused.heard(kGroup);
  CHECK(refused.ready_at(kGroup, kStart) == kStart + 2h);
  refused.end_mutes(kStart + 2h - 1ms);
  CHECK(refused.all().size() == 1);
  refused.end_mutes(kStart + 2h);
  CHECK(refused.all().empty());
}

TEST_CASE("refused chats: a short mute is not told, a refusal after it is") {
  RefusedChats refused;
  CHECK_FALSE(refused.muted(kGroup, kStart + 9min, kStart));
  CHECK_FALSE(refused.refused(kGroup, "muted", kStart + 1min));
  CHECK(refused.ready_at(kGroup, kStart + 1min) == kStart + 9min);
  refused.began(kGroup, kStart + 9min);
  CHECK(refused.refused(kGroup, "still muted", kStart + 9min));
  CHECK(refused.ready_at(kGroup, kStart + 1000h) == SteadyTime::max());
  CHECK_FALSE(refused.muted(kOther, kStart + 9min, kStart));
  CHECK_FALSE(refused.restored(kOther));
}

TEST_CASE("refused chats: what had left before a mute does not end it") {
  RefusedChats refused;
  refused.muted(kGroup, kStart + 1h, kStart);
  CHECK_FALSE(refused.accepted(kGroup));
  CHECK(refused.ready_at(kGroup, kStart) == kStart + 1h);
  CHECK_FALSE(refused.group_unmuted(kGroup));
  CHECK(refused.ready_at(kGroup, kStart) == kStart + 1h);
  CHECK(refused.restored(kGroup));
  CHECK(refused.ready_at(kGroup, kStart) == kStart);
}

TEST_CASE("refused chats: a removal is told once, also after a mute, and ends with the list") {
  RefusedChats refused;
  refused.muted(kGroup, kStart + 1h, kStart);
  CHECK(refused.removed(kGroup, kStart));
  CHECK_FALSE(refused.removed(kGroup, kStart));
  CHECK_FALSE(refused.refused(kGroup, "removed", kStart));
  CHECK_FALSE(refused.group_unmuted(kGroup));
  CHECK(refused.ready_at(kGroup, kStart + 1000h) == SteadyTime::max());
  refused.listed("qq", {"1"});
  CHECK(refused.ready_at(kGroup, kStart) == kStart);
}
