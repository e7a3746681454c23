#pragma once

#include <optional>
#include <string_view>

#include "bot/base/instant.hpp"

namespace schedules {

/// A moment as people type it, seen from `now` on the same wall: "明天 08:00", "后天晚上8点半", "周五",
/// "下周一 9点", "2026-03-06 18:00", "+3d", "+90m", "08:00" (the next one). nullopt when it is not
/// understood: never a guess. A day without a time means 00:00.
std::optional<bot::LocalTime> parse_moment(std::string_view phrase, bot::LocalTime now);

}  // namespace schedules
