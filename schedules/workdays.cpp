#include "schedules/workdays.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <utility>

#include "bot/base/json.hpp"
#include "bot/texts/front_matter.hpp"

namespace schedules {

namespace {

using bot::Problems;

/// A year's announcement names some forty days; this is far above and keeps the list of problems readable.
constexpr std::size_t kMostDays = 400;
constexpr std::int64_t kFirstYear = 1900;
constexpr std::int64_t kLastYear = 2100;

/// The text of one file, its problems, and where in the text the reading has come to.
struct Source {
  std::string_view text;
  const std::string& file;
  Problems& problems;
  std::size_t place = 0;

  std::int64_t line_at(std::size_t at) const { return 1 + std::ranges::count(text.substr(0, at), '\n'); }

  /// Entries come in the order of the text, so that of two equal dates each is found at its own line.
  /// 0 when the text spells the date otherwise, such as with escapes.
  std::int64_t line_of(const std::string& date) {
    const auto found = date.empty() ? std::string_view::npos : text.find('"' + date + '"', place);
    if (found == std::string_view::npos) return 0;
    place = found + 1;
    return line_at(found);
  }

  void refuse(std::int64_t line, std::string what, std::string todo) {
    problems.push_back({bot::Problem::Weight::error, file, line, std::move(what), std::move(todo)});
  }
};

/// The line on which the parser gave up.
std::int64_t line_of_damage(const Source& source) {
  boost::json::parser parser;
  boost::json::error_code failure;
  const std::size_t read = parser.write_some(source.text.data(), source.text.size(), failure);
  return source.line_at(std::min(read, source.text.size()));
}

std::optional<unsigned> digits(std::string_view text) {
  unsigned number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, number);
  return failure == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

/// "2026-02-17"
std::optional<Day> iso_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  const auto day = digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(*month), std::chrono::day(*day)};
  return date.ok() ? std::optional(Day(date)) : std::nullopt;
}

int year_of(Day day) {
  return static_cast<int>(std::chrono::year_month_day(day).year());
}

using Announced = std::map<Day, Workdays::Entry>;

/// One element of "days". What is wrong with it is said once.
void read_day(Source& source, const boost::json::value& element, std::size_t number, int year,
              Announced& announced) {
  const std::string date = bot::json::text(bot::json::member(element, "date"));
  const std::int64_t line = source.line_of(date);
  if (date.empty()) {
    return source.refuse(line, fmt::format("entry {} of \"days\" has no date", number),
                         fmt::format("write \"date\": \"{}-10-01\"", year));
  }
  const auto day = iso_day(date);
  if (!day) return source.refuse(line, fmt::format("\"{}\" is no date", date), "write year-month-day");
  if (std::abs(year_of(*day) - year) > 1) {
    return source.refuse(line, fmt::format("{} is not near the year {}", date, year),
                         "correct the date, or \"year\" above");
  }
  const auto off = bot::json::boolean(bot::json::member(element, "isOffDay"));
  if (!off) {
    return source.refuse(line, fmt::format("\"isOffDay\" of {} is neither true nor false", date),
                         "write true for a day off, false for a make-up workday");
  }
  const std::string name = bot::json::text(bot::json::member(element, "name"));
  if (name.empty()) {
    return source.refuse(line, fmt::format("{} has no name", date), "write \"name\": \"…\"");
  }
  const auto [known, fresh] = announced.emplace(*day, Workdays::Entry{name, *off});
  if (!fresh && known->second.off != *off) {
    source.refuse(line, fmt::format("{} is there twice, as a day off and as a workday", date),
                  "keep the one that the announcement says");
  }
}

std::optional<boost::json::value> parsed(Source& source) {
  auto value = bot::json::parsed(source.text);
  if (value) return std::move(*value);
  source.refuse(line_of_damage(source), value.error().detail, "correct the JSON near this line");
  return std::nullopt;
}

std::optional<int> read_year(Source& source, const boost::json::value& root) {
  const auto year = bot::json::integer(bot::json::member(root, "year"));
  if (year && *year >= kFirstYear && *year <= kLastYear) return static_cast<int>(*year);
  source.refuse(0, fmt::format("there is no \"year\" from {} to {}", kFirstYear, kLastYear),
                "write the year of the announcement as \"year\": 2027");
  return std::nullopt;
}

const boost::json::array* list_of_days(Source& source, const boost::json::value& root) {
  const auto* days = bot::json::member(root, "days");
  const auto* list = days == nullptr ? nullptr : days->if_array();
  if (list == nullptr) {
    source.refuse(0, "there is no list \"days\"", "write \"days\": [{\"name\", \"date\", \"isOffDay\"}, …]");
  } else if (list->size() > kMostDays) {
    source.refuse(0, fmt::format("\"days\" has {} entries, more than {}", list->size(), kMostDays),
                  "list only what the announcement changes");
    return nullptr;
  }
  return list;
}

std::vector<std::filesystem::path> json_files(const std::filesystem::path& folder, Problems& problems) {
  std::vector<std::filesystem::path> files;
  std::error_code failure;
  if (!std::filesystem::exists(folder, failure)) return files;
  std::filesystem::directory_iterator entry(folder, failure);
  for (; !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
    if (entry->path().extension() == ".json") files.push_back(entry->path());
  }
  if (failure) {
    problems.push_back({bot::Problem::Weight::error, folder.string(), 0, "the folder cannot be read",
                        "let the account that runs the bot read it"});
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

void Workdays::read(std::string_view json, const std::string& file, Problems& problems) {
  const std::size_t before = problems.size();
  Source source{json, file, problems};
  const auto root = parsed(source);
  if (!root) return;
  const auto year = read_year(source, *root);
  const auto* list = year ? list_of_days(source, *root) : nullptr;
  if (list == nullptr) return;
  if (years_.contains(*year)) {
    return source.refuse(0, fmt::format("another file already has the year {}", *year),
                         "keep one of the two");
  }
  Announced announced;
  std::size_t number = 0;
  for (const boost::json::value& element : *list) read_day(source, element, ++number, *year, announced);
  if (problems.size() == before) take(*year, announced);
}

void Workdays::take(int year, const std::map<Day, Entry>& announced) {
  for (const auto& [day, entry] : announced) {
    if (year_of(day) == year) {
      years_.insert(year);
      days_.insert_or_assign(day, entry);
    } else {
      days_.try_emplace(day, entry);
    }
  }
}

bool Workdays::is_workday(Day day) const {
  if (const Entry* announced = entry(day)) return !announced->off;
  const std::chrono::weekday weekday(day);
  return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
}

const Workdays::Entry* Workdays::entry(Day day) const {
  const auto found = days_.find(day);
  return found == days_.end() ? nullptr : &found->second;
}

Workdays load_workdays(const std::filesystem::path& folder, Problems& problems) {
  Workdays workdays;
  for (const auto& file : json_files(folder, problems)) {
    const auto text = bot::read_text_file(file);
    if (text) {
      workdays.read(*text, file.string(), problems);
    } else {
      problems.push_back({bot::Problem::Weight::error, file.string(), 0, text.error().detail,
                          "save the year's days as a UTF-8 text file in JSON"});
    }
  }
  return workdays;
}

}  // namespace schedules
