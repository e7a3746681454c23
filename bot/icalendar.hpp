#pragma once

#include <string>
#include <vector>

#include "bot/base/instant.hpp"

namespace bot {

/// Something that happens once, as a phone's calendar shows it.
struct CalendarEvent {
  std::string uid{};  ///< the same in every export, so that a phone does not show it twice
  std::string summary{};
  Instant start{};
};

/// What a phone subscribes to.
struct SubscribedCalendar {
  std::string name{};
  std::string zone{};  ///< IANA name; the events themselves are in UTC
  std::vector<CalendarEvent> events{};
};

/// As the text of an iCalendar file (RFC 5545), made at `stamp`. Names and summaries are data: they may hold
/// any characters, damaged ones included.
std::string icalendar_text(const SubscribedCalendar& calendar, Instant stamp);

}  // namespace bot
