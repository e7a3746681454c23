#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/log.hpp"
#include "bot/desk/attempts.hpp"
#include "bot/desk/outbox_rows.hpp"
#include "bot/store/dialect.hpp"
#include "bot/store/migrate.hpp"
#include "bot/store/sql.hpp"

/// What every database behind sql::Db does. A driver's test program defines open_store() and includes this
/// once. Statements are in the common dialect, and nothing is tried twice in a transaction that failed.
namespace contract {

/// An empty database.
std::unique_ptr<bot::sql::Db> open_store();

/// An empty database with the tables of a small shop.
inline std::unique_ptr<bot::sql::Db> open_shop() {
  bot::log::to_nowhere();
  auto db = open_store();
  for (const std::string_view table :
       {"CREATE TABLE goods (id {id}, name TEXT NOT NULL UNIQUE, price {int} CHECK (price > 0), note TEXT) "
        "{strict}",
        "CREATE TABLE sales (goods {int} NOT NULL REFERENCES goods (id), at {int} NOT NULL) {strict}"}) {
    db->execute(bot::sql::expanded(table, db->dialect()));
  }
  return db;
}

inline std::int64_t add(bot::sql::Db& db, const std::string& name, std::int64_t price = 1) {
  return db.query("INSERT INTO goods (name, price) VALUES ($1, $2) RETURNING id", {name, price})
      .front()
      .integer(0);
}

/// All names, in order.
inline std::string names(bot::sql::Db& db) {
  std::string all;
  for (const auto& row : db.query("SELECT name FROM goods ORDER BY id")) {
    all += (all.empty() ? "" : " ") + row.text(0);
  }
  return all;
}

inline std::int64_t number(bot::sql::Db& db, std::string_view sql) {
  return db.query(sql).front().integer(0);
}

/// Whether the table is there. Outside of transactions.
inline bool has_table(bot::sql::Db& db, const std::string& table) {
  try {
    db.query("SELECT count(*) FROM " + table);
    return true;
  } catch (const bot::sql::SqlError&) {
    return false;
  }
}

/// What migrate() says when it refuses; empty when it does not.
inline std::string refusal(bot::sql::Db& db, const std::vector<bot::sql::Schema>& schemas) {
  try {
    bot::sql::migrate(db, schemas, {});
    return {};
  } catch (const bot::sql::SqlError& error) {
    return error.what();
  }
}

}  // namespace contract

TEST_CASE("store: rows come back with their columns") {
  const auto db = contract::open_shop();
  const auto id = contract::add(*db, "tea", 5);
  const auto rows = db->query("SELECT id, name, price, note FROM goods WHERE name = $1", {"tea"});
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].integer(0) == id);
  CHECK(rows[0].text(1) == "tea");
  CHECK(rows[0].integer(2) == 5);
  CHECK(rows[0].is_null(3));
  CHECK_FALSE(rows[0].is_null(1));
  CHECK(db->query("SELECT name FROM goods WHERE name = $1", {"none"}).empty());
}

TEST_CASE("store: ids are given in order and never again") {
  const auto db = contract::open_shop();
  const auto first = contract::add(*db, "a");
  const auto second = contract::add(*db, "b");
  CHECK(second > first);
  db->execute("DELETE FROM goods WHERE id = $1", {second});
  CHECK(contract::add(*db, "c") > second);
}

TEST_CASE("store: execute says how many rows changed") {
  const auto db = contract::open_shop();
  CHECK(db->execute("INSERT INTO goods (name, price) VALUES ('a', 1), ('b', 2), ('c', 3)") == 3);
  CHECK(db->execute("UPDATE goods SET price = price + 1 WHERE price >= $1", {2}) == 2);
  CHECK(db->execute("DELETE FROM goods WHERE name = $1", {"none"}) == 0);
  CHECK(db->execute("DELETE FROM goods") == 3);
}

TEST_CASE("store: a statement that touches no row says so") {
  const auto db = contract::open_shop();
  contract::add(*db, "a");
  CHECK(db->execute("CREATE TABLE other (x TEXT)") == 0);
}

TEST_CASE("store: an upsert changes the row that is there, or leaves it") {
  const auto db = contract::open_shop();
  const std::string_view change =
      "INSERT INTO goods (name, price) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET price = "
      "excluded.price";
  CHECK(db->execute(change, {"tea", 5}) == 1);
  CHECK(db->execute(change, {"tea", 6}) == 1);
  CHECK(contract::number(*db, "SELECT price FROM goods") == 6);
  const std::string_view leave =
      "INSERT INTO goods (name, price) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
  CHECK(db->execute(leave, {"tea", 7}) == 0);
  CHECK(db->execute(leave, {"milk", 8}) == 1);
  CHECK(contract::number(*db, "SELECT price FROM goods WHERE name = 'tea'") == 6);
}

