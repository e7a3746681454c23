#include "bot/desk/event_key.hpp"

#include <fmt/format.h>

#include "bot/base/hashes.hpp"

namespace bot {

/// The message id alone may repeat.
EventKey::EventKey(const Event& event, const MessagePosted& posted)
    : at_(in_ms(event.at)),
      plain_(fmt::format("{}|{}|{}|{}|{}|{}|{:x}", at_, event.where.account, event.where.chat, posted.from.id,
                         posted.id, event.sequence, std::hash<std::string>{}(posted.message.plain()))) {}

bool EventKey::book(sql::Db& db, const std::string& command, Instant now) const {
  // An older program stored the plain key; such rows last a week.
  if (!db.query("SELECT 1 FROM inbox WHERE event_key = $1", {plain_}).empty()) return false;
  // The time comes first, so that new rows are neighbours.
  return db.execute(
             "INSERT INTO inbox (event_key, command, at) VALUES ($1, $2, $3) ON CONFLICT (event_key) DO "
             "NOTHING",
             {fmt::format("{}|{}", at_, sha256_hex(plain_)), command, in_ms(now)}) > 0;
}

}  // namespace bot
