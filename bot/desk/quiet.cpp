#include "bot/desk/quiet.hpp"

#include <utility>

namespace bot {

sql::Schema Quiet::schema() {
  return {"quiet",
          {{1,
            "CREATE TABLE quiet (account TEXT NOT NULL, chat TEXT NOT NULL, since {int} NOT NULL, "
            "until_at {int} NOT NULL, PRIMARY KEY (account, chat)) {table}"}}};
}

void Quiet::load(sql::Db& db) {
  spans_.clear();
  for (const sql::Row& row : db.query("SELECT account, chat, since, until_at FROM quiet")) {
    spans_[{row.text(0), row.text(1), false}] = {from_ms(row.integer(2)), from_ms(row.integer(3))};
  }
}

bool Quiet::begin(sql::Db& db, const Address& group, Moment at, Instant until_then) {
  const bool quiet = until(group, at.now).has_value();
  if (quiet && at.said < spans_.at(group).since) return false;
  write(db, group, {quiet ? spans_.at(group).since : at.said, until_then});
  return true;
}

bool Quiet::end(sql::Db& db, const Address& group, Moment at) {
  if (!until(group, at.now) || at.said < spans_.at(group).since) return false;
  write(db, group, {spans_.at(group).since, at.now});
  return true;
}

void Quiet::write(sql::Db& db, const Address& group, const Span& span) {
  db.execute(
      "INSERT INTO quiet (account, chat, since, until_at) VALUES ($1, $2, $3, $4) ON CONFLICT (account, "
      "chat) DO UPDATE SET since = excluded.since, until_at = excluded.until_at",
      {group.account, group.chat, in_ms(span.since), in_ms(span.until)});
  spans_[group] = span;
  changed_.push_back(group);
}

std::optional<Instant> Quiet::until(const Address& group, Instant now) const {
  const auto found = spans_.find(group);
  if (found == spans_.end() || found->second.until <= now) return std::nullopt;
  return found->second.until;
}

bool Quiet::silenced(const Address& group, Instant at) const {
  const auto found = spans_.find(group);
  return found != spans_.end() && found->second.since <= at && at < found->second.until;
}

std::vector<Address> Quiet::take_changed() {
  return std::exchange(changed_, {});
}

}  // namespace bot
