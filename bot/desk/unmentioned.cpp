#include "bot/desk/unmentioned.hpp"

namespace bot {

namespace {

std::string key_of(const std::string& account, const std::string& user) {
  return account + '\n' + user;
}

}  // namespace

sql::Schema Unmentioned::schema() {
  return {
      "unmentioned",
      {{1,
        "CREATE TABLE unmentioned (account TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, "
        "PRIMARY KEY (account, person)) {table}"}},
      {{.table = "unmentioned", .column = "person", .what = "privacy.rows_unmentioned", .shown = {"name"}}}};
}

void Unmentioned::load(sql::Db& db) {
  names_.clear();
  for (const sql::Row& row : db.query("SELECT account, person, name FROM unmentioned")) {
    names_[key_of(row.text(0), row.text(1))] = row.text(2);
  }
}

void Unmentioned::add(sql::Db& db, const std::string& account, const std::string& user,
                      const std::string& name) {
  db.execute(
      "INSERT INTO unmentioned (account, person, name) VALUES ($1, $2, $3) ON CONFLICT (account, person) DO "
      "UPDATE SET name = excluded.name",
      {account, user, name});
  names_[key_of(account, user)] = name;
}

bool Unmentioned::remove(sql::Db& db, const std::string& account, const std::string& user) {
  db.execute("DELETE FROM unmentioned WHERE account = $1 AND person = $2", {account, user});
  return names_.erase(key_of(account, user)) > 0;
}

bool Unmentioned::holds(const std::string& account, const std::string& user) const {
  return !names_.empty() && names_.contains(key_of(account, user));
}

std::string Unmentioned::name(const std::string& account, const std::string& user) const {
  const auto found = names_.find(key_of(account, user));
  return found == names_.end() ? user : found->second;
}

}  // namespace bot
