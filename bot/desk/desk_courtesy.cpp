// The part of the desk that refrains from what groups and people asked it not to do.
#include <algorithm>

#include "bot/chat/shown_name.hpp"
#include "bot/desk/desk.hpp"
#include "bot/desk/mentions.hpp"
#include "bot/desk/outbox_rows.hpp"
#include "bot/texts/tokens.hpp"

namespace bot {

namespace {

/// Who may ask for quiet is answered in it, and is never ignored.
constexpr Role kQuiets = Role::manager;

}  // namespace

// ---- who is meant ---------------------------------------------------------------------------------------

std::string Desk::listed_name(const Address& group, const std::string& user) const {
  const std::vector<people::Listed> members = people::members(parts_.db, group);
  const auto found = std::ranges::find(members, user, &people::Listed::user);
  return found == members.end() || found->shown.empty() ? user : found->shown;
}

Member Desk::somebody(const Address& where, const std::string& user) const {
  const Sender sender = speakers_.last(where, user).value_or(Sender{user, {}});
  const people::Record record = people::look_up(parts_.db, where, user);
  const std::string said = sender.name.empty() ? std::string() : shown_name(sender);
  return {user,
          !record.name.empty() ? record.name
          : !said.empty()      ? said
                               : listed_name(where, user),
          role_of(sender, where.account, record, parts_.groups.find(where)), record.person};
}

/// The quoted message is the object (conversation.md E.1 rule 2).
bool Desk::names_object(const Event& event, const MessagePosted& posted) const {
  if (!posted.quotes) return false;
  const std::string subject = outbox_rows::subject_of(parts_.db, event.where, *posted.quotes);
  return object_id(compact_form(subject)).has_value();
}

/// Admins are never ignored, whatever they were when they were put on the list.
bool Desk::is_ignored(const Event& event, const MessagePosted& posted, const GroupProfile& group) {
  if (event.where.direct || !courtesy_.ignored.holds(event.where, posted.from.id, parts_.clock.now()))
    return false;
  const people::Record record = people::look_up(parts_.db, event.where, posted.from.id);
  if (may(role_of(posted.from, event.where.account, record, group), kQuiets)) return false;
  awaits_members(event, posted);
  return true;
}

/// Two robots that answer each other would never end; the admins are told whom to silence for good.
bool Desk::is_robot(const Event& event, const MessagePosted& posted, Work& work) {
  const Manners::Verdict verdict = manners_.as_robot(event.where, posted.from.id, parts_.clock.steady());
  if (verdict == Manners::Verdict::tell_once && !event.where.direct)
    tell_admins(event.where, "core.robot", {{"name", shown_name(posted.from)}}, work.begin());
  return verdict != Manners::Verdict::answer;
}

// ---- groups that are quiet ------------------------------------------------------------------------------

/// The group that is told at this address.
Address Desk::heard_at(const Address& told) const {
  const GroupProfile& group = parts_.groups.find(told);
  return group.account.empty() ? told : Address{group.account, group.chat, false};
}

/// Or a moment that is over.
Instant Desk::quiet_until(const Address& where) const {
  return courtesy_.quiet.until(where, parts_.clock.now()).value_or(Instant::min());
}

/// Admins are answered as ever: else nobody could end it.
bool Desk::is_hushed(const Turn& turn) const {
  return !turn.member().user.empty() && !may(turn.member().role, kQuiets) &&
         courtesy_.quiet.until(turn.where(), parts_.clock.now()).has_value();
}

/// Nowhere when the group is quiet and the platform reaches nobody in private.
std::optional<Address> Desk::place_of(const Turn& turn, const Reply::Line& line) const {
  if (turn.told().direct) return turn.told();
  Address person{turn.where().account, turn.member().user, true};
  if (line.in_private) return person;
  if (!is_hushed(turn)) return turn.told();
  return parts_.postman.capabilities(person).push ? std::optional(std::move(person)) : std::nullopt;
}

/// What many do in a quiet group is booked without a word.
Reply Desk::without_noise(const Turn& turn, Reply reply) const {
  if (!is_hushed(turn)) return reply;
  Reply kept;
  kept.about(reply.subject());
  for (const Reply::Line& line : reply.lines()) {
    if (!line.merged || line.in_private) kept.add(line);
  }
  return kept;
}

/// Where an answer to the turn's question will be typed.
Address Desk::asked_at(const Turn& turn) const {
  return is_hushed(turn) ? Address{turn.where().account, turn.member().user, true} : turn.where();
}

/// What was held until the end is told when the new one comes.
void Desk::watch_quiet(Work& work) {
  const Instant now = parts_.clock.now();
  for (const Address& where : courtesy_.quiet.take_changed()) {
    if (digest_.try_at(where) == Instant::min()) continue;
    digest_.postpone(work.begin(), where, std::max(now, quiet_until(where)));
  }
}

// ---- people who do not want to be mentioned -------------------------------------------------------------

/// Where a person is told what he or she has planned: where it was planned, unless the group is quiet or the
/// person not to be mentioned, and the platform reaches the person in private.
Address Desk::personal_door(const Due& due) const {
  const Address person{due.target.account, due.push->person, true};
  if (due.target.direct) return due.target;
  const bool quiet = !due.push->urgent && quiet_until(due.target) > parts_.clock.now();
  const bool unwelcome = quiet || courtesy_.unmentioned.holds(person.account, person.chat);
  return unwelcome && parts_.postman.capabilities(person).push ? person : due.target;
}

Message Desk::with_welcome_mentions(const Message& message, const Address& to) const {
  const auto unwilling = [&](const std::string& user) {
    return courtesy_.unmentioned.holds(to.account, user);
  };
  const auto name_of = [&](const std::string& user) { return courtesy_.unmentioned.name(to.account, user); };
  return limited_mentions(without_mentions_of(unwilling, message, name_of), parts_.limits.mentions, name_of);
}

/// A digest mentions nobody.
std::string Desk::text_when_held(const Delivery& delivery) const {
  const auto name_of = [&](const std::string& user) {
    const bool unwilling = courtesy_.unmentioned.holds(delivery.to.account, user);
    return (unwilling ? "" : "@") + somebody(delivery.to, user).name;
  };
  return without_mentions_of([](const std::string&) { return true; }, delivery.message, name_of).plain();
}

}  // namespace bot
