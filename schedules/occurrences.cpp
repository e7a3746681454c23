#include "schedules/occurrences.hpp"

namespace schedules {

using bot::in_ms;

bot::sql::Schema occurrence_schema() {
  return {"occurrences",
          {{1,
            "CREATE TABLE occurrences (schedule TEXT NOT NULL, label TEXT NOT NULL, account TEXT NOT NULL, "
            "chat TEXT NOT NULL, due_at {int} NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, "
            "outbox_id {int} NOT NULL, booked_at {int} NOT NULL, "
            "PRIMARY KEY (account, chat, schedule, label)) {table};"
            "CREATE TABLE schedule_check (id {int} PRIMARY KEY, until {int} NOT NULL) {strict}"}}};
}

std::string schedule_name(const bot::DailyPush& push) {
  return push.occasion + ":" + push.subject;
}

bool is_booked(bot::sql::Db& db, const bot::Due& due) {
  return !db.query(
                "SELECT 1 FROM occurrences WHERE account = $1 AND chat = $2 AND schedule = $3 AND label = $4",
                {due.target.account, due.target.chat, schedule_name(due.push), due.label})
              .empty();
}

void book(bot::sql::Db& db, const bot::Due& due, const bot::Booking& booking) {
  db.execute(
      "INSERT INTO occurrences (account, chat, schedule, label, due_at, state, reason, outbox_id, booked_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      {due.target.account, due.target.chat, schedule_name(due.push), due.label, in_ms(due.at), booking.state,
       booking.reason, booking.outbox, in_ms(booking.at)});
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
