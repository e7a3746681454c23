#include "schedules/occurrences.hpp"

#include "bot/desk/digest.hpp"
#include "bot/desk/outbox.hpp"

namespace schedules {

using bot::in_ms;

namespace {

/// Nothing waits in the outbox for longer.
constexpr auto kWithdrawnBack = std::chrono::hours(24 * 31);

/// A row of latest(): the message's fate, where there is a message.
bot::Occurred occurred(const bot::sql::Row& row) {
  const bool has_message = row.text(2) == "planned" && !row.text(5).empty();
  bot::Occurred told{row.text(0), bot::from_ms(row.integer(1)), row.text(has_message ? 5 : 2),
                     row.text(has_message ? 6 : 3), bot::from_ms(row.integer(has_message ? 7 : 4))};
  if (row.integer(8) > 0) {
    told.state = "sent again";
    told.reason.clear();
  }
  return told;
}

}  // namespace

bot::sql::Schema occurrence_schema() {
  return {"occurrences",
          {{1,
            "CREATE TABLE occurrences (schedule TEXT NOT NULL, label TEXT NOT NULL, account TEXT NOT NULL, "
            "chat TEXT NOT NULL, due_at {int} NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, "
            "outbox_id {int} NOT NULL, booked_at {int} NOT NULL, "
            "PRIMARY KEY (account, chat, schedule, label)) {table};"
            "CREATE TABLE schedule_check (id {int} PRIMARY KEY, until {int} NOT NULL) {strict}"},
           {2,
            "CREATE INDEX occurrences_outbox ON occurrences (outbox_id) WHERE outbox_id <> 0;"
            "CREATE INDEX occurrences_due ON occurrences (due_at)"}},
          // In private a chat has the id of its person.
          {{.table = "occurrences", .column = "chat", .only = "schedule LIKE 'private:%'"}}};
}

bool is_booked(bot::sql::Db& db, const bot::Due& due) {
  return is_booked(db, due.target, due.schedule, due.label);
}

bool is_booked(bot::sql::Db& db, const bot::Address& chat, const std::string& schedule,
               const std::string& label) {
  return !db.query(
                "SELECT 1 FROM occurrences WHERE account = $1 AND chat = $2 AND schedule = $3 AND label = $4",
                {chat.account, chat.chat, schedule, label})
              .empty();
}

void book(bot::sql::Db& db, const bot::Due& due, const bot::Booking& booking) {
  db.execute(
      "INSERT INTO occurrences (account, chat, schedule, label, due_at, state, reason, outbox_id, booked_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {due.target.account, due.target.chat, due.schedule, due.label, in_ms(due.at), booking.state,
       booking.reason, booking.outbox, in_ms(booking.at)});
}

std::vector<bot::Occurred> latest(bot::sql::Db& db, const bot::Address& chat, const std::string& schedule,
                                  std::size_t most) {
  std::vector<bot::Occurred> all;
  for (const bot::sql::Row& row : db.query(
           "SELECT o.schedule, o.due_at, o.state, o.reason, o.booked_at, coalesce(m.state, ''), "
           "coalesce(m.reason, ''), coalesce(m.settled_at, 0), (SELECT count(*) FROM outbox a WHERE "
           "a.again_of = m.id AND a.again_of <> 0 AND a.sent = 1) FROM occurrences o LEFT JOIN outbox m ON "
           "m.id = o.outbox_id WHERE o.account = $1 AND o.chat = $2 AND ($3 = '' OR o.schedule = $3) "
           "ORDER BY o.due_at DESC LIMIT $4",
           {chat.account, chat.chat, schedule, static_cast<std::int64_t>(most)})) {
    all.push_back(occurred(row));
  }
  return all;
}

void give_up(bot::sql::Db& db, const bot::Address& chat, const std::string& schedule, bot::Instant due_at) {
  db.execute(
      "UPDATE occurrences SET state = 'missed', reason = 'too late' WHERE account = $1 AND chat = $2 AND "
      "schedule = $3 AND due_at = $4 AND state = 'held'",
      {chat.account, chat.chat, schedule, in_ms(due_at)});
}

std::vector<Unsaid> unsaid_schedules(bot::sql::Db& db) {
  std::vector<Unsaid> all;
  for (const bot::sql::Row& row :
       db.query("SELECT o.account, o.chat, m.direct, o.schedule FROM outbox m JOIN occurrences o ON "
                "o.outbox_id = m.id WHERE m.sent = 0 AND m.state = 'planned' UNION "
                "SELECT account, chat, 0, schedule FROM held")) {
    all.push_back({{row.text(0), row.text(1), row.integer(2) != 0}, row.text(3)});
  }
  return all;
}

void withdraw_future(bot::sql::Db& db, bot::Instant now) {
  for (const bot::sql::Row& row :
       db.query("SELECT m.id FROM outbox m JOIN occurrences o ON o.outbox_id = m.id WHERE m.sent = 0 AND "
                "m.state = 'planned' AND o.due_at > $1",
                {in_ms(now)})) {
    bot::Outbox::withdraw(db, row.integer(0), now);
    db.execute("DELETE FROM occurrences WHERE outbox_id = $1", {row.integer(0)});
  }
}

void withdraw(bot::sql::Db& db, const bot::Address& chat, const std::string& schedule, bot::Instant now) {
  for (const bot::sql::Row& row : db.query(
           "SELECT outbox_id FROM occurrences WHERE account = $1 AND chat = $2 AND schedule = $3 AND state = "
           "'planned' AND booked_at > $4",
           {chat.account, chat.chat, schedule, in_ms(now - kWithdrawnBack)})) {
    bot::Outbox::withdraw(db, row.integer(0), now);
  }
  bot::Digest::withdraw(db, chat, schedule);
}

void keep_outcomes(bot::sql::Db& db, std::int64_t last_row, bot::Instant settled_before) {
  db.execute(
      "UPDATE occurrences SET "
      "state = CASE WHEN m.again > 0 THEN 'sent again' ELSE m.state END, "
      "reason = CASE WHEN m.again > 0 THEN '' ELSE m.reason END, booked_at = m.settled_at, outbox_id = 0 "
      "FROM (SELECT id, state, reason, settled_at, (SELECT count(*) FROM outbox a WHERE a.again_of = "
      "outbox.id AND a.again_of <> 0 AND a.sent = 1) AS again FROM outbox WHERE id <= $1 AND state NOT IN "
      "('planned', 'sending', 'unknown') AND settled_at < $2) AS m "
      "WHERE occurrences.outbox_id = m.id AND occurrences.outbox_id <> 0",
      {last_row, in_ms(settled_before)});
}

std::int64_t prune_occurrences(bot::sql::Db& db, bot::Instant now, std::int64_t most) {
  return db.execute(
      "DELETE FROM occurrences WHERE (account, chat, schedule, label) IN (SELECT account, chat, schedule, "
      "label FROM occurrences WHERE due_at < $1 AND booked_at < $1 ORDER BY due_at LIMIT $2)",
      {in_ms(now - occurrences_kept), most});
}

std::optional<bot::Instant> checked_until(bot::sql::Db& db) {
  const auto rows = db.query("SELECT until FROM schedule_check WHERE id = 1");
  return rows.empty() ? std::nullopt : std::optional(bot::from_ms(rows.front().integer(0)));
}

void set_checked_until(bot::sql::Db& db, bot::Instant until) {
  db.execute(
      "INSERT INTO schedule_check (id, until) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET until = "
      "excluded.until",
      {in_ms(until)});
}

}  // namespace schedules
