// The part of the desk that speaks unasked.
#include <algorithm>

#include "bot/base/log.hpp"
#include "bot/base/utf8.hpp"
#include "bot/desk/desk.hpp"
#include "bot/desk/doors.hpp"

namespace bot {

namespace {

constexpr auto kLookedUpEvery = std::chrono::minutes(1);
constexpr auto kReported = std::chrono::hours(24 * 7);
constexpr std::size_t kDigestsAtOnce = 500;
constexpr auto kHeldLongest = std::chrono::hours(24);
constexpr auto kDigestKept = std::chrono::hours(12);
constexpr std::size_t kDigestLines = 8;
constexpr std::size_t kDigestCharacters = 24;

/// When the group may be told again by this rate: when the `count`-th latest push leaves the window.
Instant free_again(sql::Db& db, const Address& where, const Rate& rate, Instant now) {
  const auto rows = db.query(
      "SELECT planned_at FROM outbox WHERE account = $1 AND chat = $2 AND push = 1 AND planned_at > $3 AND "
      "planned_at <= $4 AND state <> 'missed' ORDER BY planned_at DESC LIMIT $5",
      {where.account, where.chat, in_ms(now - rate.window), in_ms(now), rate.count});
  const bool free = static_cast<std::int64_t>(rows.size()) < rate.count;
  return free ? now : from_ms(rows.back().integer(0)) + rate.window + Milliseconds(1);
}

std::string first_line(const std::string& text) {
  const std::string line = text.substr(0, text.find('\n'));
  const std::string_view kept = utf8::cut(line, kDigestCharacters);
  return kept.size() == line.size() ? line : std::string(kept) + "\u2026";
}

Reply digest_reply(const std::vector<Digest::Item>& items, bool after_quiet) {
  std::vector<Values> lines;
  for (const Digest::Item& item : items) {
    if (lines.size() == kDigestLines) break;
    lines.push_back(
        {{"text", first_line(item.text)}, {"id", item.subject}, {"named", !item.subject.empty()}});
  }
  Values values;
  values.set("count", static_cast<std::int64_t>(items.size()));
  values.set("items", std::move(lines)).set("more", items.size() > kDigestLines);
  values.set("after_quiet", after_quiet);
  return Reply::say("core.digest", std::move(values));
}

}  // namespace

void Desk::run_schedules(Work& work) {
  run_merged(work);
  watch_hold();
  watch_quiet(work);
  if (!held_.empty()) return;
  const Instant now = parts_.clock.now();
  for (const Address& where : digest_.due(now, kDigestsAtOnce)) run_digest(where, work);
  for (const Due& due : parts_.agenda.due(now)) run_due(due, work);
}

void Desk::watch_hold() {
  std::string why = parts_.agenda.held(parts_.clock.now());
  if (why == held_) return;
  held_ = std::move(why);
  outbox_.hold_scheduled(!held_.empty());
  if (held_.empty()) {
    log::info("pushes go on", {});
    digest_.try_all(parts_.clock.now());
  } else if (held_ == "restored") {
    log::warning("a backup was restored; all pushes are held until an admin says \"resume-pushes\"",
                 {{"why", held_}});
  } else {
    log::error("the clock cannot be right; all pushes are held", {{"why", held_}});
  }
}

Instant Desk::unasked_again_at(const Address& where, const GroupProfile& group, Instant now) const {
  Instant again = std::max(now, quiet_until(where));
  const Address told = push_door(group, where);
  for (const auto& rate : {parts_.limits.unasked_day, parts_.limits.unasked_hour}) {
    if (rate) again = std::max(again, free_again(parts_.db, told, *rate, now));
  }
  const LocalTime local = group.zone.to_local(again);
  const LocalTime allowed = after_quiet_hours(parts_.limits, local);
  return allowed == local ? again : group.zone.to_instant(allowed);
}

std::string Desk::why_not(const Due& due) const {
  if (!due.missed.empty()) return due.missed;
  return parts_.registry.occasion(due.push->occasion) == nullptr ? "no such occasion" : "";
}

void Desk::run_due(const Due& due, Work& work) {
  sql::Db& db = work.begin();
  if (parts_.agenda.is_booked(db, due)) return;
  const Instant now = parts_.clock.now();
  if (const std::string reason = why_not(due); !reason.empty()) {
    parts_.agenda.book(db, due, {"missed", reason, 0, now});
    return;
  }
  try {
    push(due, db);
  } catch (const sql::Unavailable&) {
    throw;
  } catch (const std::exception& failure) {
    ++figures_.failed;
    log::error("a push failed", {{"occasion", due.push->occasion}, {"why", failure.what()}});
    parts_.agenda.reread(db, due.target, now);
    parts_.agenda.book(db, due, {"missed", "error", 0, now});
  }
}

/// At most so often a day (conversation.md E.4); else, and where the platform's own quota is used up, the
/// headline says it.
void Desk::address_everyone(Turn& turn, Delivery& first, sql::Db& db) const {
  const std::string headline = turn.worded("core.everyone");
  Message addressed;
  if (may_address_everyone(first.to, turn.now(), db)) {
    addressed.add(MentionAll{}).add(Text{" "});
    first.everyone = headline;
  } else {
    addressed.add(Text{headline});
  }
  for (const Segment& part : first.message.parts()) addressed.add(part);
  first.message = std::move(addressed);
}

bool Desk::may_address_everyone(const Address& group, Instant now, sql::Db& db) const {
  const auto& rate = parts_.limits.everyone_day;
  if (!rate) return true;
  const auto rows = db.query(
      "SELECT count(*) FROM outbox WHERE account = $1 AND chat = $2 AND push = 1 AND planned_at > $3 AND "
      "everyone <> '' AND state NOT IN ('missed', 'refused')",
      {group.account, group.chat, in_ms(now - rate->window)});
  return rows.front().integer(0) < rate->count;
}

/// As its file says, else as its kind has it.
bool Desk::is_repeatable(const Push& push) const {
  if (!push.unsure.empty()) return push.unsure == "again";
  return parts_.registry.is_repeatable(push.occasion);
}

void Desk::push(const Due& due, sql::Db& db) {
  const Instant now = parts_.clock.now();
  const bool unasked = due.push->person.empty();
  const bool limited = unasked && !due.push->urgent;
  Turn::Parts parts = parts_of_turn(due.target, *due.group);
  parts.at = due.at;
  parts.due = &due;
  parts.told = unasked ? push_door(*due.group, due.target) : personal_door(due);
  const Instant again = again_at(due, parts.told);
  Turn turn(std::move(parts));
  sql::Savepoint savepoint(db);
  const Reply reply = (*parts_.registry.occasion(due.push->occasion))(turn);
  std::vector<Delivery> deliveries = worded(turn, reply, false);
  if (due.push->everyone && !deliveries.empty()) address_everyone(turn, deliveries.front(), db);
  if (!deliveries.empty() && again > now) {
    hold(due, deliveries, again, db);
    savepoint.keep();
    return;
  }
  Booking booking{deliveries.empty() ? "skipped" : "planned", deliveries.empty() ? "nothing to say" : "", 0,
                  now};
  for (Delivery& delivery : deliveries) {
    delivery.push = unasked;
    delivery.asked_for = !unasked;
    if (delivery.to.direct && !due.target.direct) delivery.subject.clear();  // its number is the group's
    delivery.priority = due.push->urgent ? Priority::urgent : unasked ? Priority::push : Priority::reply;
    delivery.repeatable = is_repeatable(*due.push);
    delivery.expires = limited ? std::min(due.expires, quiet_from(*due.group, now)) : due.expires;
    outbox_.plan(db, delivery, now);
    booking.outbox = delivery.outbox;
  }
  parts_.agenda.book(db, due, booking);
  savepoint.keep();
  for (Delivery& delivery : deliveries) outbox_.enqueue(std::move(delivery));
}

/// Behind what is held already, which would else never find room.
Instant Desk::again_at(const Due& due, const Address& told) const {
  const Instant now = parts_.clock.now();
  if (due.push->urgent) return now;
  if (due.push->person.empty())
    return std::max(unasked_again_at(due.target, *due.group, now), digest_.try_at(due.target));
  return told.direct ? now : std::max(now, quiet_until(due.target));
}

void Desk::hold(const Due& due, const std::vector<Delivery>& deliveries, Instant again, sql::Db& db) {
  parts_.agenda.book(db, due, {"held", "enough for now", 0, parts_.clock.now()});
  const Instant expires =
      due.push->expires ? due.expires : std::max(due.at, quiet_until(due.target)) + kHeldLongest;
  for (const Delivery& delivery : deliveries) {
    digest_.hold(db, due.target, {text_when_held(delivery), delivery.subject, due.at, due.schedule, expires},
                 again);
  }
}

void Desk::run_digest(const Address& where, Work& work) {
  sql::Db& db = work.begin();
  try {
    sql::Savepoint savepoint(db);
    tell_digest(where, db);
    savepoint.keep();
  } catch (const sql::Unavailable&) {
    throw;
  } catch (const std::exception& failure) {
    ++figures_.failed;
    log::error("a digest failed", {{"chat", where.chat}, {"why", failure.what()}});
    digest_.postpone(db, where, parts_.clock.now() + std::chrono::hours(1));
  }
}

/// When the group's next quiet hours begin; what waits longer for its platform is not said at night.
Instant Desk::quiet_from(const GroupProfile& group, Instant now) const {
  const auto quiet = next_quiet_hours(parts_.limits, group.zone.to_local(now));
  return quiet ? group.zone.to_instant(*quiet) : Instant::max();
}

void Desk::tell_digest(const Address& where, sql::Db& db) {
  const GroupProfile& group = parts_.groups.find(where);
  const Instant now = parts_.clock.now();
  if (const Instant again = unasked_again_at(where, group, now); again > now) {
    return digest_.postpone(db, where, again);
  }
  std::vector<Digest::Item> items = digest_.take(db, where);
  for (const Digest::Item& item : items) {
    if (item.expires <= now) parts_.agenda.give_up(db, where, item.schedule, item.at);
  }
  std::erase_if(items, [now](const Digest::Item& item) { return item.expires <= now; });
  if (items.empty()) return;
  Turn::Parts parts = parts_of_turn(where, group);
  parts.told = push_door(group, where);
  Turn turn(std::move(parts));
  const bool after_quiet = courtesy_.quiet.silenced(where, items.front().at);
  std::vector<Delivery> deliveries = worded(turn, digest_reply(items, after_quiet), false);
  if (items.size() == 1) {
    deliveries = parts_of(turn, Delivery(turn.told(), {}), {}, items.front().text);
    for (Delivery& delivery : deliveries) delivery.kind = "core.digest";
  }
  for (Delivery& delivery : deliveries) {
    delivery.push = true;
    delivery.priority = Priority::push;
    delivery.subject = items.size() == 1 ? items.front().subject : "";
    delivery.expires = std::min(now + kDigestKept, quiet_from(group, now));
    outbox_.plan(db, delivery, now);
    outbox_.enqueue(std::move(delivery));
  }
}

Instant Desk::next_due() const {
  const Instant next = std::min(parts_.agenda.next(parts_.clock.now()), merging_.next());
  return held_.empty() ? std::min(next, digest_.next()) : next;
}

Health Desk::health(const Address& where) const {
  const Instant now = parts_.clock.now();
  Health health;
  for (const auto& [name, account] : accounts_) health.accounts.push_back(account);
  const auto count = [this, now](std::string_view state) {
    return parts_.db
        .query("SELECT count(*) FROM outbox WHERE sent = 0 AND state = $1 AND planned_at > $2",
               {state, in_ms(now - kReported)})
        .front()
        .integer(0);
  };
  health.waiting = static_cast<std::int64_t>(outbox_.waiting());
  health.deciding = static_cast<std::int64_t>(outbox_.undecided());
  health.unknown = count("unresolved");
  health.refused = count("refused");
  health.missed = count("missed");
  health.muted = static_cast<std::int64_t>(outbox_.refused_chats());
  health.database_bytes = parts_.db.size();
  health.pruned = pruning_.gone();
  health.started = started_;
  health.held = parts_.agenda.held(now);
  health.quiet_until = courtesy_.quiet.until(where, now);
  const std::optional<Address> group = where.direct ? std::nullopt : std::optional(where);
  for (Due& due : parts_.agenda.upcoming(now, now + std::chrono::hours(24 * 7), group)) {
    // Neither a person's own reminders nor a feature's own jobs, which may have nothing to say.
    if (!due.push->person.empty() || due.push->subject.empty()) continue;
    health.next.push_back(std::move(due));
    if (health.next.size() == 3) break;
  }
  return health;
}

Figures Desk::figures() {
  look_up_figures(parts_.clock.steady());
  Figures figures = figures_;
  figures.messages = outbox_.counts();
  for (const auto& [name, account] : accounts_) figures.accounts_up[name] = account.up;
  figures.in_flight = static_cast<std::int64_t>(outbox_.in_flight());
  figures.waiting = static_cast<std::int64_t>(outbox_.waiting()) - figures.in_flight;
  figures.pushes_held = !held_.empty();
  return figures;
}

void Desk::look_up_figures(SteadyTime now) {
  if (looked_up_ != SteadyTime{} && now - looked_up_ < kLookedUpEvery) return;
  looked_up_ = now;
  figures_.oldest_unknown = outbox_.oldest_unknown();
  figures_.database_bytes = parts_.db.size();
}

}  // namespace bot
