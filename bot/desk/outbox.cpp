#include "bot/desk/outbox.hpp"

#include <algorithm>
#include <chrono>

#include "bot/base/log.hpp"

namespace bot {

namespace {

/// Sends of one account whose verdict is awaited: after a crash at most this many are unknown (P5).
constexpr std::size_t kInFlight = 512;
/// A lane whose head must wait is not searched further than this for chats that need not.
constexpr std::size_t kLookAhead = 1000;
constexpr auto kRetryDelay = std::chrono::seconds(1);

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
    "SELECT id, account, chat, direct, body, kind, subject, push, expires_at, mention FROM outbox ";

Delivery delivery_of(const sql::Row& row) {
  Message message;
  if (!row.text(9).empty()) message.add(Mention{row.text(9)});
  message.add(Text{row.text(4)});
  Delivery delivery(Address{row.text(1), row.text(2), row.integer(3) != 0}, std::move(message));
  delivery.outbox = row.integer(0);
  delivery.kind = row.text(5);
  delivery.subject = row.text(6);
  delivery.push = row.integer(7) == kUnasked;
  delivery.asked_for = row.integer(7) == kAskedFor;
  delivery.expires = from_ms(row.integer(8));
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
           {2, "ALTER TABLE outbox ADD COLUMN mention TEXT NOT NULL DEFAULT ''"}}};
}

void Outbox::recover(sql::Db& db, Instant now) {
  const auto lost = db.execute(
      "UPDATE outbox SET state = 'unknown', reason = 'stopped while sending', settled_at = $1 WHERE state = "
      "'sending'",
      {in_ms(now)});
  if (lost > 0) log::warning("sends whose outcome nobody knows", {{"count", lost}});
  for (const sql::Row& row :
       db.query(std::string(kColumns) + "WHERE sent = 0 AND state = 'planned' ORDER BY id")) {
    enqueue(delivery_of(row));
  }
}

void Outbox::plan(sql::Db& db, Delivery& delivery, Instant now) {
  const auto rows = db.query(
      "INSERT INTO outbox (account, chat, direct, body, kind, subject, push, state, reason, message_id, "
      "planned_at, "
      "expires_at, settled_at, mention) VALUES ($1, $2, $3, $4, $5, $6, $7, 'planned', '', '', $8, $9, 0, "
      "$10) RETURNING id",
      {delivery.to.account, delivery.to.chat, delivery.to.direct, delivery.message.plain(), delivery.kind,
       delivery.subject, origin(delivery), in_ms(now), in_ms(delivery.expires), mentioned(delivery.message)});
  delivery.outbox = rows.front().integer(0);
}

void Outbox::withdraw(sql::Db& db, std::int64_t row, Instant now) {
  db.execute(
      "UPDATE outbox SET state = 'missed', reason = 'withdrawn', settled_at = $2 WHERE id = $1 AND state = "
      "'planned'",
      {row, in_ms(now)});
  // On its way: should the platform give it back, it is too late for another attempt.
  db.execute("UPDATE outbox SET expires_at = 0 WHERE id = $1 AND state = 'sending'", {row});
}

void Outbox::give_up(sql::Db& db, const std::string& reason, Instant now) {
  db.execute(
      "UPDATE outbox SET state = 'unknown', reason = $1, settled_at = $2 WHERE state IN ('planned', "
      "'sending')",
      {reason, in_ms(now)});
}

void Outbox::enqueue(Delivery delivery) {
  lanes_[delivery.to.account].queue.push_back(std::move(delivery));
}

void Outbox::link_up(const std::string& account) {
  lanes_[account].up = true;
}

void Outbox::link_down(const std::string& account) {
  lanes_[account].up = false;
}

bool Outbox::open(const Lane& lane, const std::string& account, SteadyTime steady) const {
  return lane.up && lane.in_flight < kInFlight && lane.not_before <= steady &&
         pace_.account_ready_at(account, steady) <= steady;
}

bool Outbox::has_work(SteadyTime now) const {
  return next_release(now) <= now;
}

std::vector<Delivery> Outbox::release(sql::Db& db, Instant now, SteadyTime steady) {
  return released(&db, now, steady);
}

std::vector<Delivery> Outbox::release_unowed(Instant now, SteadyTime steady) {
  return released(nullptr, now, steady);
}

