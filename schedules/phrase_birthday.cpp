#include "schedules/phrase_birthday.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "schedules/phrase_calendar.hpp"
#include "schedules/phrase_reader.hpp"
#include "schedules/phrases.hpp"

namespace schedules {

namespace {

constexpr int kYearKeptFrom = 14;  // years of age
constexpr int kOldest = 130;
constexpr std::array<std::string_view, 4> kLunarWords{"农历", "阴历", "旧历", "lunar"};
constexpr std::array<std::string_view, 4> kSolarWords{"公历", "阳历", "新历", "solar"};
constexpr std::array<std::string_view, 4> kMarks{"-", "/", ".", "月"};
constexpr std::array<std::string_view, 3> kDayWords{"日", "号", "生"};

std::optional<Days> day_in(int month, int day, bool lunar_calendar, bool leap) {
  if (!lunar_calendar) return yearly(month, day);
  return month < 1 ? std::nullopt : lunar(month, day, leap);
}

/// "3-5", "03/05", "3月5日", to the end.
std::optional<Days> in_numbers(Reader reader, bool lunar_calendar) {
  const bool leap = lunar_calendar && (reader.take("闰") || reader.take("leap"));
  const auto month = reader.number();
  if (!month || !reader.take_any(kMarks)) return std::nullopt;
  reader.take("初");
  const auto day = reader.number();
  if (!day) return std::nullopt;
  while (reader.take_any(kDayWords)) {
  }
  return reader.done() ? day_in(*month, *day, lunar_calendar, leap) : std::nullopt;
}

/// As a rule for every year says it: "正月初一", "腊月廿三", "中秋", "5 March".
std::optional<Days> in_words(std::string_view day, bool lunar_calendar) {
  const std::string calendar = lunar_calendar ? "农历" : "";
  for (const std::string& phrase :
       {fmt::format("每年{}{} 09:00", calendar, day), fmt::format("every year on {} at 09:00", day),
        fmt::format("every {} at 09:00", day)}) {
    const auto rule = parse_rule(phrase);
    if (!rule || rule->offset != 0) continue;
    if (std::holds_alternative<Yearly>(rule->days) || std::holds_alternative<Lunar>(rule->days))
      return rule->days;
  }
  return std::nullopt;
}

/// "1990年", "1990-": only with a day behind it.
std::optional<int> take_year(Reader& reader) {
  Reader next = reader;
  auto year = next.digits(4);
  if (!year) {
    next = reader;
    year = next.year();
  }
  if (!year || !(next.take("年") || next.take("-") || next.take("/") || next.take(".") || next.next_is(" ")))
    return std::nullopt;
  reader = next;
  return year;
}

bool take_calendar(Reader& reader) {
  if (reader.take_any(kLunarWords)) return true;
  reader.take_any(kSolarWords);
  return false;
}

bool exists(const Birthday& birthday) {
  const auto* solar = std::get_if<Yearly>(&birthday.day);
  if (solar == nullptr || !birthday.year) return true;
  using namespace std::chrono;
  return year_month_day(year(*birthday.year), month(solar->month), day(solar->day)).ok();
}

/// The birth itself, a little late for a lunar one without a table for its year.
Day birth_of(const Birthday& birthday) {
  if (const auto* by_moon = std::get_if<Lunar>(&birthday.day)) {
    const auto day = day_of({*birthday.year, by_moon->month, by_moon->day, by_moon->leap});
    return day.value_or(first_of_year(*birthday.year + 1));
  }
  const auto& solar = std::get<Yearly>(birthday.day);
  return Day(std::chrono::year_month_day(std::chrono::year(*birthday.year), std::chrono::month(solar.month),
                                         std::chrono::day(solar.day)));
}

int number_in(std::string_view text) {
  int number = -1;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

std::optional<Birthday> parse_birthday(std::string_view text, Day today) {
  const std::string form = phrase_form(text);
  Reader reader(form);
  reader.take("是");
  bool by_moon = take_calendar(reader);
  Birthday birthday;
  birthday.year = take_year(reader);
  if (!by_moon) by_moon = take_calendar(reader);
  auto day = in_numbers(reader, by_moon);
  if (!day) day = in_words(reader.rest(), by_moon);
  if (!day) return std::nullopt;
  birthday.day = *day;
  if (!birthday.year) return birthday;
  if (*birthday.year < year_of(today) - kOldest || !exists(birthday)) return std::nullopt;
  const Day birth = birth_of(birthday);
  if (birth > today) return std::nullopt;
  if (day_after(birth, {.months = 12 * kYearKeptFrom}) > today) birthday.year.reset();
  return birthday;
}

std::string stored(const Birthday& birthday) {
  const std::string year = birthday.year ? fmt::format("{:04}", *birthday.year) : "-";
  if (const auto* by_moon = std::get_if<Lunar>(&birthday.day)) {
    return fmt::format("lunar {}{}-{:02}-{:02}", by_moon->leap ? "leap " : "", year, by_moon->month,
                       by_moon->day);
  }
  const auto& solar = std::get<Yearly>(birthday.day);
  return fmt::format("{}-{:02}-{:02}", year, solar.month, solar.day);
}

std::string written(const Birthday& birthday) {
  if (const auto* by_moon = std::get_if<Lunar>(&birthday.day)) {
    return fmt::format("农历{}{}{}-{}", birthday.year ? fmt::format("{}年", *birthday.year) : "",
                       by_moon->leap ? "闰" : "", by_moon->month, by_moon->day);
  }
  const std::string text = stored(birthday);
  return birthday.year ? text : text.substr(2);
}

std::optional<Birthday> restored_birthday(std::string_view text) {
  const std::string_view whole = text;
  const auto drop = [&text](std::string_view word) {
    const bool there = text.starts_with(word);
    if (there) text.remove_prefix(word.size());
    return there;
  };
  const bool by_moon = drop("lunar ");
  const bool leap = by_moon && drop("leap ");
  Birthday birthday;
  if (!drop("-")) {
    birthday.year = number_in(text.substr(0, 4));
    text.remove_prefix(std::min<std::size_t>(4, text.size()));
  }
  if (text.size() != 6) return std::nullopt;
  const auto day = day_in(number_in(text.substr(1, 2)), number_in(text.substr(4, 2)), by_moon, leap);
  if (!day) return std::nullopt;
  birthday.day = *day;
  return stored(birthday) == whole ? std::optional(birthday) : std::nullopt;
}

std::optional<Day> next_birthday(const Birthday& birthday, Day from) {
  const Rule rule{birthday.day, 0, {std::chrono::minutes(1)}, {}};
  const auto next = next_after(rule, bot::LocalTime(from), Workdays());
  if (!next) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(*next);
}

}  // namespace schedules
