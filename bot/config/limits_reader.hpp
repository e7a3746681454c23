#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "bot/base/result.hpp"
#include "bot/config/toml_reader.hpp"
#include "bot/desk/limits.hpp"

/// `[limits]` and the small languages of its values. Errors are Errc::bad_input; `detail` completes "cooldown
/// …" and does not repeat the text.
namespace bot {

/// "3s", "5m", "1h30m", "250ms", "1d" (24 hours): units from large to small, each once, no spaces; more than
/// nothing and at most 366 days.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);
/// "15/1m": 15 within a minute. The count is 1 to 1 000 000.
Result<Rate> parse_rate(std::string_view text);
/// "22:00-07:00"; both ends differ.
Result<DailySpan> parse_daily_span(std::string_view text);
/// "08:00": 00:00 to 23:59, always two digits.
Result<std::chrono::minutes> parse_clock(std::string_view text);

/// The inverse of the above, in the shortest form.
std::string duration_text(std::chrono::milliseconds duration);
std::string rate_text(const Rate& rate);
std::string daily_span_text(const DailySpan& span);
std::string clock_text(std::chrono::minutes after_midnight);

/// The members of Limits by their names.
const TomlKeys<Limits>& limits_keys();

/// Reads the table `[limits]`. "off" lifts a limit; `cooldown = "off"` also lifts `repeat` and `per_member`
/// unless the table sets them. Quiet hours that never end are an error.
KeyLines read_limits(const TomlValue& table, Limits& into);

}  // namespace bot
