#include "bot/desk/pruning.hpp"

#include <string>

#include "bot/base/log.hpp"
#include "bot/desk/archive.hpp"

namespace bot {

namespace {

/// Rows of one table in one round.
constexpr std::int64_t kAtOnce = 2000;
/// Between two rounds, for those who wait for an answer.
constexpr auto kPause = std::chrono::seconds(1);
/// Three in the morning in China, in UTC: nothing is pushed then.
constexpr auto kNight = std::chrono::hours(19);

constexpr std::string_view kSettled =
    "state NOT IN ('planned', 'sending', 'unknown') AND settled_at < $2 AND NOT EXISTS (SELECT 1 FROM outbox "
    "lost WHERE lost.id = outbox.again_of AND lost.settled_at >= $2)";

/// The latest beginning of a night.
Instant night_of(Instant now) {
  return std::chrono::floor<std::chrono::days>(now - kNight) + kNight;
}

/// Its key begins with the time.
std::int64_t prune_inbox(sql::Db& db, Instant before) {
  return db.execute(
      "DELETE FROM inbox WHERE event_key IN (SELECT event_key FROM (SELECT event_key, at FROM inbox ORDER BY "
      "event_key LIMIT $2) AS oldest WHERE at < $1)",
      {in_ms(before), kAtOnce});
}

/// The number up to which rows are looked at. Those that stay, because they are still open, do not count.
std::int64_t last_row(sql::Db& db) {
  return db
      .query(
          "SELECT coalesce(max(id), 0) FROM (SELECT id FROM outbox ORDER BY id LIMIT $1 + (SELECT count(*) "
          "FROM outbox WHERE sent = 0 AND state IN ('planned', 'sending', 'unknown'))) AS oldest",
          {kAtOnce})
      .front()
      .integer(0);
}

std::int64_t prune_outbox(sql::Db& db, Agenda& agenda, Instant before) {
  const std::int64_t last = last_row(db);
  agenda.keep_outcomes(db, last, before);
  db.execute("DELETE FROM attempts WHERE outbox IN (SELECT id FROM outbox WHERE id <= $1 AND " +
                 std::string(kSettled) + ")",
             {last, in_ms(before)});
  // Of messages that were erased with somebody.
  db.execute("DELETE FROM attempts WHERE outbox < (SELECT coalesce(min(id), 0) FROM outbox)");
  return db.execute("DELETE FROM outbox WHERE id <= $1 AND " + std::string(kSettled), {last, in_ms(before)});
}

std::int64_t prune_said(sql::Db& db, Instant before) {
  return db.execute(
      "DELETE FROM said WHERE (account, chat, message_id) IN (SELECT account, chat, message_id FROM said "
      "WHERE at < $1 ORDER BY at LIMIT $2)",
      {in_ms(before), kAtOnce});
}

std::int64_t prune_gaps(sql::Db& db, Instant before) {
  return db.execute(
      "DELETE FROM gaps WHERE id IN (SELECT id FROM (SELECT id, until_at FROM gaps ORDER BY id LIMIT $2) AS "
      "oldest WHERE until_at < $1)",
      {in_ms(before), kAtOnce});
}

}  // namespace

sql::Schema Pruning::schema() {
  return {"pruning", {{1, "CREATE INDEX said_at ON said (at)"}}};
}

bool Pruning::is_due(Instant now) const {
  const bool clock_set_back = now < last_;
  if (clock_set_back) return true;
  return more_ ? now - last_ >= kPause : night_of(now) != night_of(last_);
}

Pruning::Counts Pruning::round(sql::Db& db, Agenda& agenda, Instant night) {
  return {.inbox = prune_inbox(db, night - kept::inbox),
          .outbox = prune_outbox(db, agenda, night - kept::outbox),
          .said = prune_said(db, night - kept::said),
          .gaps = prune_gaps(db, night - kept::gaps),
          .archive = Archive::prune(db, night, kAtOnce),
          .agenda = agenda.prune(db, night, kAtOnce)};
}

void Pruning::prune(sql::Db& db, Agenda& agenda, Instant now) {
  const Counts gone = round(db, agenda, night_of(now));
  last_ = now;
  more_ = gone.all() > 0;
  gone_.inbox += gone.inbox;
  gone_.outbox += gone.outbox;
  gone_.said += gone.said;
  gone_.gaps += gone.gaps;
  gone_.archive += gone.archive;
  gone_.agenda += gone.agenda;
  if (more_) return;
  last_gone_ = gone_.all();
  if (last_gone_ == 0) return;
  log::info("old rows are gone", {{"inbox", gone_.inbox},
                                  {"outbox", gone_.outbox},
                                  {"said", gone_.said},
                                  {"gaps", gone_.gaps},
                                  {"archive", gone_.archive},
                                  {"schedules", gone_.agenda}});
  gone_ = {};
}

}  // namespace bot
