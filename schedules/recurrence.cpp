#include "schedules/recurrence.hpp"

namespace schedules {

bot::LocalTime next_after(const Daily& rule, bot::LocalTime after) {
  const auto day = std::chrono::floor<std::chrono::days>(after);
  const bot::LocalTime today = day + rule.at;
  return today > after ? today : day + std::chrono::days(1) + rule.at;
}

}  // namespace schedules
