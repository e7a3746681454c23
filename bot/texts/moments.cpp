#include "bot/texts/moments.hpp"

#include <array>

namespace bot {

std::string worded_weekday(const Texts& texts, const std::string& language, LocalTime local, Random& random) {
  static constexpr std::array<const char*, 7> kWeekdays{"core.sunday",    "core.monday",   "core.tuesday",
                                                        "core.wednesday", "core.thursday", "core.friday",
                                                        "core.saturday"};
  return texts.render(language, {kWeekdays[weekday_of(local)], {}}, random);
}

std::string worded_moment(const Texts& texts, const std::string& language, const Zone& zone, Instant at,
                          Random& random) {
  const LocalTime local = zone.to_local(at);
  const std::string weekday = worded_weekday(texts, language, local, random);
  const Values values{{"weekday", weekday}, {"date", iso_date(local)}, {"time", clock_time(local)}};
  return texts.render(language, {"core.moment", values}, random);
}

}  // namespace bot
