#include "bot/config/limits_reader.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include "bot/base/utf8.hpp"

namespace bot {

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr std::int64_t most_count = 1'000'000;
constexpr milliseconds longest = std::chrono::hours(24 * 366);

struct Unit {
  std::string_view name;
  milliseconds length;
};

constexpr std::array<Unit, 5> units{{{"d", std::chrono::hours(24)},
                                     {"h", std::chrono::hours(1)},
                                     {"m", std::chrono::minutes(1)},
                                     {"s", std::chrono::seconds(1)},
                                     {"ms", std::chrono::milliseconds(1)}}};

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) noexcept {
  return c >= 'a' && c <= 'z';
}

/// Takes what `belongs` from the front of `text`.
template <class Belongs>
std::string_view take(std::string_view& text, Belongs belongs) {
  const auto end = std::ranges::find_if_not(text, belongs);
  const auto size = static_cast<std::size_t>(end - text.begin());
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(size);
  return taken;
}

/// Nine digits at most, which no sum of units below overflows.
std::optional<std::int64_t> number(std::string_view digits) {
  std::int64_t value = 0;
  if (digits.empty() || digits.size() > 9 || !is_digit(digits.front())) return std::nullopt;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

Error bad(std::string detail) {
  return {Errc::bad_input, std::move(detail)};
}

std::optional<minutes> clock_minutes(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = number(text.substr(0, 2));
  const auto minute = number(text.substr(3));
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  return minutes(*hour * 60 + *minute);
}

/// `expected`, with the person's own number in the example when it may serve.
void expected_duration(const TomlValue& value) {
  const auto bare = value.integer();
  const bool usable = bare && *bare > 0 && *bare < 86400;
  value.expected("a duration in quotes or \"off\"", usable ? fmt::format("\"{}s\"", *bare) : "\"3s\"");
}

void expected_rate(const TomlValue& value) {
  const auto bare = value.integer();
  const bool usable = bare && *bare > 0 && *bare <= most_count;
  value.expected("a rate in quotes or \"off\"", usable ? fmt::format("\"{}/1m\"", *bare) : "\"15/1m\"");
}

void expected_span(const TomlValue& value) {
  value.expected("a time span in quotes or \"off\"", "\"22:00-07:00\"");
}

/// Text that `parse` understands, or "off".
template <class T, class Parse, class Expected, class Print>
TomlForm<std::optional<T>> liftable(Parse parse, Expected expected, Print print, std::string example) {
  const auto read = [=](const TomlValue& value) -> std::optional<std::optional<T>> {
    const auto text = value.text();
    if (!text) {
      expected(value);
      return std::nullopt;
    }
    if (*text == "off") return std::optional<std::optional<T>>(std::in_place);
    const Result<T> parsed = parse(*text);
    if (parsed) return std::optional<T>(*parsed);
    value.error(fmt::format("{} = \"{}\" {}", value.key(), utf8::cut(*text, 40), parsed.error().detail),
                fmt::format("such as {} = \"{}\", or \"off\"", value.key(), example));
    return std::nullopt;
  };
  const auto print_or_off = [=](const std::optional<T>& held) {
    return toml_quoted(held ? print(*held) : std::string("off"));
  };
  return {read, print_or_off};
}

TomlForm<std::optional<milliseconds>> duration_or_off() {
  return liftable<milliseconds>(parse_duration, expected_duration, duration_text, "1h30m");
}

TomlForm<std::optional<Rate>> rate_or_off() {
  return liftable<Rate>(parse_rate, expected_rate, rate_text, "15/1m");
}

TomlForm<std::optional<DailySpan>> span_or_off() {
  return liftable<DailySpan>(parse_daily_span, expected_span, daily_span_text, "22:00-07:00");
}

using Count = std::optional<std::int64_t>;

TomlForm<Count> count_or_off(std::int64_t most = most_count, std::string example = "12") {
  const auto read = [most, example](const TomlValue& value) -> std::optional<Count> {
    if (value.text() == "off") return std::optional<Count>(std::in_place);
    const auto count = value.integer();
    if (!count) {
      value.expected("a whole number without quotes or \"off\"", example);
      return std::nullopt;
    }
    if (*count >= 1 && *count <= most) return Count(*count);
    value.error(fmt::format("{} = {} is out of range", value.key(), *count),
                fmt::format("write 1 to {}, or \"off\"", most));
    return std::nullopt;
  };
  return {read, [](const Count& held) { return held ? std::to_string(*held) : "\"off\""; }};
}

/// All of it would leave nothing.
TomlForm<Count> percent_or_off() {
  return count_or_off(99, "20");
}

}  // namespace

Result<milliseconds> parse_duration(std::string_view text) {
  if (text.empty()) return bad("is empty");
  milliseconds sum{0};
  auto unit = units.begin();
  while (!text.empty()) {
    const auto count = number(take(text, is_digit));
    const std::string_view name = take(text, is_letter);
    if (!count) return bad("is not a duration");
    if (name.empty() && text.empty()) return bad("has a number without a unit (d, h, m, s or ms)");
    unit = std::ranges::find(unit, units.end(), name, &Unit::name);
    if (unit == units.end()) return bad("is not a duration");
    if (*count > longest / unit->length) return bad("is longer than 366 days");
    sum += *count * unit->length;
    ++unit;
  }
  if (sum > longest) return bad("is longer than 366 days");
  if (sum <= milliseconds(0)) return bad("is no time at all");
  return sum;
}

