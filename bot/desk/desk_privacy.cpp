// The part of the desk that stores what a group wants stored, and forgets people who ask for it.
#include "bot/desk/desk.hpp"

namespace bot {

/// Schedules may have been anybody's, in any group.
void Desk::forget(const sql::Subject& who) const {
  const Instant now = parts_.clock.now();
  people::forget(parts_.db, parts_.personal, parts_.forgotten, who, random_, now);
  parts_.archive.load(parts_.db);
  courtesy_.load(parts_.db);
  for (const auto& [account, user] : who.accounts)
    parts_.agenda.reread(parts_.db, {account, user, true}, now);
  for (const KnownGroups::Entry& group : parts_.known.all())
    parts_.agenda.reread(parts_.db, group.where, now);
}

/// Said before the person was forgotten: delivered again, or read back from a chat's history.
bool Desk::is_forgotten(const Event& event, const MessagePosted& posted) const {
  const auto at = parts_.forgotten.at(event.where.account, posted.from.id);
  return at && event.at <= *at;
}

/// Forgotten, and has asked nothing of the bot since: neither a list nor the archive brings people back.
bool Desk::is_unknown_again(const Address& group, const std::string& user) const {
  return parts_.forgotten.at(group.account, user) && people::look_up(parts_.db, group, user).person == 0;
}

void Desk::keep_in_archive(const Event& event, const MessagePosted& posted, Work& work) {
  if (event.where.direct || !parts_.archive.wants(event.where, posted.from)) return;
  if (is_forgotten(event, posted) || is_unknown_again(event.where, posted.from.id)) return;
  parts_.archive.add(work.begin(), event, posted);
}

}  // namespace bot
