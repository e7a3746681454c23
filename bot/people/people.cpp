#include "bot/people/people.hpp"

#include <map>
#include <set>

#include "bot/people/naming.hpp"
#include "bot/texts/tokens.hpp"

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

void put_on_record(sql::Db& db, const Address& group, const MembersListed::Entry& entry, Instant now) {
  PersonId person = person_of(db, group.account, entry.user);
  if (person == 0) person = new_person(db, group.account, entry.user, entry.nickname, now);
  join_group(db, group, person, Instant{});
}

/// What the platform said of somebody so far.
struct ListedBefore {
  PersonId person = 0;
  std::string card{};
  std::string nickname{};
  Sender::Role role = Sender::Role::unknown;
  bool left = false;
};

std::map<std::string, ListedBefore> listed_before(sql::Db& db, const Address& group) {
  std::map<std::string, ListedBefore> before;
  for (const sql::Row& row : db.query(
           "SELECT l.user_id, coalesce(a.person, 0), l.card, coalesce(a.nickname, ''), l.role, l.left_at "
           "FROM "
           "listed_members l LEFT JOIN person_accounts a ON a.account = l.account AND a.user_id = l.user_id "
           "WHERE l.account = $1 AND l.chat = $2",
           {group.account, group.chat})) {
    before[row.text(0)] = {row.integer(1), row.text(2), row.text(3), platform_role(row.integer(4)),
                           !row.is_null(5)};
  }
  return before;
}

