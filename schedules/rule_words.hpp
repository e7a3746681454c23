#pragma once

#include <functional>
#include <string>

#include "bot/texts/texts.hpp"
#include "schedules/recurrence.hpp"

namespace schedules {

/// Words one text of content/words/<language>/schedule.toml.
using Wording = std::function<std::string(std::string key, bot::Values values)>;

/// The rule in words that parse_rule() understands again: "每个工作日 17:50", "every second week on Tuesday
/// 08:00".
std::string rule_words(const Rule& rule, const Wording& worded);

/// The same without the times, for days that are no single one: "every year lunar 8-15".
std::string day_words(const Days& days, const Wording& worded);

}  // namespace schedules
