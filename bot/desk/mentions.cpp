#include "bot/desk/mentions.hpp"

#include <set>
#include <utility>

namespace bot {

Message without_mentions_of(const std::function<bool(const std::string& user)>& unwilling,
                            const Message& message,
                            const std::function<std::string(const std::string& user)>& name_of) {
  Message kept;
  for (const Segment& part : message.parts()) {
    const auto* mention = std::get_if<Mention>(&part);
    const bool named = mention != nullptr && unwilling(mention->user);
    kept.add(named ? Segment(Text{name_of(mention->user)}) : part);
  }
  return kept;
}

Message limited_mentions(const Message& message, std::optional<std::int64_t> most,
                         const std::function<std::string(const std::string& user)>& name_of) {
  if (!most) return message;
  Message limited;
  std::set<std::string> mentioned;
  for (const Segment& part : message.parts()) {
    const auto* mention = std::get_if<Mention>(&part);
    const bool room = static_cast<std::int64_t>(mentioned.size()) < *most;
    if (mention == nullptr || (room && mentioned.insert(mention->user).second)) {
      limited.add(part);
    } else {
      limited.add(Text{"@" + name_of(mention->user)});
    }
  }
  return limited;
}

}  // namespace bot
