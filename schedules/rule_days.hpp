#pragma once

#include <optional>

#include "schedules/recurrence.hpp"

namespace schedules {

/// The first of the days in [from, last]. nullopt when there is none, or the tables end before it.
std::optional<Day> next_day(const Days& days, Day from, Day last, const Workdays& workdays);

}  // namespace schedules
