#pragma once

#include "schedules/phrase_calendar.hpp"
#include "schedules/phrases.hpp"

namespace schedules {

/// A phrase_form() that is a time by itself, not by an event. Without `now`, only what means the same at any
/// time. `shift` is added to the time.
Phrase understood(std::string_view form, Now now, std::chrono::minutes shift = {});

/// "开会前10分钟", "10 minutes before the meeting", "3点半开会前10分钟".
Phrase around_event(std::string_view typed, bot::LocalTime now);

}  // namespace schedules
