#include "schedules/calendar.hpp"

#include <algorithm>
#include <fstream>

#include "bot/base/utf8.hpp"
#include "schedules/phrases.hpp"

namespace schedules {

namespace {

std::vector<Rule> read_solemn(const std::filesystem::path& file, bot::Problems& problems) {
  std::vector<Rule> days;
  std::ifstream text(file);
  std::string line;
  for (std::int64_t number = 1; std::getline(text, line); ++number) {
    const std::string day(bot::utf8::trimmed(std::string_view(line).substr(0, line.find('#'))));
    if (day.empty()) continue;
    auto rule = parse_rule(day + " 00:00");
    if (rule) {
      days.push_back(std::move(*rule));
    } else {
      problems.push_back({bot::Problem::Weight::error, file.string(), number,
                          "\"" + day + "\" is no day that repeats",
                          "write one day a line, such as \"every year on 13 December\""});
    }
  }
  return days;
}

}  // namespace

bool Calendar::is_solemn(Day day) const {
  return std::ranges::any_of(solemn, [&](const Rule& rule) {
    return falls_on(rule.days, day - std::chrono::days(rule.offset), workdays);
  });
}

Calendar load_calendar(const std::filesystem::path& folder, bot::Problems& problems) {
  return {load_workdays(folder, problems), read_solemn(folder / "solemn.txt", problems)};
}

}  // namespace schedules
