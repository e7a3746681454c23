#include "bot/desk/turn.hpp"

#include "bot/desk/outbox.hpp"
#include "bot/desk/outbox_rows.hpp"
#include "bot/people/naming.hpp"
#include "bot/texts/moments.hpp"

namespace bot {

std::string Turn::quoted_subject() {
  return parts_.quotes ? outbox_rows::subject_of(parts_.db, parts_.where, *parts_.quotes) : std::string();
}

std::string Turn::confirm() {
  constexpr std::uint64_t kCodes = 9000;
  const std::string code = std::to_string(1000 + parts_.random.below(kCodes));
  ask({{{code, parts_.order.said, true}}});
  return code;
}

bool Turn::was_called_lately() {
  constexpr auto kLately = std::chrono::hours(24);
  return outbox_rows::has_mentioned(parts_.db, parts_.where, parts_.member.user, parts_.now - kLately);
}

std::string Turn::worded(std::string key, Values values) {
  return parts_.content.texts.render(parts_.group.language, Said{std::move(key), std::move(values)},
                                     parts_.random);
}

std::string Turn::named(const people::Listed& listed) {
  const std::string tail = listed.shown.empty() || listed.ambiguous
                               ? worded("core.tail", {{"tail", people::id_tail(listed.user)}})
                               : std::string();
  if (listed.shown.empty()) return tail;
  return tail.empty()
             ? listed.shown
             : worded("core.with_tail", {{"name", listed.shown}, {"tail", people::id_tail(listed.user)}});
}

std::string Turn::moment(Instant at) {
  return worded_moment(parts_.content.texts, parts_.group.language, parts_.group.zone, at, parts_.random);
}

}  // namespace bot