TEST_CASE("store: a rule that refuses a row is a Conflict, and says what was tried") {
  const auto db = contract::open_shop();
  contract::add(*db, "tea");
  CHECK_THROWS_AS(contract::add(*db, "tea"), bot::sql::Conflict);
  CHECK_THROWS_AS(contract::add(*db, "milk", 0), bot::sql::Conflict);
  CHECK_THROWS_AS(db->execute("INSERT INTO sales (goods, at) VALUES (999, 0)"), bot::sql::Conflict);
  CHECK_THROWS_WITH(contract::add(*db, "tea"), doctest::Contains("INSERT INTO goods"));
  CHECK(contract::names(*db) == "tea");
}

TEST_CASE("store: a statement that is no SQL is an error, not a Conflict") {
  const auto db = contract::open_shop();
  CHECK_THROWS_AS(db->query("SELECT nonsense FROM nowhere"), bot::sql::SqlError);
  CHECK_THROWS_AS(db->execute("SELEC 1"), bot::sql::SqlError);
  CHECK(contract::number(*db, "SELECT count(*) FROM goods") == 0);
}

TEST_CASE("store: values come back as they were") {
  const auto db = contract::open_shop();
  const std::vector<std::string> texts = {
      "",        "学伴 😀",     "it's \"quoted\"",       "'; DROP TABLE goods; --",
      "$1 $2 ?", "a\nb\tc\\d%", std::string(70'000, 'x')};
  for (const std::string& text : texts) {
    CAPTURE(text.substr(0, 40));
    db->execute("INSERT INTO goods (name, price, note) VALUES ($1, 1, $1)", {text});
    const auto rows = db->query("SELECT name, note FROM goods WHERE name = $1", {text});
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].text(0) == text);
    CHECK(rows[0].text(1) == text);
  }
}

TEST_CASE("store: numbers keep all their bits") {
  const auto db = contract::open_shop();
  const auto id = contract::add(*db, "x");
  for (const std::int64_t each :
       {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::max(),
        std::numeric_limits<std::int64_t>::min(), std::int64_t{9'007'199'254'740'993}}) {
    db->execute("DELETE FROM sales");
    db->execute("INSERT INTO sales (goods, at) VALUES ($1, $2)", {id, each});
    CHECK(contract::number(*db, "SELECT at FROM sales") == each);
  }
  db->execute("UPDATE sales SET at = $1", {true});
  CHECK(contract::number(*db, "SELECT at FROM sales") == 1);
}

TEST_CASE("store: NULL is a value of its own") {
  const auto db = contract::open_shop();
  db->execute("INSERT INTO goods (name, price, note) VALUES ($1, $2, $3)", {"a", nullptr, nullptr});
  db->execute("INSERT INTO goods (name, price, note) VALUES ($1, $2, $3)", {"b", 1, ""});
  const auto rows = db->query("SELECT price, note FROM goods ORDER BY id");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].is_null(0));
  CHECK(rows[0].is_null(1));
  CHECK_FALSE(rows[1].is_null(1));
  CHECK(rows[1].text(1) == "");
}

TEST_CASE("store: parameters are known by their number, not by their place") {
  const auto db = contract::open_shop();
  db->execute("INSERT INTO goods (note, name, price) VALUES ($2, $1, $3)", {"name", "note", 3});
  const auto row = db->query("SELECT name, note, price FROM goods").front();
  CHECK(row.text(0) == "name");
  CHECK(row.text(1) == "note");
  CHECK(row.integer(2) == 3);
  CHECK(db->query("SELECT 1 FROM goods WHERE name = $1 OR note = $1 OR name = $2", {"note", "x"}).size() ==
        1);
  CHECK(
      db->query("SELECT 1 FROM goods WHERE price = $11 AND name IN ($10, $9, $8, $7, $6, $5, $4, $3, $2, $1)",
                {"name", "b", "c", "d", "e", "f", "g", "h", "i", "j", 3})
          .size() == 1);
}

TEST_CASE("store: a missing parameter is an error, not NULL") {
  const auto db = contract::open_shop();
  const std::string_view insert = "INSERT INTO goods (name, price) VALUES ($1, $2)";
  CHECK_THROWS_AS(db->execute(insert, {"a"}), bot::sql::SqlError);
  CHECK_THROWS_AS(db->execute(insert), bot::sql::SqlError);
  CHECK(contract::names(*db) == "");
  CHECK(db->execute(insert, {"a", 1}) == 1);
}

TEST_CASE("store: a statement can be used again after it failed") {
  const auto db = contract::open_shop();
  contract::add(*db, "a");
  CHECK_THROWS_AS(contract::add(*db, "a"), bot::sql::SqlError);
  contract::add(*db, "b");
  CHECK(contract::names(*db) == "a b");
}

