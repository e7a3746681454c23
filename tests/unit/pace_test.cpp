#include "bot/desk/pace.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

using bot::Address;
using bot::Bucket;
using bot::Limits;
using bot::Pace;
using bot::Priority;
using bot::Random;
using bot::Rate;
using bot::SteadyTime;
using bot::Window;
using namespace std::chrono_literals;

namespace {

constexpr SteadyTime kStart{1000h};
const Address kGroup{"qq", "1", false};
const Address kOther{"qq", "2", false};

/// Nothing but what a test is about.
Limits limits_with(std::optional<Rate> per_account, std::optional<std::int64_t> reserve,
                   std::optional<Limits::Duration> jitter) {
  Limits limits;
  limits.per_group = std::nullopt;
  limits.per_account = per_account;
  limits.reserve = reserve;
  limits.jitter = jitter;
  return limits;
}

/// When each of `count` messages leaves that waits for no more than the pace.
std::vector<SteadyTime> departures(Pace& pace, const Address& chat, Priority priority, std::size_t count) {
  std::vector<SteadyTime> times;
  SteadyTime now = kStart;
  while (times.size() < count) {
    now = std::max(now, pace.ready_at(chat, priority, now));
    pace.spend(chat, now);
    times.push_back(now);
  }
  return times;
}

std::size_t most_within(const std::vector<SteadyTime>& times, std::chrono::nanoseconds window) {
  std::ptrdiff_t most = 0;
  for (auto from = times.begin(); from != times.end(); ++from) {
    most = std::max(most, std::lower_bound(from, times.end(), *from + window) - from);
  }
  return static_cast<std::size_t>(most);
}

}  // namespace

TEST_CASE("bucket: a burst of its count, then one after the other") {
  Bucket bucket(Rate{3, 3s}, kStart);
  for (int i = 0; i < 3; ++i) {
    CHECK(bucket.ready_at(kStart) <= kStart);
    bucket.spend(kStart);
  }
  CHECK(bucket.ready_at(kStart) == kStart + 1s);
  bucket.spend(kStart + 1s);
  CHECK(bucket.ready_at(kStart + 1s) == kStart + 2s);
}

TEST_CASE("bucket: it fills up over its window and not beyond") {
  Bucket bucket(Rate{3, 3s}, kStart);
  CHECK(bucket.full(kStart));
  bucket.spend(kStart);
  CHECK_FALSE(bucket.full(kStart + 1s - 1ns));
  CHECK(bucket.full(kStart + 1s));
  const SteadyTime later = kStart + 1000h;
  for (int i = 0; i < 3; ++i) bucket.spend(later);
  CHECK(bucket.ready_at(later) == later + 1s);
}

TEST_CASE("bucket: a count that does not divide its window is not exceeded") {
  Bucket bucket(Rate{7, 1s}, kStart);
  SteadyTime now = kStart;
  for (int i = 0; i < 14; ++i) {
    now = std::max(now, bucket.ready_at(now));
    bucket.spend(now);
  }
  CHECK(now >= kStart + 1s - 1us);
}

TEST_CASE("pace: chats and accounts are counted apart") {
  Pace pace(Rate{1, 3s}, Rate{2, 60s});
  CHECK(pace.chat_ready_at(kGroup, kStart) == kStart);
  pace.spend(kGroup, kStart);
  CHECK(pace.chat_ready_at(kGroup, kStart) == kStart + 3s);
  CHECK(pace.chat_ready_at(kOther, kStart) == kStart);
  CHECK(pace.chat_ready_at({"qq", "1", true}, kStart) == kStart);
  CHECK(pace.account_ready_at("qq", kStart) <= kStart);
  pace.spend(kOther, kStart);
  CHECK(pace.account_ready_at("qq", kStart) == kStart + 30s);
  CHECK(pace.account_ready_at("other", kStart) == kStart);
}

TEST_CASE("pace: off is off") {
  Pace pace(std::nullopt, std::nullopt);
  for (int i = 0; i < 100; ++i) pace.spend(kGroup, kStart);
  CHECK(pace.chat_ready_at(kGroup, kStart) == kStart);
  CHECK(pace.account_ready_at("qq", kStart) == kStart);
}

