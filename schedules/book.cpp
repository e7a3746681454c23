#include "schedules/book.hpp"

namespace schedules {

using bot::in_ms;

namespace {

constexpr std::string_view kColumns =
    "SELECT account, chat, direct, number, occasion, subject, rule, person, catch_up, sharp, urgent, paused, "
    "made_by, since FROM schedules WHERE ended = 0 ";

bot::Scheduled scheduled(const bot::sql::Row& row) {
  bot::Push push;
  push.occasion = row.text(4);
  push.subject = row.text(5);
  push.when = row.text(6);
  push.person = row.text(7);
  push.catch_up = std::chrono::minutes(row.integer(8));
  push.expires = push.catch_up;
  push.sharp = row.integer(9) != 0;
  push.urgent = row.integer(10) != 0;
  return {row.integer(3),
          {row.text(0), row.text(1), row.integer(2) != 0},
          std::make_shared<const bot::Push>(std::move(push)),
          row.integer(11) != 0,
          row.text(12),
          bot::from_ms(row.integer(13))};
}

std::vector<bot::Scheduled> all_of(const std::vector<bot::sql::Row>& rows) {
  std::vector<bot::Scheduled> all;
  all.reserve(rows.size());
  for (const bot::sql::Row& row : rows) all.push_back(scheduled(row));
  return all;
}

}  // namespace

bot::sql::Schema book_schema() {
  return {"schedules",
          {{1,
            "CREATE TABLE schedules (account TEXT NOT NULL, chat TEXT NOT NULL, direct {int} NOT NULL, "
            "number {int} NOT NULL, occasion TEXT NOT NULL, subject TEXT NOT NULL, rule TEXT NOT NULL, "
            "person TEXT NOT NULL, catch_up {int} NOT NULL, sharp {int} NOT NULL, urgent {int} NOT NULL, "
            "paused {int} NOT NULL, ended {int} NOT NULL, made_by TEXT NOT NULL, made_at {int} NOT NULL, "
            "since {int} NOT NULL, PRIMARY KEY (account, chat, direct, number)) {table}"}},
          {{.table = "schedules",
            .column = "direct",
            .names = bot::sql::Names::private_chat,
            .what = "privacy.rows_reminders",
            .shown = {"rule", "subject", "made_at"},
            .kept = ended_kept},
           // A number is never given twice, so the row stays, empty.
           {.table = "schedules",
            .column = "person",
            .what = "privacy.rows_reminders",
            .shown = {"chat", "rule", "subject", "made_at"},
            .left = "ended = 1, subject = '', person = '', made_by = ''",
            .kept = ended_kept},
           {.table = "schedules",
            .column = "made_by",
            .what = "privacy.rows_planned",
            .shown = {"chat", "rule", "subject", "made_at"},
            .left = "made_by = ''",
            .kept = ended_kept}}};
}

std::vector<bot::Scheduled> open_rows(bot::sql::Db& db) {
  return all_of(db.query(std::string(kColumns) + "ORDER BY account, chat, direct, number"));
}

std::vector<bot::Scheduled> open_rows(bot::sql::Db& db, const bot::Address& where) {
  return all_of(
      db.query(std::string(kColumns) + "AND account = $1 AND chat = $2 AND direct = $3 ORDER BY number",
               {where.account, where.chat, where.direct}));
}

std::int64_t add_row(bot::sql::Db& db, const bot::Address& where, const bot::Push& push,
                     const std::string& by, bot::Instant now) {
  const std::int64_t number =
      1 + db.query(
                "SELECT CAST(coalesce(max(number), 0) AS BIGINT) FROM schedules WHERE account = $1 AND chat "
                "= $2 AND direct = $3",
                {where.account, where.chat, where.direct})
              .front()
              .integer(0);
  db.execute(
      "INSERT INTO schedules (account, chat, direct, number, occasion, subject, rule, person, catch_up, "
      "sharp, urgent, paused, ended, made_by, made_at, since) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, $12, $13, $13)",
      {where.account, where.chat, where.direct, number, push.occasion, push.subject, push.when, push.person,
       push.catch_up.count(), push.sharp, push.urgent, by, in_ms(now)});
  return number;
}

bool change_row(bot::sql::Db& db, const bot::Address& where, std::int64_t number, const bot::Push& push,
                bot::Instant now) {
  return db.execute(
             "UPDATE schedules SET subject = $5, rule = $6, sharp = $7, urgent = $8, since = CASE WHEN rule "
             "= $6 THEN since ELSE $9 END WHERE "
             "account = $1 AND chat = $2 AND direct = $3 AND number = $4 AND ended = 0",
             {where.account, where.chat, where.direct, number, push.subject, push.when, push.sharp,
              push.urgent, in_ms(now)}) > 0;
}

std::int64_t prune_rows(bot::sql::Db& db, bot::Instant now, std::int64_t most) {
  return db.execute(
      "DELETE FROM schedules WHERE (account, chat, direct, number) IN (SELECT account, chat, direct, number "
      "FROM schedules old WHERE ended = 1 AND since < $1 AND number < (SELECT max(number) FROM schedules own "
      "WHERE own.account = old.account AND own.chat = old.chat AND own.direct = old.direct) LIMIT $2)",
      {in_ms(now - ended_kept), most});
}

void rows_not_since_after(bot::sql::Db& db, bot::Instant now) {
  db.execute("UPDATE schedules SET since = $1 WHERE since > $1", {in_ms(now)});
}

bool set_status(bot::sql::Db& db, const bot::Address& where, std::int64_t number, Status status,
                bot::Instant now) {
  return db.execute(
             "UPDATE schedules SET paused = $5, ended = $6, since = $7 WHERE account = $1 AND chat = $2 AND "
             "direct = $3 AND number = $4 AND ended = 0",
             {where.account, where.chat, where.direct, number, status == Status::paused,
              status == Status::ended, in_ms(now)}) > 0;
}

}  // namespace schedules
