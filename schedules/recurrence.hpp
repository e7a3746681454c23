#pragma once

#include <chrono>

#include "bot/base/instant.hpp"

/// Rules that repeat, as pure functions from local time to local time. No zone, no clock, no database.
namespace schedules {

/// Every day at a time after local midnight.
struct Daily {
  std::chrono::minutes at{};
};

/// The first time of the rule that is later than `after`.
bot::LocalTime next_after(const Daily& rule, bot::LocalTime after);

}  // namespace schedules