TEST_CASE("store: a column that is read as another type is an error") {
  const auto db = contract::open_shop();
  contract::add(*db, "5");
  const auto row = db->query("SELECT name, price, note FROM goods").front();
  CHECK_THROWS_AS((void)row.integer(0), bot::sql::SqlError);
  CHECK_THROWS_AS((void)row.text(1), bot::sql::SqlError);
  CHECK_THROWS_AS((void)row.text(2), bot::sql::SqlError);
  CHECK_THROWS_AS((void)row.integer(2), bot::sql::SqlError);
  CHECK_THROWS_AS((void)row.text(3), bot::sql::SqlError);
  CHECK_THROWS_AS((void)row.is_null(3), bot::sql::SqlError);
}

TEST_CASE("store: a value of another type than its column is refused") {
  const auto db = contract::open_shop();
  CHECK_THROWS_AS(db->execute("INSERT INTO goods (name, price) VALUES ($1, $2)", {"a", "five"}),
                  bot::sql::SqlError);
  CHECK(contract::names(*db) == "");
}

TEST_CASE("store: a transaction is kept when committed and undone otherwise") {
  const auto db = contract::open_shop();
  {
    bot::sql::Transaction transaction(*db);
    contract::add(*db, "kept");
    transaction.commit();
  }
  {
    const bot::sql::Transaction transaction(*db);
    contract::add(*db, "undone");
    CHECK(contract::names(*db) == "kept undone");
  }
  CHECK(contract::names(*db) == "kept");
  bot::sql::Transaction next(*db);
  contract::add(*db, "next");
  next.commit();
  CHECK(contract::names(*db) == "kept next");
}

TEST_CASE("store: a transaction undoes tables too") {
  const auto db = contract::open_shop();
  {
    const bot::sql::Transaction transaction(*db);
    db->execute("CREATE TABLE other (x TEXT)");
  }
  CHECK_FALSE(contract::has_table(*db, "other"));
}

TEST_CASE("store: a savepoint that fails leaves the rest of the transaction") {
  const auto db = contract::open_shop();
  bot::sql::Transaction transaction(*db);
  contract::add(*db, "before");
  try {
    bot::sql::Savepoint savepoint(*db);
    contract::add(*db, "within");
    contract::add(*db, "within");
    savepoint.keep();
  } catch (const bot::sql::SqlError&) {
  }
  contract::add(*db, "between");
  {
    bot::sql::Savepoint savepoint(*db);
    contract::add(*db, "kept");
    savepoint.keep();
  }
  contract::add(*db, "after");
  transaction.commit();
  CHECK(contract::names(*db) == "before between kept after");
}

TEST_CASE("store: savepoints within savepoints") {
  const auto db = contract::open_shop();
  bot::sql::Transaction transaction(*db);
  {
    bot::sql::Savepoint outer(*db);
    contract::add(*db, "outer");
    {
      const bot::sql::Savepoint inner(*db);
      contract::add(*db, "inner");
    }
    outer.keep();
  }
  {
    const bot::sql::Savepoint outer(*db);
    bot::sql::Savepoint inner(*db);
    contract::add(*db, "lost");
    inner.keep();
  }
  transaction.commit();
  CHECK(contract::names(*db) == "outer");
}

TEST_CASE("store: while it only reads, every write is refused") {
  const auto db = contract::open_shop();
  contract::add(*db, "a");
  db->set_read_only(true);
  CHECK(contract::names(*db) == "a");
  CHECK_THROWS_AS(contract::add(*db, "b"), bot::sql::SqlError);
  CHECK_THROWS_AS(db->execute("UPDATE goods SET price = 2"), bot::sql::SqlError);
  CHECK_THROWS_AS(db->execute("DELETE FROM goods"), bot::sql::SqlError);
  CHECK_THROWS_AS(db->execute("CREATE TABLE other (x TEXT)"), bot::sql::SqlError);
  CHECK_THROWS_AS(db->execute("WITH x AS (SELECT 1) DELETE FROM goods"), bot::sql::SqlError);
  db->set_read_only(false);
  CHECK(contract::names(*db) == "a");
  contract::add(*db, "b");
  CHECK(contract::names(*db) == "a b");
}

TEST_CASE("store: while it only reads, a statement that reads is allowed however it begins") {
  const auto db = contract::open_shop();
  db->set_read_only(true);
  CHECK_NOTHROW(db->query("WITH one AS (SELECT 1 AS x) SELECT x FROM one"));
  CHECK_NOTHROW(db->query("select count(*) from goods"));
  CHECK_NOTHROW(db->query("\n  SELECT count(*) FROM goods"));
}

