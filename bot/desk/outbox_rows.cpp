#include "bot/desk/outbox_rows.hpp"

#include <algorithm>

#include "bot/desk/attempts.hpp"
#include "bot/desk/pruning.hpp"

namespace bot::outbox_rows {

namespace {

/// Among which a message id is looked for; ids repeat sooner or later (reliability E2).
constexpr std::int64_t kLatestRows = 10'000;

/// What the column `push` says.
constexpr std::int64_t kUnasked = 1;
constexpr std::int64_t kAskedFor = 2;

std::int64_t origin(const Delivery& delivery) {
  return delivery.push ? kUnasked : delivery.asked_for ? kAskedFor : 0;
}

/// What erasing leaves of a message to somebody: nothing that could still be said.
constexpr const char* kWordsGone =
    "mention = '', body = '', state = CASE state WHEN 'planned' THEN 'missed' "
    "WHEN 'sending' THEN 'unresolved' WHEN 'unknown' THEN 'unresolved' ELSE state END";
/// To others, who shall still hear it.
constexpr const char* kSettled = "state NOT IN ('planned', 'sending', 'unknown')";

constexpr std::string_view kColumns =
    "SELECT id, account, chat, direct, body, kind, subject, push, expires_at, mention, repeatable, again_of, "
    "priority, part_of, last_part, everyone, button, tapped FROM outbox ";

Delivery delivery_of(const sql::Row& row) {
  Message message;
  if (!row.text(15).empty()) message.add(MentionAll{});
  if (!row.text(9).empty()) message.add(Mention{row.text(9)});
  message.add(Text{row.text(4)});
  if (!row.text(16).empty()) message.add(Button{row.text(16), row.text(17)});
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
  delivery.everyone = row.text(15);
  return delivery;
}

std::string mentioned(const Message& message) {
  for (const Segment& part : message.parts()) {
    if (const auto* mention = std::get_if<Mention>(&part)) return mention->user;
  }
  return {};
}

Button button_of(const Message& message) {
  for (const Segment& part : message.parts()) {
    if (const auto* button = std::get_if<Button>(&part)) return *button;
  }
  return {};
}

}  // namespace

sql::Schema schema() {
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
            "ALTER TABLE outbox ADD COLUMN everyone TEXT NOT NULL DEFAULT '';"
            "CREATE INDEX outbox_again ON outbox (again_of) WHERE again_of <> 0;"
            "UPDATE outbox SET state = 'unresolved' WHERE state IN ('unknown', 'sending');" +
                std::string(attempts::table())},
           {4,
            "ALTER TABLE outbox ADD COLUMN button TEXT NOT NULL DEFAULT '';"
            "ALTER TABLE outbox ADD COLUMN tapped TEXT NOT NULL DEFAULT ''"}},
          {{.table = "outbox",
            .column = "direct",
            .names = sql::Names::private_chat,
            .what = "privacy.rows_private",
            .shown = {"planned_at", "body"},
            .kept = kept::outbox},
           {.table = "outbox",
            .column = "mention",
            .what = "privacy.rows_mentioning",
            .shown = {"planned_at", "chat", "body"},
            .left = kWordsGone,
            .kept = kept::outbox},
           {.table = "outbox",
            .column = "body",
            .names = sql::Names::name,
            .left = "body = ''",
            .only = kSettled,
            .kept = kept::outbox},
           // In private a chat has the id of its person.
           {.table = "said", .column = "chat", .kept = kept::outbox}}};
}

/// Whom a message answers: what it says in a group is then known to be about that person.
sql::Schema askers_schema() {
  return {"outbox_askers",
          {{1, "ALTER TABLE outbox ADD COLUMN asker TEXT NOT NULL DEFAULT ''"}},
          {{.table = "outbox",
            .column = "asker",
            .what = "privacy.rows_answers",
            .shown = {"planned_at", "chat", "body"},
            .left = "asker = '', " + std::string(kWordsGone),
            .kept = kept::outbox}}};
}

