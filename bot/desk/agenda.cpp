#include "bot/desk/agenda.hpp"

namespace bot {

Instant expected_at(const Due& due, const Limits& limits) {
  const Zone& zone = due.group->zone;
  const bool waits = !due.push->urgent && due.push->person.empty();
  const Instant allowed =
      waits ? zone.to_instant(after_quiet_hours(limits, zone.to_local(due.planned))) : due.planned;
  const Milliseconds offset = due.at - allowed;
  const bool is_stagger = offset >= Milliseconds(0) && offset <= limits.stagger.value_or(Limits::Duration(0));
  return is_stagger ? allowed : std::chrono::floor<std::chrono::minutes>(due.at);
}

}  // namespace bot
