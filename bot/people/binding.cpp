#include "bot/people/binding.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <string_view>

#include "bot/base/hashes.hpp"
#include "bot/base/json.hpp"
#include "bot/people/naming.hpp"

namespace bot::people {

namespace {

constexpr std::int64_t kWrongCodes = 5;
constexpr auto kWrongWithin = std::chrono::hours(1);

// ---- codes ------------------------------------------------------------------------------------------------

std::string hash_of(const std::string& salt, const std::string& code) {
  return base64(hmac_sha256(salt, code));
}

std::string key_of(const Account& account) {
  return account.account + "\n" + account.user;
}

bool tried_too_often(sql::Db& db, const Account& account, Instant now) {
  db.execute("DELETE FROM binding_tries WHERE at < $1", {in_ms(now - kWrongWithin)});
  return db.query("SELECT count(*) FROM binding_tries WHERE account = $1 AND user_id = $2",
                  {account.account, account.user})
             .front()
             .integer(0) >= kWrongCodes;
}

// ---- what a binding changes, so that it can be taken back -------------------------------------------------

/// A table that says something of persons.
struct Told {
  std::string_view table;
  std::string_view person;   ///< its column
  std::string_view columns;  ///< all of them
};
constexpr std::array<Told, 5> kTold{
    {{"persons", "id", "id, name, birthday, since, name_form, named_at, birthday_hidden"},
     {"person_accounts", "person", "account, user_id, person, nickname"},
     {"memberships", "person", "account, chat, person, role, active, category, unit, own"},
     {"member_tags", "person", "account, chat, person, tag"},
     {"former_names", "person", "id, person, account, chat, name, until_at"}}};

boost::json::value packed(const sql::Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value.held())) return *number;
  if (const auto* text = std::get_if<std::string>(&value.held())) return boost::json::string(*text);
  return nullptr;
}

sql::Value unpacked(const boost::json::value& value) {
  if (value.is_int64()) return value.get_int64();
  if (value.is_string()) return std::string(value.get_string());
  return nullptr;
}

std::string state_of(sql::Db& db, PersonId one, PersonId other) {
  boost::json::object state{{"into", one}, {"from", other}};
  for (const Told& told : kTold) {
    boost::json::array rows;
    for (const sql::Row& row : db.query(
             fmt::format("SELECT {} FROM {} WHERE {} IN ($1, $2)", told.columns, told.table, told.person),
             {one, other})) {
      boost::json::array columns;
      for (const sql::Value& value : row.values()) columns.push_back(packed(value));
      rows.push_back(std::move(columns));
    }
    state[told.table] = std::move(rows);
  }
  return boost::json::serialize(state);
}

void insert(sql::Db& db, const Told& told, const boost::json::array& columns) {
  std::vector<sql::Value> values;
  std::string places;
  for (const boost::json::value& column : columns) {
    values.push_back(unpacked(column));
    places += fmt::format("{}${}", places.empty() ? "" : ", ", values.size());
  }
  db.execute(fmt::format("INSERT INTO {} ({}) VALUES ({})", told.table, told.columns, places),
             sql::Params(values));
}

void bring_back(sql::Db& db, const boost::json::object& state, PersonId one, PersonId other) {
  for (const Told& told : kTold) {
    db.execute(fmt::format("DELETE FROM {} WHERE {} IN ($1, $2)", told.table, told.person), {one, other});
    for (const boost::json::value& row : state.at(told.table).as_array()) insert(db, told, row.as_array());
  }
}

// ---- binding ----------------------------------------------------------------------------------------------

void bind_names(sql::Db& db, PersonId into, PersonId from, Instant now) {
  const std::string stays = real_name(db, into);
  const std::string goes = real_name(db, from);
  if (!stays.empty() && !goes.empty() && stays != goes) keep_former_name(db, into, {}, goes, now);
  if (stays.empty())
    db.execute(
        "UPDATE persons SET name = f.name, name_form = f.name_form, named_at = f.named_at FROM (SELECT name, "
        "name_form, named_at FROM persons WHERE id = $2) AS f WHERE persons.id = $1",
        {into, from});
  db.execute("UPDATE former_names SET person = $1 WHERE person = $2", {into, from});
}

void bind_birthdays(sql::Db& db, PersonId into, PersonId from) {
  BirthdayRecord stays = birthday_of(db, into);
  const BirthdayRecord goes = birthday_of(db, from);
  if (stays.day.empty()) stays.day = goes.day;
  stays.hidden = stays.hidden || goes.hidden;
  set_birthday(db, into, stays);
}

