#pragma once

#include <vector>

#include "bot/desk/desk.hpp"
#include "bot/platforms/sandbox/clock.hpp"
#include "bot/platforms/sandbox/room.hpp"

namespace bot {

/// Plays a desk and a room against each other without threads, and moves time from one thing that happens to
/// the next.
class Stage {
 public:
  Stage(Desk& desk, Room& room, TravelClock& clock) : desk_(desk), room_(room), clock_(clock) {}

  /// Handles the events and everything that follows from them at this moment.
  void play(std::vector<Event> events);
  /// Stops at every moment on the way at which a push falls due or a message may leave.
  void travel(Milliseconds by);

 private:
  Milliseconds until_next(Milliseconds at_most) const;

  Desk& desk_;
  Room& room_;
  TravelClock& clock_;
};

}  // namespace bot
