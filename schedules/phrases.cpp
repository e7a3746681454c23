#include "schedules/phrases.hpp"

#include <array>
#include <charconv>
#include <string>

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

struct DayPart {
  std::string_view word;
  bool afternoon;
};
constexpr std::array<DayPart, 6> kDayParts{
    {{"早上", false}, {"上午", false}, {"中午", true}, {"下午", true}, {"晚上", true}, {"凌晨", false}}};

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
  const bool next_week = drop(text, "下周") || drop(text, "下星期");
  if (!next_week && !drop(text, "周") && !drop(text, "星期")) return std::nullopt;
  for (unsigned index = 0; index < kWeekdays.size(); ++index) {
    if (!drop(text, kWeekdays[index]) && !(index == 0 && drop(text, "天"))) continue;
    const auto monday = today - (std::chrono::weekday(today) - std::chrono::Monday);
    const auto day = monday + (std::chrono::weekday(index) - std::chrono::Monday) + days(next_week ? 7 : 0);
    return day < today ? day + days(7) : day;
  }
  return std::nullopt;
}

std::optional<std::chrono::local_days> date(std::string_view& text) {
  std::string_view rest = text;
  const auto year = number(rest);
  if (!year || *year < 1900 || !drop(rest, "-")) return std::nullopt;
  const auto month = number(rest);
  if (!month || !drop(rest, "-")) return std::nullopt;
  const auto day = number(rest);
  if (!day) return std::nullopt;
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

std::optional<minutes> time_of_day(std::string_view text) {
  bool afternoon = false;
  for (const DayPart& part : kDayParts) {
    if (drop(text, part.word)) afternoon = part.afternoon;
  }
  const auto hour = number(text);
  if (!hour || *hour > 24) return std::nullopt;
  minutes time = hours(*hour);
  if (afternoon && *hour < 12) time += hours(12);
  if (drop(text, ":")) {
    const auto minute = number(text);
    if (!minute || *minute > 59) return std::nullopt;
    time += minutes(*minute);
  } else if (drop(text, "点")) {
    if (drop(text, "半")) {
      time += minutes(30);
    } else if (const auto minute = number(text)) {
      if (*minute > 59) return std::nullopt;
      time += minutes(*minute);
      drop(text, "分");
    }
  } else {
    return std::nullopt;
  }
  return text.empty() && time <= hours(24) ? std::optional(time) : std::nullopt;
}

}  // namespace

std::optional<LocalTime> parse_moment(std::string_view phrase, LocalTime now) {
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
