#include "bot/desk/limits.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>

using bot::DailySpan;
using bot::Limits;
using bot::LocalTime;
using namespace std::chrono_literals;

namespace {

constexpr LocalTime kMidnight{std::chrono::local_days{std::chrono::year{2026} / 3 / 6}};
constexpr DailySpan kNight{22h, 7h};
constexpr DailySpan kNoon{12h + 30min, 13h + 30min};

Limits quiet(std::optional<DailySpan> night, std::optional<DailySpan> noon) {
  Limits limits;
  limits.quiet_hours = night;
  limits.noon_quiet = noon;
  return limits;
}

}  // namespace

TEST_CASE("limits: a span that crosses midnight") {
  CHECK(within(kNight, 22h));
  CHECK(within(kNight, 0h));
  CHECK(within(kNight, 6h + 59min));
  CHECK_FALSE(within(kNight, 7h));
  CHECK_FALSE(within(kNight, 21h + 59min));
  CHECK(within(kNoon, 12h + 30min));
  CHECK_FALSE(within(kNoon, 13h + 30min));
  CHECK_FALSE(within(kNoon, 23h));
}

TEST_CASE("quiet hours: what lies in them waits until they end") {
  const Limits limits = quiet(kNight, kNoon);
  const auto after = [&](LocalTime local) { return after_quiet_hours(limits, local) - kMidnight; };
  CHECK(after(kMidnight) == 7h);
  CHECK(after(kMidnight + 7h - 1ms) == 7h);
  CHECK(after(kMidnight + 7h) == 7h);
  CHECK(after(kMidnight + 12h + 30min) == 13h + 30min);
  CHECK(after(kMidnight + 13h + 30min - 1ms) == 13h + 30min);
  CHECK(after(kMidnight + 22h - 1ms) == 22h - 1ms);
  CHECK(after(kMidnight + 22h) == 31h);
}

TEST_CASE("quiet hours: the end of one span may lie in the other") {
  const Limits later = quiet(kNight, DailySpan{6h, 9h});
  CHECK(after_quiet_hours(later, kMidnight + 1h) == kMidnight + 9h);
  const Limits earlier = quiet(kNight, DailySpan{20h, 23h});
  CHECK(after_quiet_hours(earlier, kMidnight + 20h) == kMidnight + 31h);
  const Limits around = quiet(DailySpan{22h, 7h}, DailySpan{6h, 21h});
  for (auto at = kMidnight; at < kMidnight + 24h; at += 1min) {
    CHECK((after_quiet_hours(around, at) - kMidnight) % 24h >= 21h);
  }
}

TEST_CASE("quiet hours: off is off") {
  const Limits none = quiet(std::nullopt, std::nullopt);
  CHECK(after_quiet_hours(none, kMidnight) == kMidnight);
  CHECK_FALSE(next_quiet_hours(none, kMidnight));
  CHECK(after_quiet_hours(quiet(std::nullopt, kNoon), kMidnight + 13h) == kMidnight + 13h + 30min);
}

TEST_CASE("quiet hours: when they begin next") {
  const Limits limits = quiet(kNight, kNoon);
  CHECK(next_quiet_hours(limits, kMidnight + 8h) == kMidnight + 12h + 30min);
  CHECK(next_quiet_hours(limits, kMidnight + 12h + 30min) == kMidnight + 22h);
  CHECK(next_quiet_hours(limits, kMidnight + 23h) == kMidnight + 36h + 30min);
  CHECK(next_quiet_hours(quiet(kNight, std::nullopt), kMidnight + 22h) == kMidnight + 46h);
}

TEST_CASE("quiet hours: two spans may cover the day") {
  CHECK(always_quiet(quiet(kNight, DailySpan{7h, 22h})));
  CHECK(always_quiet(quiet(kNight, DailySpan{6h, 23h})));
  CHECK_FALSE(always_quiet(quiet(kNight, DailySpan{7h, 21h})));
  CHECK_FALSE(always_quiet(quiet(kNight, DailySpan{23h, 6h})));
  CHECK_FALSE(always_quiet(quiet(kNight, kNight)));
  CHECK_FALSE(always_quiet(quiet(kNight, std::nullopt)));
}