std::int64_t insert(sql::Db& db, const Delivery& delivery, Instant now) {
  const Button button = button_of(delivery.message);
  const auto rows = db.query(
      "INSERT INTO outbox (account, chat, direct, body, kind, subject, push, state, reason, message_id, "
      "planned_at, expires_at, settled_at, mention, repeatable, again_of, priority, part_of, last_part, "
      "everyone, button, tapped, asker) VALUES ($1, $2, $3, $4, $5, $6, $7, 'planned', '', '', $8, $9, 0, "
      "$10, "
      "$11, $12, $13, $14, $15, $16, $17, $18, $19) RETURNING id",
      {delivery.to.account, delivery.to.chat, delivery.to.direct, delivery.message.plain(), delivery.kind,
       delivery.subject, origin(delivery), in_ms(now), in_ms(delivery.expires), mentioned(delivery.message),
       delivery.repeatable, delivery.again_of, static_cast<std::int64_t>(delivery.priority), delivery.part_of,
       delivery.last_part, delivery.everyone, button.label, button.command,
       delivery.to.direct ? std::string() : delivery.asker});
  return rows.front().integer(0);
}

void join_parts(sql::Db& db, std::int64_t first) {
  db.execute("UPDATE outbox SET part_of = id WHERE id = $1", {first});
}

std::optional<Delivery> find(sql::Db& db, std::int64_t row) {
  const auto found = db.query(std::string(kColumns) + "WHERE id = $1", {row});
  if (found.empty()) return std::nullopt;
  return delivery_of(found.front());
}

std::vector<Delivery> open(sql::Db& db) {
  std::vector<Delivery> all;
  for (const sql::Row& row :
       db.query(std::string(kColumns) + "WHERE sent = 0 AND state IN ('planned', 'unknown') ORDER BY id")) {
    all.push_back(delivery_of(row));
  }
  return all;
}

bool begin_sending(sql::Db& db, std::int64_t row, Instant now) {
  return db.execute(
             "UPDATE outbox SET state = 'sending', reason = '', settled_at = $2 WHERE id = $1 AND state = "
             "'planned'",
             {row, in_ms(now)}) > 0;
}

void mark(sql::Db& db, std::int64_t row, std::string_view state, const std::string& reason, Instant now) {
  db.execute("UPDATE outbox SET state = $2, reason = $3, settled_at = $4 WHERE id = $1",
             {row, state, reason, in_ms(now)});
}

void mark_sent(sql::Db& db, std::int64_t row, const std::string& message_id, Instant now) {
  db.execute("UPDATE outbox SET state = 'sent', sent = 1, message_id = $2, settled_at = $3 WHERE id = $1",
             {row, message_id, in_ms(now)});
}

std::int64_t lose_track(sql::Db& db, Instant now) {
  return db.execute(
      "UPDATE outbox SET state = 'unknown', reason = 'stopped while sending', settled_at = $1 WHERE state = "
      "'sending'",
      {in_ms(now)});
}

void remember_subject(sql::Db& db, const Address& where, const std::string& message_id,
                      const std::string& subject, Instant now) {
  db.execute(
      "INSERT INTO said (account, chat, message_id, subject, at) VALUES ($1, $2, $3, $4, $5) "
      "ON CONFLICT (account, chat, message_id) DO UPDATE SET subject = excluded.subject, at = excluded.at",
      {where.account, where.chat, message_id, subject, in_ms(now)});
}

std::string subject_of(sql::Db& db, const Address& where, const std::string& message_id) {
  const auto rows = db.query("SELECT subject FROM said WHERE account = $1 AND chat = $2 AND message_id = $3",
                             {where.account, where.chat, message_id});
  return rows.empty() ? std::string() : rows.front().text(0);
}

bool has_message(sql::Db& db, const Address& where, const std::string& id) {
  return !db.query(
                "SELECT 1 FROM outbox WHERE id > (SELECT coalesce(max(id), 0) FROM outbox) - $4 AND account "
                "= $1 AND chat = $2 AND message_id = $3 AND sent = 1",
                {where.account, where.chat, id, kLatestRows})
              .empty();
}

bool has_mentioned(sql::Db& db, const Address& where, const std::string& user, Instant since) {
  return !db.query(
                "SELECT 1 FROM outbox WHERE id > (SELECT coalesce(max(id), 0) FROM outbox) - $5 AND account "
                "= $1 AND chat = $2 AND mention = $3 AND planned_at > $4 AND state = 'sent' LIMIT 1",
                {where.account, where.chat, user, in_ms(since), kLatestRows})
              .empty();
}

}  // namespace bot::outbox_rows