void bind_memberships(sql::Db& db, PersonId into, PersonId from) {
  if (own_group(db, into)) db.execute("UPDATE memberships SET own = 0 WHERE person = $1", {from});
  db.execute(
      "INSERT INTO memberships (account, chat, person, role, active, category, unit, own) SELECT account, "
      "chat, $1, role, active, category, unit, own FROM memberships WHERE person = $2 "
      "ON CONFLICT (account, chat, person) DO UPDATE SET "
      "role = CASE WHEN memberships.role IS NULL OR excluded.role < memberships.role THEN excluded.role ELSE "
      "memberships.role END, "
      "active = CASE WHEN excluded.active > memberships.active THEN excluded.active ELSE memberships.active "
      "END, "
      "category = CASE WHEN memberships.category = '' THEN excluded.category ELSE memberships.category END, "
      "unit = CASE WHEN memberships.unit = '' THEN excluded.unit ELSE memberships.unit END, "
      "own = CASE WHEN excluded.own = 1 THEN 1 ELSE memberships.own END",
      {into, from});
  db.execute("DELETE FROM memberships WHERE person = $1", {from});
}

void bind_tags(sql::Db& db, PersonId into, PersonId from) {
  db.execute(
      "INSERT INTO member_tags (account, chat, person, tag) SELECT account, chat, $1, tag FROM member_tags "
      "WHERE person = $2 ON CONFLICT (account, chat, person, tag) DO NOTHING",
      {into, from});
  db.execute("DELETE FROM member_tags WHERE person = $1", {from});
}

}  // namespace

std::string new_code(sql::Db& db, const Account& account, PersonId person, Random& random, Instant now) {
  const std::string code = std::to_string(100'000 + random.below(900'000));
  const std::string salt = random.unique_name();
  db.execute("DELETE FROM binding_codes WHERE until_at <= $1 OR (account = $2 AND user_id = $3)",
             {in_ms(now), account.account, account.user});
  db.execute(
      "INSERT INTO binding_codes (account, user_id, person, salt, hash, until_at, used_by) VALUES ($1, $2, "
      "$3, $4, $5, $6, '')",
      {account.account, account.user, person, salt, hash_of(salt, code), in_ms(now + kCodeValid)});
  return code;
}

Tried try_code(sql::Db& db, const Account& account, const std::string& code, Instant now) {
  if (tried_too_often(db, account, now)) return {Tried::Verdict::too_often, 0};
  const std::string tries = key_of(account);
  for (const sql::Row& row :
       db.query("SELECT account, user_id, person, salt, hash FROM binding_codes WHERE until_at > $1 AND "
                "(used_by = '' OR used_by = $2)",
                {in_ms(now), tries})) {
    if (!same_secret(hash_of(row.text(3), code), row.text(4))) continue;
    db.execute("UPDATE binding_codes SET used_by = $3 WHERE account = $1 AND user_id = $2",
               {row.text(0), row.text(1), tries});
    return {Tried::Verdict::fits, row.integer(2)};
  }
  db.execute("INSERT INTO binding_tries (account, user_id, at) VALUES ($1, $2, $3)",
             {account.account, account.user, in_ms(now)});
  return {};
}

void bind(sql::Db& db, PersonId into, PersonId from, Instant now) {
  const std::string before = state_of(db, into, from);
  bind_names(db, into, from, now);
  bind_birthdays(db, into, from);
  bind_memberships(db, into, from);
  bind_tags(db, into, from);
  db.execute("UPDATE person_accounts SET person = $1 WHERE person = $2", {into, from});
  db.execute("DELETE FROM persons WHERE id = $1", {from});
  db.execute("DELETE FROM binding_codes WHERE person IN ($1, $2)", {into, from});
  db.execute("DELETE FROM bindings WHERE person = $1 OR at < $2", {from, in_ms(now - kUnbindWithin)});
  db.execute("INSERT INTO bindings (person, at, before) VALUES ($1, $2, $3)", {into, in_ms(now), before});
}

std::vector<Account> unbind(sql::Db& db, PersonId person, Instant now) {
  const auto rows =
      db.query("SELECT id, before FROM bindings WHERE person = $1 AND at >= $2 ORDER BY id DESC LIMIT 1",
               {person, in_ms(now - kUnbindWithin)});
  if (rows.empty()) return {};
  const auto state = json::parsed(rows.front().text(1));
  if (!state || !state->is_object()) return {};
  const PersonId from = state->get_object().at("from").to_number<PersonId>();
  bring_back(db, state->get_object(), person, from);
  db.execute("DELETE FROM bindings WHERE id = $1", {rows.front().integer(0)});
  return accounts_of(db, from);
}

}  // namespace bot::people
