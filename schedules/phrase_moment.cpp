#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include "schedules/phrases.hpp"

#include "bot/base/utf8.hpp"
#include "bot/texts/tokens.hpp"

namespace schedules {

using bot::LocalTime;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

struct DayWord {
  std::string_view word;
  int offset;
};
constexpr std::array<DayWord, 7> kDayWords{
    {{"大后天", 3}, {"今天", 0}, {"明天", 1}, {"后天", 2}, {"today", 0}, {"tomorrow", 1}, {"昨天", -1}}};
constexpr std::array<std::string_view, 7> kWeekdays{"日", "一", "二", "三", "四", "五", "六"};

/// How a part of the day reads the hour behind it.
struct DayPart {
  std::string_view word;
  int first;  ///< first hour that can be meant
  int shift;  ///< what is added to hours up to 11
  int noon;   ///< what 12 means
  int last;   ///< last hour on a 24-hour clock
};
constexpr std::array<DayPart, 6> kDayParts{{{"早上", 4, 0, -1, 11},
                                            {"上午", 5, 0, 12, 12},
                                            {"中午", 1, 12, 12, 14},
                                            {"下午", 1, 12, 12, 19},
                                            {"晚上", 5, 12, 24, 24},
                                            {"凌晨", 0, 0, 0, 7}}};

/// The hour on a 24-hour clock; nullopt when it contradicts the part of the day.
std::optional<int> hour_within(const DayPart& part, int hour) {
  if (hour == 12) return part.noon < 0 ? std::nullopt : std::optional(part.noon);
  if (part.word == "中午" && (hour == 11 || hour == 10)) return hour;
  if (hour < 12) return hour < part.first ? std::nullopt : std::optional(hour + part.shift);
  return hour <= part.last ? std::optional(hour) : std::nullopt;
}

bool drop(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  text = bot::utf8::trimmed(text);
  return true;
}

std::optional<int> number(std::string_view& text) {
  int value = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || value < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  return value;
}

std::optional<LocalTime> relative(std::string_view text, LocalTime now) {
  const auto amount = number(text);
  if (!amount || *amount > 100'000) return std::nullopt;
  if (text == "d") return now + days(*amount);
  if (text == "h") return now + hours(*amount);
  if (text == "m") return now + minutes(*amount);
  if (text == "s") return now + std::chrono::seconds(*amount);
  return std::nullopt;
}

std::optional<std::chrono::local_days> weekday(std::string_view& text, std::chrono::local_days today) {
  std::string_view rest = text;
  const bool next_week = drop(rest, "下周") || drop(rest, "下星期");
  if (!next_week && !drop(rest, "周") && !drop(rest, "星期")) return std::nullopt;
  for (unsigned index = 0; index < kWeekdays.size(); ++index) {
    if (!drop(rest, kWeekdays[index]) && !(index == 0 && drop(rest, "天"))) continue;
    text = rest;
    const auto monday = today - (std::chrono::weekday(today) - std::chrono::Monday);
    const auto day = monday + (std::chrono::weekday(index) - std::chrono::Monday) + days(next_week ? 7 : 0);
    return day < today ? day + days(7) : day;
  }
  return std::nullopt;
}

std::optional<std::chrono::local_days> date(std::string_view& text) {
  std::string_view rest = text;
  const auto year = number(rest);
  if (!year || *year < 1900 || *year > 9999 || !drop(rest, "-")) return std::nullopt;
  const auto month = number(rest);
  if (!month || *month > 12 || !drop(rest, "-")) return std::nullopt;
  const auto day = number(rest);
  if (!day || *day > 31) return std::nullopt;
  const std::chrono::year_month_day whole{std::chrono::year(*year),
                                          std::chrono::month(static_cast<unsigned>(*month)),
                                          std::chrono::day(static_cast<unsigned>(*day))};
  if (!whole.ok()) return std::nullopt;
  text = bot::utf8::trimmed(rest);
  return std::chrono::local_days(whole);
}

std::optional<std::chrono::local_days> day(std::string_view& text, std::chrono::local_days today) {
  for (const DayWord& word : kDayWords) {
    if (drop(text, word.word)) return today + days(word.offset);
  }
  if (const auto found = weekday(text, today)) return found;
  return date(text);
}

const DayPart* day_part(std::string_view& text) {
  for (const DayPart& part : kDayParts) {
    if (drop(text, part.word)) return &part;
  }
  return nullptr;
}

/// What stands behind the hour: ":30", "点", "点半", "点5分".
std::optional<minutes> minutes_of(std::string_view text) {
  std::optional<int> minute = 0;
  if (drop(text, ":")) {
    minute = number(text);
  } else if (drop(text, "点")) {
    if (drop(text, "半")) {
      minute = 30;
    } else if (!text.empty()) {
      minute = number(text);
      drop(text, "分");
    }
  } else {
    return std::nullopt;
  }
  return text.empty() && minute && *minute < 60 ? std::optional<minutes>(*minute) : std::nullopt;
}

std::optional<minutes> time_of_day(std::string_view text) {
  const DayPart* part = day_part(text);
  auto hour = number(text);
  if (hour && part != nullptr) hour = hour_within(*part, *hour);
  const auto minute = minutes_of(text);
  if (!hour || !minute) return std::nullopt;
  const minutes time = hours(std::min(*hour, 25)) + *minute;
  return time <= hours(24) ? std::optional(time) : std::nullopt;
}

}  // namespace

std::optional<LocalTime> parse_moment(std::string_view phrase, LocalTime now) {
  if (!bot::utf8::valid(phrase)) return std::nullopt;
  const std::string normal = bot::normal_form(phrase);
  std::string_view text = bot::utf8::trimmed(normal);
  if (drop(text, "+")) return relative(text, now);
  const auto today = std::chrono::floor<days>(now);
  const auto named_day = day(text, today);
  if (text.empty()) return named_day ? std::optional<LocalTime>(*named_day) : std::nullopt;
  const auto time = time_of_day(text);
  if (!time) return std::nullopt;
  if (named_day) return *named_day + *time;
  const LocalTime at = today + *time;
  return at > now ? at : at + days(1);
}

}  // namespace schedules