std::vector<Delivery> Outbox::released(sql::Db* db, Instant now, SteadyTime steady) {
  std::vector<Delivery> leaving;
  for (auto& [account, lane] : lanes_) {
    std::unordered_set<Address, AddressHash> held;  // chats with an earlier message that waits
    std::deque<Delivery> kept;
    for (std::size_t seen = 0; !lane.queue.empty() && seen < kLookAhead && open(lane, account, steady);
         ++seen) {
      Delivery delivery = std::move(lane.queue.front());
      lane.queue.pop_front();
      const bool row = delivery.outbox != 0;
      const bool waits = (row && db == nullptr) || held.contains(delivery.to) ||
                         pace_.chat_ready_at(delivery.to, steady) > steady;
      if (is_held(delivery)) {
        kept.push_back(std::move(delivery));
      } else if (delivery.expires <= now && !(row && db == nullptr)) {
        if (row) mark(*db, delivery.outbox, "missed", "too late", now);
      } else if (waits) {
        held.insert(delivery.to);
        kept.push_back(std::move(delivery));
      } else if (!row || begin_sending(*db, delivery.outbox, now)) {
        pace_.spend(delivery.to, steady);
        if (row) ++lane.in_flight;
        leaving.push_back(std::move(delivery));
      }
    }
    lane.queue.insert(lane.queue.begin(), std::make_move_iterator(kept.begin()),
                      std::make_move_iterator(kept.end()));
  }
  return leaving;
}

SteadyTime Outbox::next_release(SteadyTime now) const {
  SteadyTime next = SteadyTime::max();
  for (const auto& [account, lane] : lanes_) {
    if (lane.queue.empty() || !lane.up || lane.in_flight >= kInFlight) continue;
    const SteadyTime lane_ready = std::max(lane.not_before, pace_.account_ready_at(account, now));
    SteadyTime chat_ready = SteadyTime::max();
    const std::size_t looked_at = std::min(lane.queue.size(), kLookAhead);
    for (std::size_t i = 0; i < looked_at && chat_ready > lane_ready; ++i) {
      if (is_held(lane.queue[i])) continue;
      chat_ready = std::min(chat_ready, pace_.chat_ready_at(lane.queue[i].to, now));
    }
    if (chat_ready != SteadyTime::max()) next = std::min(next, std::max(lane_ready, chat_ready));
  }
  return next;
}

void Outbox::settle(sql::Db& db, const Address& where, const Settled& settled, Instant now,
                    SteadyTime steady) {
  const auto* sent = std::get_if<Sent>(&settled.outcome);
  if (sent != nullptr && !sent->message_id.empty() && !settled.subject.empty()) {
    remember_subject(db, where, sent->message_id, settled.subject, now);
  }
  if (settled.outbox == 0) return;
  Lane& lane = lanes_[where.account];
  if (lane.in_flight > 0) --lane.in_flight;
  if (sent != nullptr) {
    db.execute("UPDATE outbox SET state = 'sent', sent = 1, message_id = $2, settled_at = $3 WHERE id = $1",
               {settled.outbox, sent->message_id, in_ms(now)});
    return;
  }
  const std::string reason = reason_of(settled.outcome);
  log::warning("a message was not sent for certain",
               {{"outbox", settled.outbox}, {"verdict", settled_state(settled.outcome)}, {"why", reason}});
  mark(db, settled.outbox, settled_state(settled.outcome), reason, now);
  if (std::holds_alternative<NotSent>(settled.outcome)) requeue(db, lane, settled.outbox, steady);
}

void Outbox::requeue(sql::Db& db, Lane& lane, std::int64_t row, SteadyTime steady) {
  const auto is_later = [row](const Delivery& waiting) {
    return waiting.outbox == 0 || waiting.outbox > row;
  };
  for (const sql::Row& found : db.query(std::string(kColumns) + "WHERE id = $1", {row})) {
    lane.queue.insert(std::ranges::find_if(lane.queue, is_later), delivery_of(found));
  }
  lane.not_before = steady + kRetryDelay;
}

std::string Outbox::subject_of(sql::Db& db, const Address& where, const std::string& message_id) {
  const auto rows = db.query("SELECT subject FROM said WHERE account = $1 AND chat = $2 AND message_id = $3",
                             {where.account, where.chat, message_id});
  return rows.empty() ? std::string() : rows.front().text(0);
}

std::size_t Outbox::waiting() const noexcept {
  std::size_t count = 0;
  for (const auto& [account, lane] : lanes_) count += lane.queue.size() + lane.in_flight;
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
