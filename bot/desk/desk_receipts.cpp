// The part of the desk that learns what became of its messages.
#include "bot/base/utf8.hpp"
#include "bot/desk/desk.hpp"

namespace bot {

namespace {

constexpr std::size_t kLookedBack = 50;  // messages of a chat, to find one of ours
constexpr std::size_t kShown = 40;       // characters of a message, for who is told about it
constexpr auto kToldWithin = std::chrono::hours(12);

std::string beginning(const std::string& text) {
  const std::string line = text.substr(0, text.find('\n'));
  const std::string_view kept = utf8::cut(line, kShown);
  return kept.size() == line.size() ? line : std::string(kept) + "\u2026";
}

}  // namespace

void Desk::settle(const Event& event, const Settled& settled, Work& work) {
  if (settled.outbox == 0 && settled.subject.empty()) return;
  outbox_.settle(work.begin(), event.where, settled, parts_.clock.now(), parts_.clock.steady());
}

void Desk::look_back() {
  for (const Address& chat : outbox_.look_backs(parts_.clock.steady())) {
    parts_.postman.read_history(chat, kLookedBack);
  }
}

/// What tells the fate of a message whose answer did not.
void Desk::hear_of_own(const Event& event, Work& work) {
  const Outbox::Moment at{parts_.clock.now(), parts_.clock.steady()};
  if (const auto* late = std::get_if<AnsweredLate>(&event.what)) {
    outbox_.hear(work.begin(), *late, event.where.account, at);
  } else if (const auto* own = std::get_if<OwnMessage>(&event.what)) {
    if (outbox_.awaits(event.where)) outbox_.hear(work.begin(), event.where, event.at, *own, at);
  } else if (const auto* history = std::get_if<HistoryRead>(&event.what)) {
    if (outbox_.awaits(event.where)) outbox_.hear(work.begin(), event.where, *history, at);
  }
  for (const Delivery& lost : outbox_.take_unresolved()) give_up(lost, work.begin());
}

/// Nobody will ever know whether it arrived: what may be said twice is said once more and says so, of the
/// rest the admins are told (reliability B.1).
void Desk::give_up(const Delivery& lost, sql::Db& db) {
  if (!lost.push || lost.to.direct) return;
  const Instant now = parts_.clock.now();
  const bool again = lost.repeatable && lost.expires > now;
  if (again) {
    Turn turn(parts_of_turn(lost.to, parts_.groups.find(lost.to)));
    Delivery repeated = lost;
    repeated.message = Message(turn.worded("core.again", {{"text", lost.message.plain()}}));
    repeated.again_of = lost.outbox;
    repeated.repeatable = false;
    outbox_.plan(db, repeated, now);
    outbox_.enqueue(std::move(repeated));
  }
  tell_admins(lost.to, "core.unresolved", {{"text", beginning(lost.message.plain())}, {"again", again}}, db);
}

void Desk::tell_admins(const Address& group, const std::string& key, Values values, sql::Db& db) {
  const GroupProfile& profile = parts_.groups.find(group);
  const Instant now = parts_.clock.now();
  const std::string& known = parts_.known.name(group);
  values.set("group", !profile.name.empty() ? profile.name : known.empty() ? group.chat : known);
  Turn turn(parts_of_turn(group, profile));
  const std::string text = turn.worded(key, std::move(values));
  for (const std::string& admin : profile.admins) {
    Delivery note({group.account, admin, true}, Message(text));
    note.kind = key;
    note.expires = now + kToldWithin;
    outbox_.plan(db, note, now);
    outbox_.enqueue(std::move(note));
  }
}

}  // namespace bot