TEST_CASE("store: a write that is refused while only reading leaves the transaction as it was") {
  const auto db = contract::open_shop();
  bot::sql::Transaction transaction(*db);
  contract::add(*db, "a");
  for (int i = 0; i < 2; ++i) {
    db->set_read_only(true);
    CHECK_THROWS_AS(db->execute("DELETE FROM goods"), bot::sql::SqlError);
    CHECK(contract::names(*db) == "a");
    db->set_read_only(false);
    contract::add(*db, i == 0 ? "b" : "c");
    db->execute("DELETE FROM goods WHERE name <> 'a'");
  }
  transaction.commit();
  CHECK(contract::names(*db) == "a");
}

TEST_CASE("store: it knows its size") {
  CHECK(contract::open_shop()->size() > 0);
}

TEST_CASE("migrate: every step is taken once, later ones when they come") {
  const auto db = contract::open_store();
  bot::sql::Schema schema{"shop",
                          {{1, "CREATE TABLE a (x {int} NOT NULL) {strict}; INSERT INTO a VALUES (1);"}}};
  for (int i = 0; i < 2; ++i) CHECK(contract::refusal(*db, {schema}) == "");
  CHECK(contract::number(*db, "SELECT count(*) FROM a") == 1);
  schema.steps.push_back({2, "INSERT INTO a VALUES (2);\n"});
  for (int i = 0; i < 2; ++i) CHECK(contract::refusal(*db, {schema}) == "");
  CHECK(contract::number(*db, "SELECT count(*) FROM a") == 2);
  CHECK(contract::number(*db, "SELECT count(*) FROM schema_steps") == 2);
}

TEST_CASE("migrate: a database of a newer program is refused, and nothing is changed") {
  const auto db = contract::open_store();
  const bot::sql::SchemaStep first{1, "CREATE TABLE a (x {int}) {strict}"};
  CHECK(contract::refusal(*db, {{"shop", {first, {2, "CREATE TABLE b (x {int}) {strict}"}}}}) == "");
  const bot::sql::Schema other{"other", {{1, "CREATE TABLE c (x {int}) {strict}"}}};
  CHECK(contract::refusal(*db, {other, {"shop", {first}}}) ==
        "the database has step 2 of \"shop\", this program knows 1: it was written by a newer Xueban; start "
        "that "
        "one, or restore an older backup");
  CHECK_FALSE(contract::has_table(*db, "c"));
  CHECK(contract::number(*db, "SELECT count(*) FROM schema_steps") == 2);
}

TEST_CASE("migrate: a shipped step that was edited is refused, and nothing is changed") {
  const auto db = contract::open_store();
  CHECK(contract::refusal(*db, {{"shop", {{1, "CREATE TABLE a (x {int}) {strict}"}}}}) == "");
  const bot::sql::Schema edited{
      "shop", {{1, "CREATE TABLE a (x {int}, y {int}) {strict}"}, {2, "CREATE TABLE b (x {int}) {strict}"}}};
  CHECK(contract::refusal(*db, {edited}) == "step 1 of \"shop\" is not the one this database was made with");
  CHECK_FALSE(contract::has_table(*db, "b"));
}

TEST_CASE("migrate: a step that fails leaves nothing, and those before it stay") {
  const auto db = contract::open_store();
  const bot::sql::SchemaStep first{1, "CREATE TABLE a (x {int}) {strict}"};
  CHECK(contract::refusal(
            *db, {{"shop",
                   {first, {2, "CREATE TABLE b (x {int}) {strict}; INSERT INTO gone VALUES (1)"}}}}) != "");
  CHECK(contract::has_table(*db, "a"));
  CHECK_FALSE(contract::has_table(*db, "b"));
  CHECK(contract::number(*db, "SELECT count(*) FROM schema_steps") == 1);
  CHECK(contract::refusal(*db, {{"shop", {first, {2, "CREATE TABLE b (x {int}) {strict}"}}}}) == "");
  CHECK(contract::has_table(*db, "b"));
}

TEST_CASE("attempts: no attempt begins before the last one of its row is decided (P6)") {
  namespace attempts = bot::attempts;
  constexpr bot::Instant now{};
  const auto db = contract::open_store();
  bot::sql::migrate(*db, {bot::outbox_rows::schema()}, now);
  attempts::begin(*db, 1, "first", now);
  CHECK_THROWS(attempts::begin(*db, 1, "second", now));
  attempts::begin(*db, 2, "of another row", now);
  attempts::decide(*db, 1, attempts::kNotSent, "lost", now);
  attempts::begin(*db, 1, "second", now);
  CHECK(attempts::row_of(*db, "second") == 1);
  CHECK_FALSE(attempts::row_of(*db, "first").has_value());
  CHECK(contract::number(*db, "SELECT max(number) FROM attempts WHERE outbox = 1") == 2);
}
