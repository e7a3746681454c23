#include "bot/desk/limits.hpp"

namespace bot {

LocalTime after_quiet_hours(const Limits& limits, LocalTime local) {
  if (!limits.quiet_hours) return local;
  const auto [from, until] = *limits.quiet_hours;
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const auto time = local - day;
  if (from > until && time >= from) return day + std::chrono::days(1) + until;
  const bool quiet = from > until ? time < until : time >= from && time < until;
  return quiet ? day + until : local;
}

}  // namespace bot
