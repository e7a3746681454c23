/// What is old goes away, and what is asked for stays.
#include <doctest/doctest.h>

#include <fmt/format.h>

#include "bot/desk/pruning.hpp"
#include "tests/support/world.hpp"

using namespace std::chrono_literals;

namespace {

/// A program on a morning, and rows that are older.
struct Archive : World {
  Archive() {
    make_admin("张三");
    at("2026-03-02 07:50");
    group("一班").says("李四", "大家早").hears_nothing();
  }

  bot::Instant ago(std::chrono::days days) const {
    return std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} - days;
  }

  std::int64_t message(std::chrono::days age, const std::string& state, std::int64_t again_of = 0) {
    const auto rows = db().query(
        "INSERT INTO outbox (account, chat, direct, body, kind, subject, push, state, sent, reason, "
        "message_id, planned_at, expires_at, settled_at, again_of) VALUES ('sandbox', $1, 0, 'text', 'kind', "
        "'', 1, $2, $3, '', '', $4, $4, $4, $5) RETURNING id",
        {"一班", state, state == "sent", bot::in_ms(ago(age)), again_of});
    const std::int64_t row = rows.front().integer(0);
    db().execute(
        "INSERT INTO attempts (outbox, number, echo, started_at, verdict, reason, decided_at) VALUES ($1, 1, "
        "'e', 0, 'sent', '', 0)",
        {row});
    return row;
  }

  void inbox(std::chrono::days age, int number) {
    const std::int64_t at = bot::in_ms(ago(age));
    db().execute("INSERT INTO inbox (event_key, command, at) VALUES ($1, 'lesson', $2)",
                 {fmt::format("{}|{}", at, number), at});
  }

  void said(std::chrono::days age) {
    db().execute(
        "INSERT INTO said (account, chat, message_id, subject, at) VALUES ('sandbox', 'g', $1, 's', $2)",
        {fmt::format("m{}", age.count()), bot::in_ms(ago(age))});
  }

  void gap(std::chrono::days age) {
    db().execute(
        "INSERT INTO gaps (account, from_at, until_at, unread, booked, skipped, read_at) VALUES ('a', $1, "
        "$1, "
        "0, 0, 0, 0)",
        {bot::in_ms(ago(age))});
  }

  void occurrence(std::chrono::days age, std::int64_t outbox) {
    db().execute(
        "INSERT INTO occurrences (account, chat, schedule, label, due_at, state, reason, outbox_id, "
        "booked_at) "
        "SELECT account, chat, 'lesson:daily', $1, $2, 'planned', '', $3, $2 FROM known_groups",
        {fmt::format("old{}", age.count()), bot::in_ms(ago(age)), outbox});
  }

  void schedule(std::chrono::days age, std::int64_t number, bool ended) {
    db().execute(
        "INSERT INTO schedules (account, chat, direct, number, occasion, subject, rule, person, catch_up, "
        "sharp, urgent, paused, ended, made_by, made_at, since) VALUES ('a', 'c', 0, $1, 'reminder', 's', "
        "'0 8 * * *', '', 0, 0, 0, 0, $2, 'x', $3, $3)",
        {number, ended, bot::in_ms(ago(age))});
  }

