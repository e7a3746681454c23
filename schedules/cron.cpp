#include <fmt/format.h>

#include <array>
#include <bit>
#include <charconv>
#include <span>

#include "bot/base/utf8.hpp"
#include "schedules/recurrence.hpp"

namespace schedules {

namespace {

/// The values that a field allows, as bits. 63 is the highest.
using Bits = std::uint64_t;

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

struct Field {
  std::string_view name;
  unsigned first;
  unsigned last;
  std::span<const std::string_view> names{};  ///< of `first` and what follows
};
constexpr Field kMinute{"minute", 0, 59};
constexpr Field kHour{"hour", 0, 23};
constexpr Field kDay{"day", 1, 31};
constexpr Field kMonth{"month", 1, 12, kMonths};
constexpr Field kWeekday{"weekday", 0, 7, kWeekdays};

struct Macro {
  std::string_view name;
  std::string_view expression;
};
constexpr std::array<Macro, 7> kMacros{{{"@hourly", "0 * * * *"},
                                        {"@daily", "0 0 * * *"},
                                        {"@midnight", "0 0 * * *"},
                                        {"@weekly", "0 0 * * 0"},
                                        {"@monthly", "0 0 1 * *"},
                                        {"@yearly", "0 0 1 1 *"},
                                        {"@annually", "0 0 1 1 *"}}};

bot::Error wrong(const Field& field, std::string_view what) {
  return {bot::Errc::bad_input, fmt::format("the field {}: {}", field.name, what)};
}

std::string lowered(std::string_view text) {
  std::string lower(text);
  for (char& letter : lower) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return lower;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find_first_of(separators);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words = split(text, " \t\r\n");
  std::erase(words, std::string_view());
  return words;
}

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  return failure == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

bot::Result<unsigned> value_of(std::string_view text, const Field& field) {
  for (unsigned index = 0; index < field.names.size(); ++index) {
    if (text == field.names[index]) return field.first + index;
  }
  const auto value = number(text);
  if (value && *value >= field.first && *value <= field.last) return *value;
  return wrong(field, fmt::format("{} is not {} to {}", bot::utf8::escaped(text), field.first, field.last));
}

struct Range {
  unsigned first = 0;
  unsigned last = 0;
};

/// "*", "5" and "mon-fri". Behind a step, "5" means 5 and everything after it.
bot::Result<Range> range_of(std::string_view text, const Field& field, bool has_step) {
  if (text == "*") return Range{field.first, field.last};
  const std::size_t dash = text.find('-');
  const auto first = value_of(text.substr(0, dash), field);
  if (!first) return first.error();
  if (dash == std::string_view::npos) return Range{*first, has_step ? field.last : *first};
  auto last = value_of(text.substr(dash + 1), field);
  if (!last) return last.error();
  // Sunday ends a week as well as it begins one: "fri-sun".
  if (field.last == 7 && *last == 0) last = 7;
  if (*first > *last) return wrong(field, fmt::format("{} goes backwards", text));
  return Range{*first, *last};
}

/// One part between commas.
bot::Result<Bits> item(std::string_view text, const Field& field) {
  const std::size_t slash = text.find('/');
  const bool has_step = slash != std::string_view::npos;
  const auto range = range_of(text.substr(0, slash), field, has_step);
  if (!range) return range.error();
  const auto step = has_step ? number(text.substr(slash + 1)) : 1;
  if (!step || *step == 0) {
    return wrong(field, fmt::format("{} has no step above 0", bot::utf8::escaped(text)));
  }
  Bits bits = 0;
  for (std::uint64_t value = range->first; value <= range->last; value += *step) bits |= Bits(1) << value;
  return bits;
}

bot::Result<Bits> bits_of(std::string_view text, const Field& field) {
  const std::string lower = lowered(text);
  Bits bits = 0;
  for (const std::string_view part : split(lower, ",")) {
    const auto more = item(part, field);
    if (!more) return more.error();
    bits |= *more;
  }
  return bits;
}

std::vector<std::chrono::minutes> times_of(Bits hours, Bits minutes) {
  std::vector<std::chrono::minutes> times;
  times.reserve(static_cast<std::size_t>(std::popcount(hours) * std::popcount(minutes)));
  for (int hour = 0; hour < 24; ++hour) {
    for (int minute = 0; minute < 60; ++minute) {
      if ((hours >> hour & minutes >> minute & 1U) == 0) continue;
      times.push_back(std::chrono::hours(hour) + std::chrono::minutes(minute));
    }
  }
  return times;
}

/// The five fields that a name such as "@daily" stands for.
bot::Result<std::string_view> expanded(std::string_view expression) {
  if (!expression.starts_with('@')) return expression;
  const std::string lower = lowered(expression);
  for (const Macro& macro : kMacros) {
    if (lower == macro.name) return macro.expression;
  }
  return bot::Error{bot::Errc::bad_input,
                    fmt::format("{} is not one of @hourly, @daily, @weekly, @monthly and @yearly",
                                bot::utf8::escaped(expression))};
}

bot::Result<Rule> rule_of(const std::vector<std::string_view>& fields) {
  const auto minutes = bits_of(fields[0], kMinute);
  if (!minutes) return minutes.error();
  const auto hours = bits_of(fields[1], kHour);
  if (!hours) return hours.error();
  const auto days = bits_of(fields[2], kDay);
  if (!days) return days.error();
  const auto months = bits_of(fields[3], kMonth);
  if (!months) return months.error();
  const auto weekdays = bits_of(fields[4], kWeekday);
  if (!weekdays) return weekdays.error();

  CronDays cron;
  cron.months = static_cast<std::uint16_t>(*months);
  cron.days = static_cast<std::uint32_t>(*days);
  cron.weekdays = static_cast<std::uint8_t>((*weekdays | *weekdays >> 7) & 0x7fU);
  cron.any_day = fields[2].starts_with('*');
  cron.any_weekday = fields[4].starts_with('*');
  return Rule{std::move(cron), 0, times_of(*hours, *minutes)};
}

}  // namespace

bot::Result<Rule> parse_cron(std::string_view expression) {
  const std::string_view trimmed = bot::utf8::trimmed(expression);
  const auto whole = expanded(trimmed);
  if (!whole) return whole.error();
  const auto fields = words_of(*whole);
  if (fields.size() != 5) {
    return bot::Error{bot::Errc::bad_input,
                      fmt::format("a cron expression has five fields, not {}", fields.size())};
  }
  auto rule = rule_of(fields);
  if (rule) std::get<CronDays>(rule->days).expression = fmt::format("{}", fmt::join(words_of(trimmed), " "));
  return rule;
}

}  // namespace schedules
