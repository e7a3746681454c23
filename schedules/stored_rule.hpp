#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schedules/recurrence.hpp"

namespace schedules {

/// The rule as one line of JSON, for the database. What a later version reads is what was meant, however the
/// grammar of phrases has changed since.
std::string stored(const Rule& rule);

/// nullopt for anything that stored() does not write.
std::optional<Rule> restored(std::string_view text);

/// What Push::when says: a stored rule, or a phrase as it stands in a file.
std::optional<Rule> rule_of(std::string_view when);

}  // namespace schedules
