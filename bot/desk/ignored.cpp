#include "bot/desk/ignored.hpp"

#include <algorithm>

namespace bot {

namespace {

/// As stored: no end.
constexpr std::int64_t kForGood = 0;

bool is_over(const Ignored::Entry& entry, Instant now) {
  return entry.until && *entry.until <= now;
}

auto named(const std::string& user) {
  return [&user](const Ignored::Entry& entry) { return entry.user == user; };
}

}  // namespace

sql::Schema Ignored::schema() {
  return {"ignored",
          {{1,
            "CREATE TABLE ignored (account TEXT NOT NULL, chat TEXT NOT NULL, person TEXT NOT NULL, "
            "name TEXT NOT NULL, until_at {int} NOT NULL, PRIMARY KEY (account, chat, person)) {table}"}},
          {{.table = "ignored", .column = "person"}}};
}

void Ignored::load(sql::Db& db) {
  groups_.clear();
  for (const sql::Row& row :
       db.query("SELECT account, chat, person, name, until_at FROM ignored ORDER BY person")) {
    const std::int64_t until = row.integer(4);
    groups_[{row.text(0), row.text(1), false}].push_back(
        {row.text(2), row.text(3), until == kForGood ? std::nullopt : std::optional(from_ms(until))});
  }
}

void Ignored::add(sql::Db& db, const Address& group, const Entry& entry, Instant now) {
  forget_over(db, now);
  db.execute(
      "INSERT INTO ignored (account, chat, person, name, until_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT "
      "(account, chat, person) DO UPDATE SET name = excluded.name, until_at = excluded.until_at",
      {group.account, group.chat, entry.user, entry.name, entry.until ? in_ms(*entry.until) : kForGood});
  std::vector<Entry>& entries = groups_[group];
  std::erase_if(entries, named(entry.user));
  entries.insert(std::ranges::upper_bound(entries, entry.user, {}, &Entry::user), entry);
}

bool Ignored::remove(sql::Db& db, const Address& group, const std::string& user, Instant now) {
  const bool listed = holds(group, user, now);
  db.execute("DELETE FROM ignored WHERE account = $1 AND chat = $2 AND person = $3",
             {group.account, group.chat, user});
  if (const auto found = groups_.find(group); found != groups_.end()) {
    std::erase_if(found->second, named(user));
    if (found->second.empty()) groups_.erase(found);
  }
  return listed;
}

void Ignored::forget_over(sql::Db& db, Instant now) {
  db.execute("DELETE FROM ignored WHERE until_at <> $1 AND until_at <= $2", {kForGood, in_ms(now)});
  for (auto& [group, entries] : groups_) {
    std::erase_if(entries, [now](const Entry& entry) { return is_over(entry, now); });
  }
  std::erase_if(groups_, [](const auto& group) { return group.second.empty(); });
}

bool Ignored::holds(const Address& group, const std::string& user, Instant now) const {
  if (groups_.empty()) return false;
  const auto found = groups_.find(group);
  if (found == groups_.end()) return false;
  const auto entry = std::ranges::find_if(found->second, named(user));
  return entry != found->second.end() && !is_over(*entry, now);
}

std::vector<Ignored::Entry> Ignored::of(const Address& group, Instant now) const {
  const auto found = groups_.find(group);
  std::vector<Entry> entries;
  if (found == groups_.end()) return entries;
  std::ranges::remove_copy_if(found->second, std::back_inserter(entries),
                              [now](const Entry& entry) { return is_over(entry, now); });
  return entries;
}

}  // namespace bot
