// The part of the desk that learns what became of its messages.
#include "bot/base/log.hpp"
#include "bot/base/utf8.hpp"
#include "bot/desk/desk.hpp"

namespace bot {

namespace {

constexpr std::size_t kShown = 40;  // characters of a message, for who is told about it
constexpr auto kToldWithin = std::chrono::hours(12);

std::string beginning(const std::string& text) {
  const std::string line = text.substr(0, text.find('\n'));
  const std::string_view kept = utf8::cut(line, kShown);
  return kept.size() == line.size() ? line : std::string(kept) + "\u2026";
}

}  // namespace

void Desk::settle(const Event& event, const Settled& settled, Work& work) {
  const Outbox::Moment at{parts_.clock.now(), parts_.clock.steady()};
  if (settled.outbox == 0 && settled.subject.empty()) {
    outbox_.weigh(event.where, settled.outcome, at.steady);
  } else {
    outbox_.settle(work.begin(), event.where, settled, at.now, at.steady);
  }
  // There will be no other sign that a chat may be tried again.
  if (!hears(event.where.account)) outbox_.heard(event.where);
  tell_news(work);
}

void Desk::tell_news(Work& work) {
  for (const Outbox::News& news : outbox_.take_news()) {
    if (const auto* lost = std::get_if<Outbox::Unresolved>(&news)) {
      give_up(lost->delivery, work.begin());
    } else if (const auto* chat = std::get_if<Outbox::ChatPaused>(&news)) {
      tell_paused(*chat, work.begin());
    } else {
      tell_paused(std::get<Outbox::AccountPaused>(news));
    }
  }
}

void Desk::tell_paused(const Outbox::ChatPaused& news, sql::Db& db) {
  log::warning(news.paused ? "a chat refuses messages; paused" : "a chat takes messages again",
               {{"account", news.chat.account}, {"chat", news.chat.chat}, {"why", news.reason}});
  if (news.chat.direct) return;
  tell_admins(news.chat, news.paused ? "core.chat_paused" : "core.chat_again", {{"reason", news.reason}}, db);
}

void Desk::tell_paused(const Outbox::AccountPaused& news) const {
  log::warning(news.paused ? "sends fail; only urgent messages leave for a while" : "sends work again",
               {{"account", news.account}});
  Alarm alarm{.kind = "failing", .account = news.account, .text = {}, .over = !news.paused};
  const Said said{news.paused ? "alarm.failing" : "alarm.failing_over", {{"account", news.account}}};
  alarm.text = parts_.content->texts.render(parts_.groups.fallback().language, said, random_);
  if (parts_.bell != nullptr) parts_.bell->ring(alarm);
}

void Desk::look_back(Work& work) {
  const Outbox::Moment at{parts_.clock.now(), parts_.clock.steady()};
  for (const Address& chat : outbox_.look_backs(at.steady)) {
    if (has_history(chat)) {
      parts_.postman.read_history(chat, Undecided::kReading);
    } else {
      HistoryRead none;
      none.supported = false;
      none.asked = Undecided::kReading;
      outbox_.hear(work.begin(), chat, none, at);
    }
  }
  tell_news(work);
}

/// What tells the fate of a message whose answer did not.
void Desk::hear_of_own(const Event& event, Work& work) {
  const Outbox::Moment at{parts_.clock.now(), parts_.clock.steady()};
  if (const auto* late = std::get_if<AnsweredLate>(&event.what)) {
    outbox_.hear(work.begin(), event.where, *late, at);
  } else if (const auto* own = std::get_if<OwnMessage>(&event.what)) {
    if (outbox_.awaits(event.where)) outbox_.hear(work.begin(), event.where, event.at, *own, at);
  }
  tell_news(work);
}

/// Nobody will ever know whether it arrived: what may be said twice is said once more and says so, of the
/// rest the admins are told (reliability B.1).
void Desk::give_up(const Delivery& lost, sql::Db& db) {
  if (!lost.push || lost.to.direct) return;
  const Instant now = parts_.clock.now();
  const bool again = lost.repeatable && lost.expires > now && quiet_until(heard_at(lost.to)) <= now;
  if (again) {
    Turn turn(parts_of_turn(lost.to, parts_.groups.find(lost.to)));
    Delivery repeated = lost;
    repeated.message = Message(turn.worded("core.again", {{"text", lost.message.plain()}}));
    repeated.kind = "core.again";
    repeated.again_of = lost.outbox;
    repeated.repeatable = false;
    outbox_.plan(db, repeated, now);
    outbox_.enqueue(std::move(repeated));
  }
  tell_admins(lost.to, "core.unresolved", {{"text", beginning(lost.message.plain())}, {"again", again}}, db);
}

void Desk::tell_for_admins(const Reply& reply, sql::Db& db) {
  for (const Reply::Line& line : reply.lines()) {
    if (line.admins_of) tell_admins(*line.admins_of, line.said.key, line.said.values, db);
  }
}

void Desk::tell_admins(const Address& group, const std::string& key, Values values, sql::Db& db) {
  const GroupProfile& profile = parts_.groups.find(group);
  const Instant now = parts_.clock.now();
  values.set("group", group_name(group));
  Turn turn(parts_of_turn(group, profile));
  const std::string text = turn.worded(key, std::move(values));
  // A door that only pushes reaches nobody in private.
  const std::string& account = profile.account.empty() ? group.account : profile.account;
  for (const std::string& admin : profile.admins) {
    Delivery note({account, admin, true}, Message(text));
    if (!parts_.postman.capabilities(note.to).push) continue;
    note.kind = key;
    note.expires = now + kToldWithin;
    outbox_.plan(db, note, now);
    outbox_.enqueue(std::move(note));
  }
}

}  // namespace bot
