#include "bot/desk/known_groups.hpp"

#include <algorithm>

namespace bot {

sql::Schema KnownGroups::schema() {
  return {"known_groups",
          {{1,
            "CREATE TABLE known_groups (account TEXT NOT NULL, chat TEXT NOT NULL, name TEXT NOT NULL, "
            "since {int} NOT NULL, PRIMARY KEY (account, chat)) {table}"}}};
}

void KnownGroups::load(sql::Db& db) {
  for (const sql::Row& row :
       db.query("SELECT account, chat, name, since FROM known_groups ORDER BY since, chat")) {
    remember({Address{row.text(0), row.text(1), false}, row.text(2), from_ms(row.integer(3))});
  }
}

void KnownGroups::add(sql::Db& db, const Address& where, const std::string& name, Instant now) {
  db.execute(
      "INSERT INTO known_groups (account, chat, name, since) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (account, chat) DO UPDATE SET name = excluded.name",
      {where.account, where.chat, name, in_ms(now)});
  remember({where, name, now});
}

std::string KnownGroups::name(const Address& where) const {
  const auto known = index_.find(where);
  return known == index_.end() ? std::string() : entries_[known->second].name;
}

void KnownGroups::not_since_after(sql::Db& db, Instant now) {
  db.execute("UPDATE known_groups SET since = $1 WHERE since > $1", {in_ms(now)});
  for (Entry& entry : entries_) entry.since = std::min(entry.since, now);
}

void KnownGroups::remember(Entry entry) {
  const auto [known, fresh] = index_.try_emplace(entry.where, entries_.size());
  if (fresh) {
    entries_.push_back(std::move(entry));
  } else {
    entries_[known->second].name = std::move(entry.name);
  }
}

}  // namespace bot
