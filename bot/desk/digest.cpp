#include "bot/desk/digest.hpp"

#include <algorithm>

namespace bot {

sql::Schema Digest::schema() {
  return {"digest",
          {{1,
            "CREATE TABLE held (id {id}, account TEXT NOT NULL, chat TEXT NOT NULL, body TEXT NOT NULL, "
            "subject TEXT NOT NULL, schedule TEXT NOT NULL, at {int} NOT NULL, expires_at {int} NOT NULL, "
            "try_at {int} NOT NULL) {strict};"
            "CREATE INDEX held_of_chat ON held (account, chat)"}}};
}

void Digest::load(sql::Db& db) {
  for (const sql::Row& row : db.query("SELECT account, chat, max(try_at) FROM held GROUP BY account, chat")) {
    set_try({row.text(0), row.text(1), false}, from_ms(row.integer(2)));
  }
}

void Digest::set_try(const Address& where, Instant at) {
  const auto [known, fresh] = tries_.try_emplace(where, at);
  if (!fresh) order_.erase({known->second, where});
  known->second = at;
  order_.emplace(at, where);
}

void Digest::try_all(Instant now) {
  const std::map<Address, Instant> all = tries_;
  for (const auto& [where, at] : all) set_try(where, std::min(at, now));
}

void Digest::hold(sql::Db& db, const Address& where, const Item& item, Instant try_at) {
  db.execute(
      "INSERT INTO held (account, chat, body, subject, schedule, at, expires_at, try_at) VALUES ($1, $2, $3, "
      "$4, $5, $6, $7, $8)",
      {where.account, where.chat, item.text, item.subject, item.schedule, in_ms(item.at), in_ms(item.expires),
       in_ms(try_at)});
  set_try(where, try_at);
}

void Digest::withdraw(sql::Db& db, const Address& where, const std::string& schedule) {
  db.execute("DELETE FROM held WHERE account = $1 AND chat = $2 AND schedule = $3",
             {where.account, where.chat, schedule});
}

void Digest::give_up(sql::Db& db) {
  db.execute("DELETE FROM held");
}

void Digest::postpone(sql::Db& db, const Address& where, Instant try_at) {
  db.execute("UPDATE held SET try_at = $3 WHERE account = $1 AND chat = $2",
             {where.account, where.chat, in_ms(try_at)});
  set_try(where, try_at);
}

std::vector<Digest::Item> Digest::take(sql::Db& db, const Address& where) {
  std::vector<Item> items;
  for (const sql::Row& row : db.query("SELECT body, subject, at, schedule, expires_at FROM held WHERE "
                                      "account = $1 AND chat = $2 ORDER BY "
                                      "id",
                                      {where.account, where.chat})) {
    items.push_back(
        {row.text(0), row.text(1), from_ms(row.integer(2)), row.text(3), from_ms(row.integer(4))});
  }
  db.execute("DELETE FROM held WHERE account = $1 AND chat = $2", {where.account, where.chat});
  forget(where);
  return items;
}

void Digest::forget(const Address& where) {
  const auto known = tries_.find(where);
  if (known == tries_.end()) return;
  order_.erase({known->second, where});
  tries_.erase(known);
}

Instant Digest::next() const {
  return order_.empty() ? Instant::max() : order_.begin()->first;
}

std::vector<Address> Digest::due(Instant now, std::size_t most) const {
  std::vector<Address> chats;
  for (const auto& [at, where] : order_) {
    if (at > now || chats.size() == most) break;
    chats.push_back(where);
  }
  return chats;
}

Instant Digest::try_at(const Address& where) const {
  const auto found = tries_.find(where);
  return found == tries_.end() ? Instant::min() : found->second;
}

}  // namespace bot