/// Most of a list is as it was.
void renew(sql::Db& db, const Address& group, const ListedBefore& before, const MembersListed::Entry& entry,
           Instant now) {
  if (before.left || before.card != entry.card || before.role != entry.role)
    list_member(db, group, entry, now);
  if (before.left || before.person == 0) put_on_record(db, group, entry, now);
  if (before.person != 0 && !before.card.empty() && before.card != entry.card)
    keep_former_name(db, before.person, group, before.card, now);
  if (before.person != 0 && !entry.nickname.empty() && before.nickname != entry.nickname)
    db.execute("UPDATE person_accounts SET nickname = $3 WHERE account = $1 AND user_id = $2",
               {group.account, entry.user, entry.nickname});
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
        "PRIMARY KEY (account, chat)) {table}"},
       {2,
        "ALTER TABLE persons ADD COLUMN name_form TEXT NOT NULL DEFAULT '';"
        "ALTER TABLE persons ADD COLUMN named_at {int} NOT NULL DEFAULT 0;"
        "ALTER TABLE persons ADD COLUMN birthday_hidden {int} NOT NULL DEFAULT 0;"
        "ALTER TABLE memberships ADD COLUMN category TEXT NOT NULL DEFAULT '';"
        "ALTER TABLE memberships ADD COLUMN unit TEXT NOT NULL DEFAULT '';"
        "ALTER TABLE memberships ADD COLUMN own {int} NOT NULL DEFAULT 0;"
        "CREATE INDEX persons_by_name ON persons (name_form);"
        "CREATE TABLE member_tags (account TEXT NOT NULL, chat TEXT NOT NULL, person {int} NOT NULL, "
        "tag TEXT NOT NULL, PRIMARY KEY (account, chat, person, tag)) {table};"
        "CREATE INDEX tags_of_person ON member_tags (person);"
        "CREATE TABLE former_names (id {id}, person {int} NOT NULL, account TEXT NOT NULL, chat TEXT NOT "
        "NULL, name TEXT NOT NULL, until_at {int} NOT NULL) {strict};"
        "CREATE INDEX former_names_of_person ON former_names (person);"
        "CREATE TABLE told_namesakes (account TEXT NOT NULL, chat TEXT NOT NULL, name_form TEXT NOT NULL, "
        "PRIMARY KEY (account, chat, name_form)) {table};"
        "CREATE TABLE binding_codes (account TEXT NOT NULL, user_id TEXT NOT NULL, person {int} NOT NULL, "
        "salt TEXT NOT NULL, hash TEXT NOT NULL, until_at {int} NOT NULL, used_by TEXT NOT NULL, "
        "PRIMARY KEY (account, user_id)) {table};"
        "CREATE TABLE binding_tries (id {id}, account TEXT NOT NULL, user_id TEXT NOT NULL, at {int} NOT "
        "NULL) {strict};"
        "CREATE TABLE bindings (id {id}, person {int} NOT NULL, at {int} NOT NULL, before TEXT NOT NULL) "
        "{strict};"
        "CREATE INDEX bindings_of_person ON bindings (person)"}},
      {{.table = "persons",
        .column = "id",
        .names = sql::Names::person,
        .what = "privacy.rows_persons",
        .shown = {"name", "birthday", "since"}},
       {.table = "memberships",
        .column = "person",
        .names = sql::Names::person,
        .what = "privacy.rows_memberships",
        .shown = {"chat", "role", "category", "unit", "active"}},
       {.table = "person_accounts",
        .column = "person",
        .names = sql::Names::person,
        .what = "privacy.rows_accounts",
        .shown = {"account", "user_id", "nickname"}},
       {.table = "person_accounts", .column = "user_id"},
       {.table = "listed_members",
        .column = "user_id",
        .what = "privacy.rows_listed",
        .shown = {"chat", "card", "role", "since", "left_at"}},
       {.table = "member_tags",
        .column = "person",
        .names = sql::Names::person,
        .what = "privacy.rows_tags",
        .shown = {"chat", "tag"}},
       {.table = "former_names",
        .column = "person",
        .names = sql::Names::person,
        .what = "privacy.rows_former_names",
        .shown = {"chat", "name", "until_at"}},
       {.table = "told_namesakes", .column = "name_form", .names = sql::Names::name},
       {.table = "binding_codes", .column = "user_id", .kept = std::chrono::days(1)},
       {.table = "binding_codes",
        .column = "person",
        .names = sql::Names::person,
        .kept = std::chrono::days(1)},
       {.table = "binding_codes",
        .column = "used_by",
        .names = sql::Names::inside,
        .pattern = "{account}\n{user}",
        .kept = std::chrono::days(1)},
       {.table = "binding_tries", .column = "user_id", .kept = std::chrono::days(1)},
       {.table = "bindings", .column = "person", .names = sql::Names::person}}};
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
  if (person == 0)
    person = new_person(db, group.account, sender.id, shown({{}, sender.name, {}, sender.id}), now);
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
  std::map<std::string, ListedBefore> before = listed_before(db, group);
  for (const MembersListed::Entry& entry : list.members) {
    const auto known = before.find(entry.user);
    if (known == before.end()) {
      list_member(db, group, entry, now);
      put_on_record(db, group, entry, now);
    } else {
      renew(db, group, known->second, entry, now);
      before.erase(known);
    }
  }
  for (const auto& [user, gone] : before) {
    if (!gone.left) went(db, group, user, now);
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
  put_on_record(db, group, entry, now);
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

namespace {

/// Who is called the same as somebody else of the list.
void mark_ambiguous(std::vector<Listed>& members) {
  std::map<std::string, int> called;
  for (const Listed& member : members) ++called[compact_form(member.shown)];
  for (Listed& member : members) member.ambiguous = called[compact_form(member.shown)] > 1;
}

Listed listed_of(const sql::Row& row) {
  Listed listed;
  listed.person = row.integer(0);
  listed.user = row.text(1);
  listed.named = !row.text(2).empty();
  listed.card = row.text(3);
  listed.shown = shown({row.text(2), row.text(3), row.text(4), listed.user});
  listed.category = row.text(5);
  listed.guest = row.integer(6) != 0;
  return listed;
}

}  // namespace

std::vector<Listed> members(sql::Db& db, const Address& group) {
  std::vector<Listed> found;
  std::set<PersonId> seen;
  for (const sql::Row& row :
       db.query("SELECT m.person, a.user_id, p.name, coalesce(l.card, ''), a.nickname, m.category, "
                "CASE WHEN m.own = 0 AND EXISTS (SELECT 1 FROM memberships o WHERE o.person = m.person AND "
                "o.own = "
                "1) THEN 1 ELSE 0 END FROM memberships m "
                "JOIN persons p ON p.id = m.person "
                "JOIN person_accounts a ON a.person = m.person AND a.account = m.account "
                "LEFT JOIN listed_members l ON l.account = m.account AND l.chat = m.chat AND l.user_id = "
                "a.user_id "
                "WHERE m.account = $1 AND m.chat = $2 AND l.left_at IS NULL "
                "ORDER BY p.name, l.card, l.user_id IS NULL, a.user_id",
                {group.account, group.chat})) {
    if (seen.insert(row.integer(0)).second) found.push_back(listed_of(row));
  }
  mark_ambiguous(found);
  return found;
}

std::vector<Listed> members_named(sql::Db& db, const Address& group, std::string_view name) {
  const std::string form = compact_form(name);
  std::vector<Listed> found = members(db, group);
  std::erase_if(found, [&](const Listed& member) {
    return member.user != name && compact_form(member.shown) != form && compact_form(member.card) != form;
  });
  return found;
}

std::vector<Address> groups_of(sql::Db& db, PersonId person) {
  std::vector<Address> groups;
  for (const sql::Row& row : db.query(
           "SELECT m.account, m.chat FROM memberships m WHERE m.person = $1 AND EXISTS (SELECT 1 FROM "
           "person_accounts a LEFT JOIN listed_members l ON l.account = m.account AND l.chat = m.chat AND "
           "l.user_id = a.user_id WHERE a.person = m.person AND a.account = m.account AND l.left_at IS NULL) "
           "ORDER BY m.account, m.chat",
           {person})) {
    groups.push_back({row.text(0), row.text(1), false});
  }
  return groups;
}

std::optional<Address> own_group(sql::Db& db, PersonId person) {
  const auto rows = db.query("SELECT account, chat FROM memberships WHERE person = $1 AND own = 1", {person});
  if (rows.empty()) return std::nullopt;
  return Address{rows.front().text(0), rows.front().text(1), false};
}

void set_own_group(sql::Db& db, const Address& group, PersonId person) {
  db.execute(
      "UPDATE memberships SET own = CASE WHEN account = $1 AND chat = $2 THEN 1 ELSE 0 END "
      "WHERE person = $3",
      {group.account, group.chat, person});
}

std::vector<Account> accounts_of(sql::Db& db, PersonId person) {
  std::vector<Account> accounts;
  for (const sql::Row& row :
       db.query("SELECT account, user_id FROM person_accounts WHERE person = $1 ORDER BY account, user_id",
                {person})) {
    accounts.push_back({row.text(0), row.text(1)});
  }
  return accounts;
}

std::optional<Instant> joined_at(sql::Db& db, const Address& group, PersonId person) {
  const auto rows = db.query(
      "SELECT l.since FROM listed_members l JOIN person_accounts a ON a.account = l.account AND a.user_id = "
      "l.user_id WHERE l.account = $1 AND l.chat = $2 AND a.person = $3 AND l.left_at IS NULL ORDER BY "
      "l.since LIMIT 1",
      {group.account, group.chat, person});
  if (rows.empty()) return std::nullopt;
  return from_ms(rows.front().integer(0));
}

BirthdayRecord birthday_of(sql::Db& db, PersonId person) {
  const auto rows = db.query("SELECT birthday, birthday_hidden FROM persons WHERE id = $1", {person});
  if (rows.empty()) return {};
  return {rows.front().text(0), rows.front().integer(1) != 0};
}

void set_birthday(sql::Db& db, PersonId person, const BirthdayRecord& birthday) {
  db.execute("UPDATE persons SET birthday = $2, birthday_hidden = $3 WHERE id = $1",
             {person, birthday.day, birthday.hidden});
}

}  // namespace bot::people
