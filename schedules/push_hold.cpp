#include "schedules/push_hold.hpp"

#include "bot/desk/digest.hpp"
#include "bot/desk/outbox.hpp"

namespace schedules {

using bot::in_ms;

namespace {

void write(bot::sql::Db& db, bool holds, bot::Instant until) {
  db.execute(
      "INSERT INTO push_hold (id, holds, until) VALUES (1, $1, $2) ON CONFLICT (id) DO UPDATE SET holds = "
      "excluded.holds, until = excluded.until",
      {holds, in_ms(until)});
}

}  // namespace

bot::sql::Schema push_hold_schema() {
  return {"push_hold",
          {{1,
            "CREATE TABLE push_hold (id {int} PRIMARY KEY, holds {int} NOT NULL, until {int} NOT NULL) "
            "{strict}"}}};
}

PushHold push_hold(bot::sql::Db& db) {
  const auto rows = db.query("SELECT holds, until FROM push_hold WHERE id = 1");
  if (rows.empty()) return {};
  return {rows.front().integer(0) != 0, bot::from_ms(rows.front().integer(1))};
}

void mark_restored(bot::sql::Db& db, bot::Instant now) {
  bot::sql::Transaction transaction(db);
  bot::Outbox::give_up(db, "restored", now);
  db.execute(
      "UPDATE occurrences SET state = 'missed', reason = 'restored' WHERE state = 'held' AND EXISTS (SELECT "
      "1 "
      "FROM held WHERE held.account = occurrences.account AND held.chat = occurrences.chat AND held.schedule "
      "= occurrences.schedule AND held.at = occurrences.due_at)");
  bot::Digest::give_up(db);
  write(db, true, now);
  transaction.commit();
}

void release_push_hold(bot::sql::Db& db, bot::Instant now) {
  write(db, false, now);
}

}  // namespace schedules
