#include "bot/people/enrolment.hpp"

#include <map>

#include "bot/people/labels.hpp"
#include "bot/people/naming.hpp"

namespace bot::people {

namespace {

/// A membership as it is stored.
struct Stored {
  std::string category{};
  std::string unit{};
  std::optional<Role> role{};
};

std::optional<Stored> membership(sql::Db& db, const Address& group, PersonId person) {
  const auto rows = db.query(
      "SELECT category, unit, role FROM memberships WHERE account = $1 AND chat = $2 AND person = $3",
      {group.account, group.chat, person});
  if (rows.empty()) return std::nullopt;
  Stored stored{rows.front().text(0), rows.front().text(1), {}};
  if (!rows.front().is_null(2)) stored.role = static_cast<Role>(rows.front().integer(2));
  return stored;
}

bool take_name(sql::Db& db, const Enrolment& row, PersonId person, Instant now) {
  return !row.name.empty() && rename(db, person, row.name, now, true).result == Renaming::Result::done;
}

bool take_birthday(sql::Db& db, const Enrolment& row, PersonId person) {
  if (row.birthday.empty()) return false;
  BirthdayRecord birthday = birthday_of(db, person);
  if (birthday.day == row.birthday) return false;
  birthday.day = row.birthday;
  set_birthday(db, person, birthday);
  return true;
}

bool take_membership(sql::Db& db, const Enrolment& row, PersonId person, const Stored& before) {
  const std::string& category = row.category.empty() ? before.category : row.category;
  const std::string& unit = row.unit.empty() ? before.unit : row.unit;
  const std::optional<Role> role = row.role ? row.role : before.role;
  if (category == before.category && unit == before.unit && role == before.role) return false;
  db.execute(
      "UPDATE memberships SET category = $4, unit = $5, role = $6 WHERE account = $1 AND chat = $2 AND "
      "person "
      "= $3",
      {row.group.account, row.group.chat, person, category, unit,
       role ? sql::Value(static_cast<std::int64_t>(*role)) : sql::Value()});
  return true;
}

bool take_tags(sql::Db& db, const Enrolment& row, PersonId person) {
  bool changed = false;
  for (const std::string& tag : row.tags) changed = add_tag(db, row.group, person, tag) || changed;
  return changed;
}

/// A roster knows days alone; the platform says when on that day.
bool on_that_day(const sql::Row& row, std::size_t column, const std::optional<Instant>& day) {
  if (!day) return true;
  if (row.is_null(column)) return false;
  const Instant at = from_ms(row.integer(column));
  return at >= *day && at < *day + std::chrono::hours(24);
}

bool take_days(sql::Db& db, const Enrolment& row, Instant now) {
  if (!row.joined && !row.left) return false;
  const auto rows =
      db.query("SELECT since, left_at FROM listed_members WHERE account = $1 AND chat = $2 AND user_id = $3",
               {row.group.account, row.group.chat, row.who.user});
  if (rows.empty()) {
    db.execute(
        "INSERT INTO listed_members (account, chat, user_id, card, role, since, left_at) VALUES ($1, $2, $3, "
        "'', 0, $4, $5)",
        {row.group.account, row.group.chat, row.who.user, in_ms(row.joined.value_or(now)),
         row.left ? sql::Value(in_ms(*row.left)) : sql::Value()});
    return true;
  }
  if (on_that_day(rows.front(), 0, row.joined) && on_that_day(rows.front(), 1, row.left)) return false;
  const std::int64_t since = row.joined ? in_ms(*row.joined) : rows.front().integer(0);
  db.execute(
      "UPDATE listed_members SET since = $4, left_at = coalesce($5, left_at) WHERE account = $1 AND chat = "
      "$2 "
      "AND user_id = $3",
      {row.group.account, row.group.chat, row.who.user, since,
       row.left ? sql::Value(in_ms(*row.left)) : sql::Value()});
  return true;
}

}  // namespace

Taken take(sql::Db& db, const Enrolment& row, Instant now) {
  const Record record = look_up(db, row.group, row.who.user);
  const bool in_group = !row.group.chat.empty();
  const PersonId person =
      record.person != 0 && (record.enrolled || !in_group)
          ? record.person
          : enrol(db, {row.who.account, row.group.chat, false}, {.id = row.who.user}, now);
  bool changed = take_name(db, row, person, now);
  changed = take_birthday(db, row, person) || changed;
  if (in_group) {
    changed = take_membership(db, row, person, *membership(db, row.group, person)) || changed;
    changed = take_tags(db, row, person) || changed;
    changed = take_days(db, row, now) || changed;
  }
  if (record.person == 0 || (in_group && !record.enrolled)) return Taken::added;
  return changed ? Taken::changed : Taken::unchanged;
}

std::vector<Enrolment> enrolments(sql::Db& db, const Address& group) {
  std::map<PersonId, std::vector<std::string>> tags;
  for (const sql::Row& row :
       db.query("SELECT person, tag FROM member_tags WHERE account = $1 AND chat = $2 ORDER BY person, tag",
                {group.account, group.chat})) {
    tags[row.integer(0)].push_back(row.text(1));
  }
  std::vector<Enrolment> found;
  for (
      const sql::Row& row : db.query(
          "SELECT m.person, a.user_id, p.name, m.category, m.unit, CASE WHEN p.birthday_hidden = 1 THEN '' "
          "ELSE p.birthday END, m.role, l.since, l.left_at FROM "
          "memberships m JOIN persons p ON p.id = m.person JOIN person_accounts a ON a.person = m.person AND "
          "a.account = m.account LEFT JOIN listed_members l ON l.account = m.account AND l.chat = m.chat AND "
          "l.user_id = a.user_id WHERE m.account = $1 AND m.chat = $2 ORDER BY p.name, a.user_id",
          {group.account, group.chat})) {
    Enrolment each{{group.account, row.text(1)}, group, row.text(2), row.text(3), row.text(4), row.text(5),
                   tags[row.integer(0)],         {},    {},          {}};
    if (!row.is_null(6)) each.role = static_cast<Role>(row.integer(6));
    if (!row.is_null(7)) each.joined = from_ms(row.integer(7));
    if (!row.is_null(8)) each.left = from_ms(row.integer(8));
    found.push_back(std::move(each));
  }
  return found;
}

}  // namespace bot::people
