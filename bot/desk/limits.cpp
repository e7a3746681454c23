#include "bot/desk/limits.hpp"

#include <algorithm>
#include <initializer_list>

namespace bot {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::minutes;

/// The first time of day `clock` that is later than `local`.
LocalTime next_at(minutes clock, LocalTime local) {
  const LocalTime today = floor<days>(local) + clock;
  return today > local ? today : today + days(1);
}

LocalTime after_span(const std::optional<DailySpan>& span, LocalTime local) {
  const auto clock = floor<minutes>(local - floor<days>(local));
  return span && within(*span, clock) ? next_at(span->until, local) : local;
}

}  // namespace

bool within(const DailySpan& span, minutes after_midnight) noexcept {
  const bool begun = after_midnight >= span.from;
  const bool over = after_midnight >= span.until;
  return span.from <= span.until ? begun && !over : begun || !over;
}

bool always_quiet(const Limits& limits) {
  const auto& night = limits.quiet_hours;
  const auto& noon = limits.noon_quiet;
  return night && noon && within(*night, noon->until) && within(*noon, night->until);
}

LocalTime after_quiet_hours(const Limits& limits, LocalTime local) {
  // The end of one span may lie in the other, and its end is free unless it is always quiet.
  for (const auto& span : {limits.quiet_hours, limits.noon_quiet, limits.quiet_hours}) {
    local = after_span(span, local);
  }
  return local;
}

std::optional<LocalTime> next_quiet_hours(const Limits& limits, LocalTime local) {
  std::optional<LocalTime> next;
  for (const auto& span : {limits.quiet_hours, limits.noon_quiet}) {
    if (!span) continue;
    const LocalTime begins = next_at(span->from, local);
    next = next ? std::min(*next, begins) : begins;
  }
  return next;
}

}  // namespace bot