Result<Rate> parse_rate(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return bad("is not a rate: count, slash, duration");
  const auto count = number(text.substr(0, slash));
  if (!count || *count < 1 || *count > most_count)
    return bad("has no count of 1 to 1000000 before the slash");
  const auto window = parse_duration(text.substr(slash + 1));
  if (!window) return bad("has a window that " + window.error().detail);
  return Rate{*count, *window};
}

Result<DailySpan> parse_daily_span(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return bad("is not a time span: from, minus, until");
  const auto from = clock_minutes(text.substr(0, dash));
  const auto until = clock_minutes(text.substr(dash + 1));
  if (!from || !until) return bad("is not a time span of two times of day, each with two digits");
  if (*from == *until) return bad("begins and ends at the same time");
  return DailySpan{*from, *until};
}

Result<minutes> parse_clock(std::string_view text) {
  const auto clock = clock_minutes(text);
  if (!clock) return bad("is not a time of day from 00:00 to 23:59, two digits each");
  return *clock;
}

std::string duration_text(milliseconds duration) {
  std::string text;
  for (const Unit& unit : units) {
    const std::int64_t count = duration / unit.length;
    duration -= count * unit.length;
    if (count > 0) text += fmt::format("{}{}", count, unit.name);
  }
  return text.empty() ? "0s" : text;
}

std::string rate_text(const Rate& rate) {
  return fmt::format("{}/{}", rate.count, duration_text(rate.window));
}

std::string daily_span_text(const DailySpan& span) {
  return clock_text(span.from) + "-" + clock_text(span.until);
}

std::string clock_text(minutes after_midnight) {
  return fmt::format("{:02}:{:02}", after_midnight.count() / 60, after_midnight.count() % 60);
}

const TomlKeys<Limits>& limits_keys() {
  static const TomlKeys<Limits> keys{
      toml_key("cooldown", &Limits::cooldown, duration_or_off()),
      toml_key("repeat", &Limits::repeat, duration_or_off()),
      toml_key("per_member", &Limits::per_member, rate_or_off()),
      toml_key("ignore", &Limits::ignore, duration_or_off()),
      toml_key("two_bots", &Limits::two_bots, rate_or_off()),
      toml_key("per_group", &Limits::per_group, rate_or_off()),
      toml_key("per_account", &Limits::per_account, rate_or_off()),
      toml_key("reserve", &Limits::reserve, percent_or_off()),
      toml_key("jitter", &Limits::jitter, duration_or_off()),
      toml_key("in_flight", &Limits::in_flight, count_or_off()),
      toml_key("settle", &Limits::settle, duration_or_off()),
      toml_key("look_again", &Limits::look_again, duration_or_off()),
      toml_key("undecided", &Limits::undecided, duration_or_off()),
      toml_key("failures", &Limits::failures, count_or_off()),
      toml_key("pause", &Limits::pause, duration_or_off()),
      toml_key("unasked_hour", &Limits::unasked_hour, rate_or_off()),
      toml_key("unasked_day", &Limits::unasked_day, rate_or_off()),
      toml_key("quiet_hours", &Limits::quiet_hours, span_or_off()),
      toml_key("noon_quiet", &Limits::noon_quiet, span_or_off()),
      toml_key("stagger", &Limits::stagger, duration_or_off()),
      toml_key("merge_window", &Limits::merge_window, duration_or_off()),
      toml_key("merge_names", &Limits::merge_names, count_or_off()),
      toml_key("same_answer", &Limits::same_answer, duration_or_off()),
      toml_key("hint", &Limits::hint, duration_or_off()),
      toml_key("backlog", &Limits::backlog, duration_or_off()),
      toml_key("late_reply", &Limits::late_reply, duration_or_off()),
      toml_key("length", &Limits::length, count_or_off()),
      toml_key("lines", &Limits::lines, count_or_off()),
      toml_key("mentions", &Limits::mentions, count_or_off()),
      toml_key("everyone_day", &Limits::everyone_day, rate_or_off()),
  };
  return keys;
}

KeyLines read_limits(const TomlValue& table, Limits& into) {
  if (table.kind() != TomlValue::Kind::table) {
    table.error("limits must be a table", "write [limits] on a line of its own and the limits below it");
    return {};
  }
  KeyLines lines = read_table(table, limits_keys(), into);
  if (always_quiet(into)) {
    table.error("quiet_hours and noon_quiet leave no time of day to speak", "let one of the two end earlier");
  }
  if (into.cooldown) return lines;
  if (!lines.contains("repeat")) into.repeat.reset();
  if (!lines.contains("per_member")) into.per_member.reset();
  return lines;
}

}  // namespace bot
