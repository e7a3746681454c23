#include "bot/platforms/sandbox/stage.hpp"

#include <algorithm>

namespace bot {

void Stage::play(std::vector<Event> events) {
  do {
    desk_.handle(std::move(events));
    events = room_.take_settled();
  } while (!events.empty() || desk_.next_due() <= clock_.now() || desk_.next_release() <= clock_.steady());
}

Milliseconds Stage::until_next(Milliseconds at_most) const {
  const SteadyTime release = desk_.next_release();
  Milliseconds wait = at_most;
  if (release != SteadyTime::max()) {
    wait = std::min(wait, std::chrono::ceil<Milliseconds>(release - clock_.steady()));
  }
  const Instant due = desk_.next_due();
  if (due != Instant::max()) wait = std::min(wait, due - clock_.now());
  return std::max(wait, Milliseconds{0});
}

void Stage::travel(Milliseconds by) {
  while (by.count() > 0) {
    const Milliseconds step = std::max(until_next(by), Milliseconds{1});
    clock_.advance(step);
    by -= step;
    play({});
  }
}

}  // namespace bot