  std::string states() {
    std::string all;
    for (const auto& row : db().query("SELECT state FROM outbox ORDER BY id")) all += row.text(0) + " ";
    return all;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Archive, "pruning: at a start, each table by its own age") {
  for (const auto age : {1, 6, 9, 400}) inbox(std::chrono::days(age), 1);
  for (const auto age : {1, 88, 92}) said(std::chrono::days(age));
  for (const auto age : {1, 88, 92}) gap(std::chrono::days(age));
  for (const auto age : {1, 398, 402}) occurrence(std::chrono::days(age), 0);
  const std::int64_t gaps = count("SELECT count(*) FROM gaps");
  restart();
  CHECK(count("SELECT count(*) FROM inbox WHERE command = 'lesson'") == 2);
  CHECK(count("SELECT count(*) FROM said") == 2);
  CHECK(count("SELECT count(*) FROM gaps WHERE account = 'a'") == gaps - 1);
  CHECK(count("SELECT count(*) FROM occurrences") == 2);
}

TEST_CASE_FIXTURE(Archive, "pruning: messages go when they are settled for long, with their attempts") {
  for (const char* state : {"sent", "refused", "missed", "unresolved", "planned"}) {
    message(std::chrono::days(92), state);
  }
  message(std::chrono::days(88), "sent");
  db().execute("UPDATE outbox SET account = 'gone', expires_at = 32503680000000");
  restart();
  CHECK(states() == "planned sent ");
  CHECK(count("SELECT count(*) FROM attempts") == 2);
}

TEST_CASE_FIXTURE(Archive, "pruning: a message that was sent again for another stays as long as that one") {
  const std::int64_t lost = message(std::chrono::days(92), "unresolved");
  message(std::chrono::days(92), "sent", lost);
  db().execute("UPDATE outbox SET settled_at = $1 WHERE id = $2",
               {bot::in_ms(ago(std::chrono::days(88))), lost});
  restart();
  CHECK(states() == "unresolved sent ");
}

TEST_CASE_FIXTURE(Archive, "pruning: what became of an occurrence is told when its message is gone") {
  occurrence(std::chrono::days(95), message(std::chrono::days(95), "sent"));
  const std::int64_t lost = message(std::chrono::days(94), "unresolved");
  message(std::chrono::days(94), "sent", lost);
  occurrence(std::chrono::days(94), lost);
  occurrence(std::chrono::days(93), message(std::chrono::days(93), "missed"));
  restart();
  CHECK(states() == "");
  CHECK(count("SELECT count(*) FROM occurrences WHERE outbox_id = 0") == 3);
  group("一班").mentions_bot("张三", "发送记录").hears("record.list", "标着“补发”又发了一次");
  const auto rows = db().query("SELECT state FROM occurrences ORDER BY due_at");
  CHECK(rows[0].text(0) == "sent");
  CHECK(rows[1].text(0) == "sent again");
  CHECK(rows[2].text(0) == "missed");
}

TEST_CASE_FIXTURE(Archive, "pruning: of a chat's ended schedules the latest keeps its number") {
  schedule(std::chrono::days(402), 1, true);
  schedule(std::chrono::days(402), 2, false);
  schedule(std::chrono::days(398), 3, true);
  schedule(std::chrono::days(402), 4, true);
  restart();
  CHECK(count("SELECT sum(number) FROM schedules") == 2 + 3 + 4);
}

TEST_CASE_FIXTURE(Archive, "pruning: many rows go in rounds, with a pause between them") {
  {
    bot::sql::Transaction transaction(db());
    for (int row = 0; row < 4500; ++row) inbox(std::chrono::days(30), row);
    transaction.commit();
  }
  restart();
  CHECK(count("SELECT count(*) FROM inbox") > 0);
  tick(5min);
  CHECK(count("SELECT count(*) FROM inbox") == 0);
}

TEST_CASE_FIXTURE(Archive, "pruning: every night, while the program runs") {
  inbox(std::chrono::days(7), 1);
  restart();
  CHECK(count("SELECT count(*) FROM inbox WHERE command = 'lesson'") == 1);
  tick(19h + 30min);
  group("一班").hears("lesson.push");
  CHECK(count("SELECT count(*) FROM inbox WHERE command = 'lesson'") == 0);
}

TEST_CASE_FIXTURE(Archive, "pruning: what limits pushes is still counted") {
  for (int push = 0; push < 50; ++push) message(std::chrono::days(92), "sent");
  restart();
  CHECK(states() == "");
  tick(15min);
  group("一班").hears("lesson.push");
  CHECK(count("SELECT count(*) FROM outbox WHERE push = 1 AND state = 'sent'") == 1);
}
