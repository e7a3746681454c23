#include "bot/desk/outbox.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <unordered_set>

#include "bot/base/log.hpp"
#include "bot/desk/attempts.hpp"
#include "bot/desk/read_back.hpp"

namespace bot {

namespace {

constexpr auto kRetryDelay = std::chrono::seconds(1);
/// Among which a message id is looked for; ids repeat sooner or later (reliability E2).
constexpr std::int64_t kLatestRows = 10'000;

std::string reason_of(const SendOutcome& outcome) {
  struct Reader {
    std::string operator()(const Sent&) const { return {}; }
    std::string operator()(const NotSent& not_sent) const { return not_sent.reason; }
    std::string operator()(const Refused& refused) const { return refused.reason; }
    std::string operator()(const Unknown& unknown) const { return unknown.reason; }
  };
  return std::visit(Reader{}, outcome);
}

/// What the column `push` says.
constexpr std::int64_t kUnasked = 1;
constexpr std::int64_t kAskedFor = 2;

std::int64_t origin(const Delivery& delivery) {
  return delivery.push ? kUnasked : delivery.asked_for ? kAskedFor : 0;
}

constexpr std::string_view kColumns =
    "SELECT id, account, chat, direct, body, kind, subject, push, expires_at, mention, repeatable, again_of, "
    "priority, part_of, last_part, everyone FROM outbox ";

Delivery delivery_of(const sql::Row& row) {
  Message message;
  if (row.integer(15) != 0) message.add(MentionAll{});
  if (!row.text(9).empty()) message.add(Mention{row.text(9)});
  message.add(Text{row.text(4)});
  Delivery delivery(Address{row.text(1), row.text(2), row.integer(3) != 0}, std::move(message));
  delivery.outbox = row.integer(0);
  delivery.kind = row.text(5);
  delivery.subject = row.text(6);
  delivery.push = row.integer(7) == kUnasked;
  delivery.asked_for = row.integer(7) == kAskedFor;
  delivery.expires = from_ms(row.integer(8));
  delivery.repeatable = row.integer(10) != 0;
  delivery.again_of = row.integer(11);
  delivery.priority = static_cast<Priority>(row.integer(12));
  delivery.part_of = row.integer(13);
  delivery.last_part = row.integer(14) != 0;
  return delivery;
}

void mark(sql::Db& db, std::int64_t row, std::string_view state, const std::string& reason, Instant now) {
  db.execute("UPDATE outbox SET state = $2, reason = $3, settled_at = $4 WHERE id = $1",
             {row, state, reason, in_ms(now)});
}

std::string mentioned(const Message& message) {
  for (const Segment& part : message.parts()) {
    if (const auto* mention = std::get_if<Mention>(&part)) return mention->user;
  }
  return {};
}

bool mentions_all(const Message& message) {
  return std::ranges::any_of(message.parts(),
                             [](const Segment& part) { return std::holds_alternative<MentionAll>(part); });
}

/// False when the row was withdrawn meanwhile.
bool begin_sending(sql::Db& db, std::int64_t row, Instant now) {
  return db.execute(
             "UPDATE outbox SET state = 'sending', reason = '', settled_at = $2 WHERE id = $1 AND state = "
             "'planned'",
             {row, in_ms(now)}) > 0;
}

void remember_subject(sql::Db& db, const Address& where, const std::string& message_id,
                      const std::string& subject, Instant now) {
  db.execute(
      "INSERT INTO said (account, chat, message_id, subject, at) VALUES ($1, $2, $3, $4, $5) "
      "ON CONFLICT (account, chat, message_id) DO UPDATE SET subject = excluded.subject, at = excluded.at",
      {where.account, where.chat, message_id, subject, in_ms(now)});
}

/// For a send that was decided later than by its answer.
void remember_subject_of(sql::Db& db, const Address& where, std::int64_t row, const std::string& message_id,
                         Instant now) {
  for (const sql::Row& found :
       db.query("SELECT subject FROM outbox WHERE id = $1 AND subject <> ''", {row})) {
    if (!message_id.empty()) remember_subject(db, where, message_id, found.text(0), now);
  }
}

/// Whether one of the latest rows is known to be this message.
bool has_message(sql::Db& db, const Address& where, const std::string& id) {
  return !db.query(
                "SELECT 1 FROM outbox WHERE id > (SELECT coalesce(max(id), 0) FROM outbox) - $4 AND account = "
                "$1 AND chat = $2 AND message_id = $3 AND sent = 1",
                {where.account, where.chat, id, kLatestRows})
              .empty();
}

Undecided::Send send_of(const Delivery& delivery, Instant started) {
  return {delivery.outbox, delivery.to, delivery.message.plain(), started};
}

}  // namespace

sql::Schema Outbox::schema() {
  return {"outbox",
          {{1,
            "CREATE TABLE outbox (id {id}, account TEXT NOT NULL, chat TEXT NOT NULL, direct {int} NOT NULL, "
            "body TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, push {int} NOT NULL, "
            "state TEXT NOT NULL, sent {int} NOT NULL DEFAULT 0, reason TEXT NOT NULL, "
            "message_id TEXT NOT NULL, planned_at {int} NOT NULL, expires_at {int} NOT NULL, "
            "settled_at {int} NOT NULL) {strict};"
            "CREATE INDEX outbox_unsent ON outbox (id) WHERE sent = 0;"
            "CREATE INDEX outbox_pushes ON outbox (account, chat, planned_at) WHERE push = 1;"
            "CREATE TABLE said (account TEXT NOT NULL, chat TEXT NOT NULL, message_id TEXT NOT NULL, "
            "subject TEXT NOT NULL, at {int} NOT NULL, PRIMARY KEY (account, chat, message_id)) {table}"},
           {2, "ALTER TABLE outbox ADD COLUMN mention TEXT NOT NULL DEFAULT ''"},
           {3,
            // What the older program could not know, nobody can find out any more.
            "ALTER TABLE outbox ADD COLUMN repeatable {int} NOT NULL DEFAULT 0;"
            "ALTER TABLE outbox ADD COLUMN again_of {int} NOT NULL DEFAULT 0;"
            "ALTER TABLE outbox ADD COLUMN priority {int} NOT NULL DEFAULT 3;"
            "ALTER TABLE outbox ADD COLUMN part_of {int} NOT NULL DEFAULT 0;"
            "ALTER TABLE outbox ADD COLUMN last_part {int} NOT NULL DEFAULT 0;"
            "ALTER TABLE outbox ADD COLUMN everyone {int} NOT NULL DEFAULT 0;"
            "CREATE INDEX outbox_again ON outbox (again_of) WHERE again_of <> 0;"
            "UPDATE outbox SET state = 'unresolved' WHERE state IN ('unknown', 'sending');" +
                std::string(attempts::table())}}};
}

void Outbox::recover(sql::Db& db, Instant now, SteadyTime steady) {
  const auto lost = db.execute(
      "UPDATE outbox SET state = 'unknown', reason = 'stopped while sending', settled_at = $1 WHERE state = "
      "'sending'",
      {in_ms(now)});
  if (lost > 0) log::warning("sends whose outcome nobody knows yet", {{"count", lost}});
  for (const sql::Row& row :
       db.query(std::string(kColumns) + "WHERE sent = 0 AND state IN ('planned', 'unknown') ORDER BY id")) {
    Delivery delivery = delivery_of(row);
    const auto since = attempts::open_since(db, delivery.outbox);
    if (since) {
      undecided_.add(send_of(delivery, *since), now, steady);
    } else {
      enqueue(std::move(delivery));
    }
  }
}

void Outbox::plan(sql::Db& db, Delivery& delivery, Instant now) {
  const auto rows = db.query(
      "INSERT INTO outbox (account, chat, direct, body, kind, subject, push, state, reason, message_id, "
      "planned_at, expires_at, settled_at, mention, repeatable, again_of, priority, part_of, last_part, "
      "everyone) VALUES ($1, $2, $3, $4, $5, $6, $7, 'planned', '', '', $8, $9, 0, $10, $11, $12, $13, $14, "
      "$15, $16) RETURNING id",
      {delivery.to.account, delivery.to.chat, delivery.to.direct, delivery.message.plain(), delivery.kind,
       delivery.subject, origin(delivery), in_ms(now), in_ms(delivery.expires), mentioned(delivery.message),
       delivery.repeatable, delivery.again_of, static_cast<std::int64_t>(delivery.priority), delivery.part_of,
       delivery.last_part, mentions_all(delivery.message)});
  delivery.outbox = rows.front().integer(0);
}

void Outbox::withdraw(sql::Db& db, std::int64_t row, Instant now) {
  db.execute(
      "UPDATE outbox SET state = 'missed', reason = 'withdrawn', settled_at = $2 WHERE id = $1 AND state = "
      "'planned'",
      {row, in_ms(now)});
  // On its way: should the platform give it back, it is too late for another attempt.
  db.execute("UPDATE outbox SET expires_at = 0 WHERE id = $1 AND state IN ('sending', 'unknown')", {row});
}

void Outbox::give_up(sql::Db& db, const std::string& reason, Instant now) {
  db.execute("UPDATE attempts SET verdict = 'unresolved', reason = $1, decided_at = $2 WHERE verdict = ''",
             {reason, in_ms(now)});
  db.execute(
      "UPDATE outbox SET state = 'unresolved', reason = $1, settled_at = $2 WHERE state IN ('planned', "
      "'sending', 'unknown')",
      {reason, in_ms(now)});
}

void Outbox::enqueue(Delivery delivery) {
  lanes_[delivery.to.account].add(std::move(delivery));
}

void Outbox::link_up(const std::string& account) {
  lanes_[account].up = true;
}

void Outbox::link_down(const std::string& account) {
  lanes_[account].up = false;
}

// ---- leaving --------------------------------------------------------------------------------------------

std::vector<Delivery> Outbox::release(sql::Db& db, Instant now, SteadyTime steady) {
  return released(&db, {now, steady});
}

std::vector<Delivery> Outbox::release_unowed(Instant now, SteadyTime steady) {
  return released(nullptr, {now, steady});
}

/// Nothing when it waits for something else than time. `held` are the chats with an earlier message of this
/// priority that waits.
std::optional<SteadyTime> Outbox::ready_at(const Lane& lane, const Delivery& delivery, ChatSet& held,
                                           SteadyTime steady) const {
  if (is_held(delivery) || held.contains(delivery.to)) return std::nullopt;
  const bool blocked = (delivery.outbox != 0 && is_full(lane)) || lane.flies_to(delivery.to) ||
                       lane.is_between_parts(delivery) || undecided_.holds(delivery.to, steady);
  if (blocked) {
    held.insert(delivery.to);
    return std::nullopt;
  }
  return std::max({lane.not_before, pace_.account_ready_at(delivery.to.account, steady),
                   pace_.chat_ready_at(delivery.to, steady)});
}

Lane::Fate Outbox::fate(sql::Db* db, const Lane& lane, const Delivery& delivery, ChatSet& held,
                        Moment at) const {
  const bool row = delivery.outbox != 0;
  if (row && delivery.priority != Priority::reply && (db == nullptr || is_full(lane))) return Lane::Fate::end;
  if (row && db == nullptr) {
    held.insert(delivery.to);
    return Lane::Fate::wait;
  }
  if (delivery.expires <= at.now && !is_held(delivery)) {
    if (row) mark(*db, delivery.outbox, "missed", "too late", at.now);
    return Lane::Fate::drop;
  }
  const auto ready = ready_at(lane, delivery, held, at.steady);
  if (!ready) return Lane::Fate::wait;
  if (*ready <= at.steady) return Lane::Fate::leave;
  held.insert(delivery.to);
  return Lane::Fate::wait;
}

std::vector<Delivery> Outbox::released(sql::Db* db, Moment at) {
  std::vector<Delivery> leaving;
  for (auto& [account, lane] : lanes_) {
    if (!lane.up || lane.not_before > at.steady) continue;
    for (const Priority priority : Lane::kPriorities) {
      ChatSet held;
      const auto judge = [&, here = &lane](Delivery& delivery) {
        const Lane::Fate decided = fate(db, *here, delivery, held, at);
        return decided == Lane::Fate::leave ? depart(db, *here, delivery, at) : decided;
      };
      std::ranges::move(lane.take(priority, judge), std::back_inserter(leaving));
    }
  }
  return leaving;
}

/// Dropped when it was withdrawn meanwhile.
Lane::Fate Outbox::depart(sql::Db* db, Lane& lane, Delivery& delivery, Moment at) {
  if (delivery.outbox != 0 && !begin(*db, lane, delivery, at.now)) return Lane::Fate::drop;
  pace_.spend(delivery.to, at.steady);
  return Lane::Fate::leave;
}

bool Outbox::begin(sql::Db& db, Lane& lane, Delivery& delivery, Instant now) {
  if (!begin_sending(db, delivery.outbox, now)) return false;
  delivery.echo = random_.unique_name();
  attempts::begin(db, delivery.outbox, delivery.echo, now);
  lane.in_flight.insert_or_assign(delivery.outbox, Lane::Flight{send_of(delivery, now), {}});
  return true;
}

SteadyTime Outbox::next_of(const Lane& lane, Priority priority, SteadyTime now) const {
  SteadyTime next = SteadyTime::max();
  ChatSet held;
  lane.show(priority, [&](const Delivery& delivery) {
    if (delivery.outbox != 0 && priority != Priority::reply && is_full(lane)) return false;
    const auto ready = ready_at(lane, delivery, held, now);
    if (!ready) return true;
    held.insert(delivery.to);
    next = std::min(next, *ready);
    return next > now;
  });
  return next;
}

SteadyTime Outbox::next_release(SteadyTime now) const {
  SteadyTime next = SteadyTime::max();
  for (const auto& [account, lane] : lanes_) {
    if (!lane.up) continue;
    next = std::min(next, undecided_.next(account, now));
    for (const Priority priority : Lane::kPriorities) next = std::min(next, next_of(lane, priority, now));
  }
  return next;
}

// ---- verdicts -------------------------------------------------------------------------------------------

void Outbox::settle(sql::Db& db, const Address& where, const Settled& settled, Instant now,
                    SteadyTime steady) {
  const auto* sent = std::get_if<Sent>(&settled.outcome);
  if (sent != nullptr && !sent->message_id.empty() && !settled.subject.empty()) {
    remember_subject(db, where, sent->message_id, settled.subject, now);
  }
  if (settled.outbox == 0) return;
  Lane& lane = lanes_[where.account];
  const auto flying = lane.in_flight.find(settled.outbox);
  if (flying == lane.in_flight.end()) return;  // decided meanwhile
  Lane::Flight flight = std::move(flying->second);
  lane.in_flight.erase(flying);
  if (sent != nullptr) return book_sent(db, settled.outbox, sent->message_id, now);
  if (!flight.seen.empty()) return book_sent(db, settled.outbox, flight.seen, now);
  book_unsent(db, lane, settled, std::move(flight.send), {now, steady});
}

void Outbox::book_sent(sql::Db& db, std::int64_t row, const std::string& message_id, Instant now) {
  db.execute("UPDATE outbox SET state = 'sent', sent = 1, message_id = $2, settled_at = $3 WHERE id = $1",
             {row, message_id, in_ms(now)});
  attempts::decide(db, row, attempts::kSent, message_id.empty() ? "without an id" : "", now);
}

void Outbox::book_unsent(sql::Db& db, Lane& lane, const Settled& settled, Undecided::Send send, Moment at) {
  const std::string reason = reason_of(settled.outcome);
  log::warning("a message was not sent for certain",
               {{"outbox", settled.outbox}, {"verdict", settled_state(settled.outcome)}, {"why", reason}});
  mark(db, settled.outbox, settled_state(settled.outcome), reason, at.now);
  if (std::holds_alternative<Refused>(settled.outcome)) {
    attempts::decide(db, settled.outbox, attempts::kRefused, reason, at.now);
  } else if (std::holds_alternative<NotSent>(settled.outcome)) {
    attempts::decide(db, settled.outbox, attempts::kNotSent, reason, at.now);
    requeue(db, lane, settled.outbox, at.steady);
  } else {
    undecided_.add(std::move(send), at.now, at.steady);
  }
}

void Outbox::requeue(sql::Db& db, Lane& lane, std::int64_t row, SteadyTime steady) {
  for (const sql::Row& found : db.query(std::string(kColumns) + "WHERE id = $1", {row})) {
    lane.give_back(delivery_of(found));
  }
  lane.not_before = steady + kRetryDelay;
}

// ---- what nobody knows ------------------------------------------------------------------------------------

std::vector<Address> Outbox::look_backs(SteadyTime steady) {
  std::vector<Address> chats;
  for (const auto& [account, lane] : lanes_) {
    if (!lane.up) continue;
    std::ranges::move(undecided_.due(account, steady), std::back_inserter(chats));
  }
  return chats;
}

void Outbox::hear(sql::Db& db, const Address& where, const HistoryRead& history, Moment at) {
  const auto is_taken = [&](const std::string& id) { return has_message(db, where, id); };
  for (const auto& decided : undecided_.judge(where, history, at.steady, is_taken)) {
    decide(db, where, decided, at);
  }
}

void Outbox::decide(sql::Db& db, const Address& where, const Undecided::Decided& decided, Moment at) {
  log::info("an unknown send was decided", {{"outbox", decided.row}, {"why", decided.reason}});
  if (decided.verdict == Undecided::Verdict::sent) {
    remember_subject_of(db, where, decided.row, decided.message_id, at.now);
    return book_sent(db, decided.row, decided.message_id, at.now);
  }
  const bool resolved = decided.verdict == Undecided::Verdict::not_sent;
  mark(db, decided.row, resolved ? "planned" : "unresolved", decided.reason, at.now);
  attempts::decide(db, decided.row, resolved ? attempts::kNotSent : attempts::kUnresolved, decided.reason,
                   at.now);
  if (resolved) return requeue(db, lanes_[where.account], decided.row, at.steady);
  for (const sql::Row& row : db.query(std::string(kColumns) + "WHERE id = $1", {decided.row})) {
    unresolved_.push_back(delivery_of(row));
  }
}

void Outbox::hear(sql::Db& db, const AnsweredLate& late, const std::string& account, Moment at) {
  const auto row = attempts::row_of(db, late.echo);
  if (!row || !undecided_.contains(*row)) return;
  if (const auto* sent = std::get_if<Sent>(&late.outcome)) {
    undecided_.remove(*row);
    return book_sent(db, *row, sent->message_id, at.now);
  }
  if (std::holds_alternative<Unknown>(late.outcome)) return;
  undecided_.remove(*row);
  book_unsent(db, lanes_[account], Settled{*row, {}, late.outcome}, {}, at);
}

bool Outbox::awaits(const Address& where) const {
  const auto lane = lanes_.find(where.account);
  const bool flies = lane != lanes_.end() && lane->second.flies_to(where);
  return flies || !undecided_.in(where).empty();
}

void Outbox::hear(sql::Db& db, const Address& where, Instant said, const OwnMessage& own, Moment at) {
  const auto is_it = [&](const Undecided::Send& send) {
    return send.where == where && said >= earliest_shown(send.started) &&
           is_same_text(send.text, own.message.plain());
  };
  for (auto& [row, flight] : lanes_[where.account].in_flight) {
    if (!flight.seen.empty() || !is_it(flight.send)) continue;
    flight.seen = own.id;
    return;
  }
  for (const Undecided::Send& send : undecided_.in(where)) {
    if (!is_it(send)) continue;
    undecided_.remove(send.row);
    return decide(db, where, {send.row, Undecided::Verdict::sent, own.id, "its own message was reported"},
                  at);
  }
}

std::string Outbox::subject_of(sql::Db& db, const Address& where, const std::string& message_id) {
  const auto rows = db.query("SELECT subject FROM said WHERE account = $1 AND chat = $2 AND message_id = $3",
                             {where.account, where.chat, message_id});
  return rows.empty() ? std::string() : rows.front().text(0);
}

std::size_t Outbox::waiting() const noexcept {
  std::size_t count = 0;
  for (const auto& [account, lane] : lanes_) count += lane.waiting();
  return count;
}

std::string_view settled_state(const SendOutcome& outcome) {
  struct Namer {
    std::string_view operator()(const Sent&) const { return "sent"; }
    std::string_view operator()(const NotSent&) const { return "planned"; }
    std::string_view operator()(const Refused&) const { return "refused"; }
    std::string_view operator()(const Unknown&) const { return "unknown"; }
  };
  return std::visit(Namer{}, outcome);
}

}  // namespace bot