TEST_CASE("pace: among very many chats a busy one is not forgotten") {
  Pace pace(Rate{1, 60s}, std::nullopt);
  for (int i = 0; i < 20'000; ++i) pace.spend({"qq", "old" + std::to_string(i), false}, kStart);
  const SteadyTime now = kStart + 61s;
  pace.spend(kGroup, now);
  for (int i = 0; i < 20'001; ++i) pace.spend({"qq", "new" + std::to_string(i), false}, now);
  CHECK(pace.chat_ready_at(kGroup, now) == now + 60s);
}

TEST_CASE("window: never more than its count, whatever the moment") {
  Window window(Rate{3, 10s});
  for (int i = 0; i < 3; ++i) {
    CHECK(window.ready_at(kStart + i * 1s) == kStart + i * 1s);
    window.spend(kStart + i * 1s);
  }
  CHECK(window.ready_at(kStart + 3s) == kStart + 10s);
  CHECK_FALSE(window.full(kStart + 12s - 1ns));
  CHECK(window.full(kStart + 12s));
  window.spend(kStart + 10s);
  CHECK(window.ready_at(kStart + 10s) == kStart + 11s);
}

TEST_CASE("pace: a platform's cap is never exceeded, though the settings would allow it") {
  Pace pace(Rate{10, 10s}, std::nullopt);
  pace.cap("wecom", {{Rate{20, 60s}}, {}});
  const auto capped = departures(pace, {"wecom", "1", false}, Priority::reply, 100);
  CHECK(most_within(capped, 60s) == 20);
  CHECK(most_within(departures(pace, kGroup, Priority::reply, 200), 60s) > 60);
}

TEST_CASE("pace: a setting that is stricter than the platform's cap holds") {
  Pace pace(Rate{1, 3s}, std::nullopt);
  pace.cap("qq", {{Rate{100, 60s}}, {Rate{1000, 60s}}});
  const auto times = departures(pace, kGroup, Priority::reply, 10);
  CHECK(times.back() == kStart + 27s);
}

TEST_CASE("pace: a cap of an account counts all its chats") {
  Pace pace(std::nullopt, std::nullopt);
  pace.cap("qq", {{}, {Rate{2, 60s}}});
  pace.spend(kGroup, kStart);
  pace.spend(kOther, kStart + 1s);
  CHECK(pace.ready_at(kGroup, Priority::urgent, kStart + 2s) == kStart + 60s);
  CHECK(pace.ready_at({"other", "1", false}, Priority::push, kStart) == kStart);
}

TEST_CASE("pace: pushes leave a reserve to answers") {
  Pace pace(limits_with(Rate{10, 60s}, 20, std::nullopt), Random(1));
  for (int i = 0; i < 8; ++i) {
    CHECK(pace.ready_at(kGroup, Priority::push, kStart) <= kStart);
    pace.spend(kGroup, kStart);
  }
  CHECK(pace.ready_at(kGroup, Priority::push, kStart) == kStart + 6s);
  for (const Priority priority : {Priority::urgent, Priority::reply}) {
    CHECK(pace.ready_at(kGroup, priority, kStart) <= kStart);
    pace.spend(kGroup, kStart);
  }
  CHECK(pace.ready_at(kGroup, Priority::merged, kStart) == kStart + 6s);
  CHECK(pace.ready_at(kGroup, Priority::push, kStart) == kStart + 18s);
}

TEST_CASE("pace: the highest reserve of a small share still lets a push pass") {
  for (const std::int64_t count : {1, 2, 3}) {
    Pace pace(limits_with(Rate{count, 60s}, 99, std::nullopt), Random(1));
    pace.spend(kGroup, kStart);
    CHECK(pace.ready_at(kGroup, Priority::push, kStart + 60s) <= kStart + 60s);
  }
}

TEST_CASE("pace: after each message of an account a pause of chance length") {
  Pace pace(limits_with(std::nullopt, std::nullopt, 500ms), Random(7));
  const auto times = departures(pace, kGroup, Priority::reply, 200);
  std::vector<std::chrono::nanoseconds> gaps;
  for (std::size_t i = 1; i < times.size(); ++i) gaps.push_back(times[i] - times[i - 1]);
  const auto [shortest, longest] = std::ranges::minmax(gaps);
  CHECK(shortest >= 0ms);
  CHECK(shortest < 50ms);
  CHECK(longest <= 500ms);
  CHECK(longest > 450ms);
}

TEST_CASE("pace: the same seed, the same pauses") {
  Pace one(limits_with(std::nullopt, std::nullopt, 500ms), Random(7));
  Pace same(limits_with(std::nullopt, std::nullopt, 500ms), Random(7));
  Pace another(limits_with(std::nullopt, std::nullopt, 500ms), Random(8));
  const auto times = departures(one, kGroup, Priority::reply, 20);
  CHECK(times == departures(same, kGroup, Priority::reply, 20));
  CHECK(times != departures(another, kGroup, Priority::reply, 20));
}

TEST_CASE(
    "pace: a platform that says how long to wait is believed between a second and a quarter of an hour") {
  Pace pace(std::nullopt, std::nullopt);
  pace.hold_account("qq", 0ms, kStart);
  CHECK(pace.ready_at(kGroup, Priority::urgent, kStart) == kStart + 1s);
  pace.hold_account("qq", 30s, kStart);
  CHECK(pace.ready_at(kOther, Priority::urgent, kStart) == kStart + 30s);
  pace.hold_account("qq", 5s, kStart);
  CHECK(pace.ready_at(kOther, Priority::urgent, kStart) == kStart + 30s);
  pace.hold_account("qq", 24h, kStart);
  CHECK(pace.ready_at(kOther, Priority::urgent, kStart) == kStart + 15min);
  CHECK(pace.ready_at({"other", "1", false}, Priority::urgent, kStart) == kStart);
}

TEST_CASE("pace: a held chat holds no other, and is not forgotten while it is held") {
  Pace pace(std::nullopt, std::nullopt);
  pace.hold_chat(kGroup, 10min, kStart);
  CHECK(pace.ready_at(kGroup, Priority::reply, kStart) == kStart + 10min);
  CHECK(pace.ready_at(kOther, Priority::reply, kStart) == kStart);
  for (int i = 0; i < 20'001; ++i) pace.hold_chat({"qq", "x" + std::to_string(i), false}, 1s, kStart);
  pace.hold_chat(kOther, 1s, kStart + 2s);
  CHECK(pace.ready_at(kGroup, Priority::reply, kStart + 2s) == kStart + 10min);
}
