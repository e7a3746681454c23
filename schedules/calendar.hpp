#pragma once

#include <filesystem>
#include <vector>

#include "bot/base/problem.hpp"
#include "schedules/recurrence.hpp"
#include "schedules/workdays.hpp"

namespace schedules {

/// What `content/calendar/` says of days.
struct Calendar {
  Workdays workdays{};
  std::vector<Rule> solemn{};  ///< days on which nothing cheerful is said

  bool is_solemn(Day day) const;
};

/// Reads the *.json files of statutory days and solemn.txt, which has one day a line: "每年12月13日  # why".
Calendar load_calendar(const std::filesystem::path& folder, bot::Problems& problems);

}  // namespace schedules
