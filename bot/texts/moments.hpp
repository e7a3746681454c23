#pragma once

#include <string>

#include "bot/base/random.hpp"
#include "bot/base/zone.hpp"
#include "bot/texts/texts.hpp"

namespace bot {

/// The day of the week, short: "Tue".
std::string worded_weekday(const Texts& texts, const std::string& language, LocalTime local, Random& random);

/// A moment in full, as the language says it: weekday, date, time (conversation.md E.1 rule 8).
std::string worded_moment(const Texts& texts, const std::string& language, const Zone& zone, Instant at,
                          Random& random);

}  // namespace bot
