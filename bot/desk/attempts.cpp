#include "bot/desk/attempts.hpp"

namespace bot::attempts {

std::string_view table() {
  return "CREATE TABLE attempts (outbox {int} NOT NULL, number {int} NOT NULL, echo TEXT NOT NULL, "
         "started_at {int} NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL, decided_at {int} NOT NULL, "
         "PRIMARY KEY (outbox, number)) {table};"
         "CREATE UNIQUE INDEX attempts_open ON attempts (outbox) WHERE verdict = '';"
         "CREATE INDEX attempts_echo ON attempts (echo) WHERE verdict = ''";
}

void begin(sql::Db& db, std::int64_t row, const std::string& echo, Instant now) {
  db.execute(
      "INSERT INTO attempts (outbox, number, echo, started_at, verdict, reason, decided_at) "
      "SELECT $1, coalesce(max(number), 0) + 1, $2, $3, '', '', 0 FROM attempts WHERE outbox = $1",
      {row, echo, in_ms(now)});
}

void decide(sql::Db& db, std::int64_t row, std::string_view verdict, const std::string& reason, Instant now) {
  db.execute(
      "UPDATE attempts SET verdict = $2, reason = $3, decided_at = $4 WHERE outbox = $1 AND verdict = ''",
      {row, verdict, reason, in_ms(now)});
}

std::optional<std::int64_t> row_of(sql::Db& db, const std::string& echo) {
  const auto rows = db.query("SELECT outbox FROM attempts WHERE echo = $1 AND verdict = ''", {echo});
  if (rows.empty()) return std::nullopt;
  return rows.front().integer(0);
}

std::optional<Instant> open_since(sql::Db& db, std::int64_t row) {
  const auto rows = db.query("SELECT started_at FROM attempts WHERE outbox = $1 AND verdict = ''", {row});
  if (rows.empty()) return std::nullopt;
  return from_ms(rows.front().integer(0));
}

}  // namespace bot::attempts
