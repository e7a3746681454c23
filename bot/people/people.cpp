#include "bot/people/people.hpp"

#include <set>

#include "bot/chat/shown_name.hpp"

namespace bot::people {

namespace {

constexpr auto kActivityStep = std::chrono::hours(1);

Sender::Role platform_role(std::int64_t stored) {
  switch (stored) {
    case 1:
      return Sender::Role::member;
    case 2:
      return Sender::Role::admin;
    case 3:
      return Sender::Role::owner;
    default:
      return Sender::Role::unknown;
  }
}

PersonId person_of(sql::Db& db, const std::string& account, const std::string& user) {
  const auto rows =
      db.query("SELECT person FROM person_accounts WHERE account = $1 AND user_id = $2", {account, user});
  return rows.empty() ? 0 : rows.front().integer(0);
}

PersonId new_person(sql::Db& db, const std::string& account, const std::string& user,
                    const std::string& nickname, Instant now) {
  const PersonId person =
      db.query("INSERT INTO persons (name, birthday, since) VALUES ('', '', $1) RETURNING id", {in_ms(now)})
          .front()
          .integer(0);
  db.execute("INSERT INTO person_accounts (account, user_id, person, nickname) VALUES ($1, $2, $3, $4)",
             {account, user, person, nickname});
  return person;
}

void join_group(sql::Db& db, const Address& group, PersonId person, Instant active) {
  db.execute(
      "INSERT INTO memberships (account, chat, person, active) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (account, chat, person) DO UPDATE SET active = excluded.active "
      "WHERE memberships.active < $5",
      {group.account, group.chat, person, in_ms(active), in_ms(active - kActivityStep)});
}

void list_member(sql::Db& db, const Address& group, const MembersListed::Entry& entry, Instant now) {
  db.execute(
      "INSERT INTO listed_members (account, chat, user_id, card, role, since, left_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, NULL) ON CONFLICT (account, chat, user_id) DO UPDATE SET "
      "card = excluded.card, role = excluded.role, left_at = NULL",
      {group.account, group.chat, entry.user, entry.card, static_cast<std::int64_t>(entry.role),
       in_ms(entry.joined.value_or(now))});
}

}  // namespace

sql::Schema schema() {
  return {
      "people",
      {{1,
        "CREATE TABLE persons (id {id}, name TEXT NOT NULL, birthday TEXT NOT NULL, since {int} NOT NULL) "
        "{strict};"
        "CREATE TABLE person_accounts (account TEXT NOT NULL, user_id TEXT NOT NULL, person {int} NOT "
        "NULL, nickname TEXT NOT NULL, PRIMARY KEY (account, user_id)) {table};"
        "CREATE INDEX accounts_of_person ON person_accounts (person);"
        "CREATE TABLE memberships (account TEXT NOT NULL, chat TEXT NOT NULL, person {int} NOT NULL, "
        "role {int}, active {int} NOT NULL, PRIMARY KEY (account, chat, person)) {table};"
        "CREATE INDEX memberships_of_person ON memberships (person);"
        "CREATE TABLE listed_members (account TEXT NOT NULL, chat TEXT NOT NULL, user_id TEXT NOT NULL, "
        "card TEXT NOT NULL, role {int} NOT NULL, since {int} NOT NULL, left_at {int}, "
        "PRIMARY KEY (account, chat, user_id)) {table};"
        "CREATE TABLE member_lists (account TEXT NOT NULL, chat TEXT NOT NULL, at {int} NOT NULL, "
        "PRIMARY KEY (account, chat)) {table}"}}};
}

Record look_up(sql::Db& db, const Address& group, const std::string& user) {
  const auto rows = db.query(
      "SELECT p.id, p.name, l.role, m.role, m.person FROM person_accounts a JOIN persons p ON p.id = "
      "a.person "
      "LEFT JOIN listed_members l ON l.account = $1 AND l.chat = $2 AND l.user_id = $3 AND l.left_at IS NULL "
      "LEFT JOIN memberships m ON m.account = $1 AND m.chat = $2 AND m.person = p.id "
      "WHERE a.account = $1 AND a.user_id = $3",
      {group.account, group.chat, user});
  if (rows.empty()) return {};
  const sql::Row& row = rows.front();
  Record record;
  record.person = row.integer(0);
  record.name = row.text(1);
  if (!row.is_null(2)) record.listed = platform_role(row.integer(2));
  if (!row.is_null(3)) record.given = static_cast<Role>(row.integer(3));
  record.enrolled = !row.is_null(4);
  return record;
}

PersonId enrol(sql::Db& db, const Address& group, const Sender& sender, Instant now) {
  PersonId person = person_of(db, group.account, sender.id);
  if (person == 0) person = new_person(db, group.account, sender.id, shown_name(sender), now);
  if (!group.chat.empty() && !group.direct) join_group(db, group, person, now);
  return person;
}

std::optional<Address> home(sql::Db& db, const std::string& account, const std::string& user) {
  const auto rows = db.query(
      "SELECT m.chat FROM person_accounts a JOIN memberships m ON m.person = a.person AND m.account = $1 "
      "WHERE a.account = $1 AND a.user_id = $2 AND NOT EXISTS (SELECT 1 FROM listed_members l WHERE "
      "l.account = $1 AND l.chat = m.chat AND l.user_id = $2 AND l.left_at IS NOT NULL) "
      "ORDER BY m.active DESC, m.chat LIMIT 1",
      {account, user});
  if (rows.empty()) return std::nullopt;
  return Address{account, rows.front().text(0), false};
}

void set_home(sql::Db& db, const Address& group, PersonId person, Instant now) {
  db.execute("UPDATE memberships SET active = $4 WHERE account = $1 AND chat = $2 AND person = $3",
             {group.account, group.chat, person, in_ms(now)});
}

void take_list(sql::Db& db, const Address& group, const MembersListed& list, Instant now) {
  std::set<std::string> there;
  for (const MembersListed::Entry& entry : list.members) {
    there.insert(entry.user);
    list_member(db, group, entry, now);
    PersonId person = person_of(db, group.account, entry.user);
    if (person == 0) person = new_person(db, group.account, entry.user, entry.nickname, now);
    join_group(db, group, person, Instant{});
  }
  for (const sql::Row& row :
       db.query("SELECT user_id FROM listed_members WHERE account = $1 AND chat = $2 AND left_at IS NULL",
                {group.account, group.chat})) {
    if (!there.contains(row.text(0))) went(db, group, row.text(0), now);
  }
  db.execute(
      "INSERT INTO member_lists (account, chat, at) VALUES ($1, $2, $3) "
      "ON CONFLICT (account, chat) DO UPDATE SET at = excluded.at",
      {group.account, group.chat, in_ms(now)});
}

void came(sql::Db& db, const Address& group, const std::string& user, Instant now) {
  MembersListed::Entry entry;
  entry.user = user;
  entry.role = Sender::Role::member;
  entry.joined = now;
  list_member(db, group, entry, now);
  PersonId person = person_of(db, group.account, user);
  if (person == 0) person = new_person(db, group.account, user, {}, now);
  join_group(db, group, person, Instant{});
}

void went(sql::Db& db, const Address& group, const std::string& user, Instant now) {
  db.execute(
      "UPDATE listed_members SET left_at = $4, role = 1 WHERE account = $1 AND chat = $2 AND user_id = $3 "
      "AND "
      "left_at IS NULL",
      {group.account, group.chat, user, in_ms(now)});
}

std::optional<Instant> listed_at(sql::Db& db, const Address& group) {
  const auto rows =
      db.query("SELECT at FROM member_lists WHERE account = $1 AND chat = $2", {group.account, group.chat});
  if (rows.empty()) return std::nullopt;
  return from_ms(rows.front().integer(0));
}

std::vector<Listed> members(sql::Db& db, const Address& group) {
  std::vector<Listed> found;
  std::set<PersonId> seen;
  for (const sql::Row& row : db.query(
           "SELECT m.person, a.user_id, p.name, coalesce(l.card, ''), a.nickname FROM memberships m "
           "JOIN persons p ON p.id = m.person "
           "JOIN person_accounts a ON a.person = m.person AND a.account = m.account "
           "LEFT JOIN listed_members l ON l.account = m.account AND l.chat = m.chat AND l.user_id = "
           "a.user_id "
           "WHERE m.account = $1 AND m.chat = $2 AND l.left_at IS NULL ORDER BY p.name, l.card, a.user_id",
           {group.account, group.chat})) {
    if (!seen.insert(row.integer(0)).second) continue;
    Listed listed;
    listed.person = row.integer(0);
    listed.user = row.text(1);
    listed.named = !row.text(2).empty();
    const std::string& name = listed.named ? row.text(2) : row.text(3).empty() ? row.text(4) : row.text(3);
    listed.shown = shown_name({listed.user, name});
    found.push_back(std::move(listed));
  }
  return found;
}

}  // namespace bot::people
