/// PostgreSQL under the contract of all databases, and what is its own: connections, locks, failed
/// transactions.
#include "bot/store/postgres.hpp"
#include "bot/store/schema_lock.hpp"
#include "tests/contract/store_contract.hpp"
#include "tests/support/postgres_server.hpp"

using bot::sql::Transaction;
using support::PostgresServer;

std::unique_ptr<bot::sql::Db> contract::open_store() {
  return bot::sql::open_postgres(PostgresServer::shared().fresh_connection());
}

namespace {

/// What open_postgres() says when it refuses; empty when it does not.
std::string complaint(const std::string& connection) {
  try {
    bot::sql::open_postgres(connection);
    return {};
  } catch (const bot::sql::Unavailable& error) {
    return error.what();
  }
}

std::string setting(bot::sql::Db& db, const std::string& name) {
  return db.query("SELECT current_setting($1)", {name}).front().text(0);
}

}  // namespace

TEST_CASE("postgres: commits are synchronous whatever the server's default is") {
  auto& server = PostgresServer::shared();
  const auto db = bot::sql::open_postgres(server.connection() + " options='-c synchronous_commit=off'");
  CHECK(setting(*db, "synchronous_commit") == "on");
  CHECK(setting(*db, "fsync") == "on");
}

TEST_CASE("postgres: what was committed is seen by others, what was not is not") {
  const std::string connection = PostgresServer::shared().fresh_connection();
  const auto db = bot::sql::open_postgres(connection);
  const auto other = bot::sql::open_postgres(connection);
  db->execute("CREATE TABLE a (x TEXT)");
  {
    const Transaction undone(*db);
    db->execute("INSERT INTO a VALUES ('undone')");
    CHECK(contract::number(*other, "SELECT count(*) FROM a") == 0);
  }
  Transaction transaction(*db);
  db->execute("INSERT INTO a VALUES ('kept')");
  transaction.commit();
  CHECK(contract::number(*other, "SELECT count(*) FROM a") == 1);
}

TEST_CASE("postgres: one transaction writes at a time; the next is Busy when its patience ends") {
  bot::log::to_nowhere();
  const std::string connection = PostgresServer::shared().fresh_connection();
  const auto db = bot::sql::open_postgres(connection);
  const auto other = bot::sql::open_postgres(connection);
  other->execute("SET lock_timeout = '50ms'");
  {
    const Transaction writing(*db);
    CHECK_THROWS_AS(Transaction{*other}, bot::sql::Busy);
    CHECK(contract::number(*other, "SELECT 1") == 1);
  }
  CHECK_NOTHROW(Transaction{*other});
}

TEST_CASE("postgres: a transaction within a transaction is refused") {
  const auto db = contract::open_shop();
  Transaction transaction(*db);
  contract::add(*db, "a");
  CHECK_THROWS_AS(Transaction{*db}, bot::sql::SqlError);
  transaction.commit();
  CHECK(contract::names(*db) == "a");
}

TEST_CASE("postgres: a failed statement fails its transaction, and COMMIT says so") {
  const auto db = contract::open_shop();
  {
    Transaction transaction(*db);
    contract::add(*db, "a");
    CHECK_THROWS_AS(contract::add(*db, "a"), bot::sql::Conflict);
    CHECK_THROWS_AS(contract::add(*db, "b"), bot::sql::SqlError);
    CHECK_THROWS_AS(transaction.commit(), bot::sql::SqlError);
  }
  CHECK(contract::names(*db) == "");
  contract::add(*db, "c");
  CHECK(contract::names(*db) == "c");
}

TEST_CASE("postgres: numbers of all its types are numbers") {
  const auto db = contract::open_shop();
  contract::add(*db, "a", 5);
  const auto row = db->query(
                         "SELECT sum(price), count(*), max(price), price > 3, 1, CAST(2 AS SMALLINT) FROM "
                         "goods GROUP BY price")
                       .front();
  for (std::size_t column = 0; column < 6; ++column) CHECK_NOTHROW((void)row.integer(column));
  CHECK(row.integer(0) == 5);
  CHECK(row.integer(3) == 1);
}

TEST_CASE("postgres: flags are 0 and 1, real numbers keep their bits, bytes are any") {
  const auto db = contract::open_store();
  db->execute(bot::sql::expanded("CREATE TABLE t (r {real}, b {bytes})", db->dialect()));
  const std::string bytes("\0\xff\\x00'", 7);
  db->execute("INSERT INTO t (r, b) VALUES ($1, $2)", {0.1, bytes});
  CHECK(contract::number(*db, "SELECT count(*) FROM t WHERE r = CAST('0.1' AS DOUBLE PRECISION)") == 1);
  CHECK(db->query("SELECT b FROM t").front().text(0) == bytes);
  CHECK(db->query("SELECT count(*) FROM t WHERE $1 OR r = $2", {true, 2}).front().integer(0) == 1);
}

TEST_CASE("postgres: text that it cannot keep is refused, not cut") {
  const auto db = contract::open_shop();
  CHECK_THROWS_AS(contract::add(*db, std::string("a\0b", 3)), bot::sql::SqlError);
  CHECK_THROWS_AS(contract::add(*db, "\xff"), bot::sql::SqlError);
  CHECK(contract::names(*db) == "");
}

TEST_CASE("postgres: more statements than are kept") {
  const auto db = contract::open_shop();
  Transaction transaction(*db);
  for (int i = 0; i < 1100; ++i) CHECK(contract::number(*db, "SELECT " + std::to_string(i)) == i);
  contract::add(*db, "a");
  transaction.commit();
  CHECK(contract::names(*db) == "a");
}

TEST_CASE("postgres: a connection that cannot be made is Unavailable, and no password is told") {
  const std::string password = PostgresServer::kPassword;
  const std::string folder = PostgresServer::shared().folder();
  for (const std::string& connection : {
           "host=/nowhere user=locked password=" + password,
           "host=" + folder + " dbname=postgres user=locked password=x" + password,
           "host=" + folder + " dbname=none user=xueban password=" + password,
           "postgresql://locked:p@" + password + "@127.0.0.1:1/none",
           "postgresql://locked:p@" + password + "/x@127.0.0.1:1/none",
           "postgresql://locked:p\"@" + password + "/x@127.0.0.1:1/none",
           "postgresql://locked:" + password + "[@:/none",
           "host=127.0.0.1 port=" + password,
           "password=a " + password,
           "password='" + password,
           "sslmode=" + password,
           password,
       }) {
    CAPTURE(connection);
    const std::string said = complaint(connection);
    CHECK(said != "");
    CHECK(said.find("unter2") == std::string::npos);
  }
  CHECK(complaint("host=/nowhere") ==
        "PostgreSQL cannot be reached: connection to server on socket \"\u2026\" failed: No such file or "
        "directory "
        "\tIs the server running locally and accepting connections on that socket?");
  CHECK(complaint("host=" + folder + " dbname=postgres user=locked password=x")
            .find("password authentication failed") != std::string::npos);
  CHECK(complaint("host=" + folder + " dbname=postgres user=locked password=" + password) == "");
}

TEST_CASE("postgres: a database that keeps no UTF-8 is refused") {
  auto& server = PostgresServer::shared();
  bot::sql::open_postgres(server.connection())
      ->execute("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
  CHECK(complaint("host=" + server.folder() + " dbname=latin user=xueban").find("UTF-8") !=
        std::string::npos);
}

TEST_CASE("postgres: a connection that is lost is Unavailable, and stays lost") {
  bot::log::to_nowhere();
  const std::string connection = PostgresServer::shared().fresh_connection();
  const auto db = bot::sql::open_postgres(connection);
  const auto other = bot::sql::open_postgres(connection);
  db->execute("CREATE TABLE a (x TEXT)");
  Transaction transaction(*db);
  db->execute("INSERT INTO a VALUES ('x')");
  const auto id = contract::number(*db, "SELECT pg_backend_pid()");
  other->query("SELECT pg_terminate_backend(CAST($1 AS INTEGER), 5000)", {id});
  CHECK_THROWS_AS(transaction.commit(), bot::sql::Unavailable);
  CHECK_THROWS_AS(db->query("SELECT x FROM a"), bot::sql::Unavailable);
  CHECK(contract::number(*other, "SELECT count(*) FROM a") == 0);
  CHECK_NOTHROW(Transaction{*other});
}

TEST_CASE("postgres: what was committed outlives a server that crashes, what was not does not") {
  bot::log::to_nowhere();
  PostgresServer server;
  {
    const auto db = bot::sql::open_postgres(server.connection());
    db->execute("CREATE TABLE a (x TEXT)");
    Transaction transaction(*db);
    db->execute("INSERT INTO a VALUES ('kept')");
    transaction.commit();
    const Transaction undone(*db);
    db->execute("INSERT INTO a VALUES ('undone')");
    server.crash_and_restart();
    CHECK_THROWS_AS(db->query("SELECT x FROM a"), bot::sql::Unavailable);
  }
  const auto db = bot::sql::open_postgres(server.connection());
  CHECK(db->query("SELECT x FROM a").front().text(0) == "kept");
  CHECK(contract::number(*db, "SELECT count(*) FROM a") == 1);
}

namespace {

/// What take_schema() says when somebody else has taken it; empty when nobody has.
std::string refused_schema(bot::sql::Db& db) {
  db.execute("SET lock_timeout = '50ms'");
  try {
    bot::sql::take_schema(db);
    return {};
  } catch (const bot::sql::SchemaHeld& held) {
    return held.what();
  }
}

}  // namespace

TEST_CASE("postgres: one service takes a schema; the next is told who has it") {
  const std::string connection = PostgresServer::shared().fresh_connection();
  auto db = bot::sql::open_postgres(connection + " application_name=xueban-a");
  const auto other = bot::sql::open_postgres(connection);
  CHECK(bot::sql::schema_holder(*other) == std::nullopt);
  CHECK(refused_schema(*db) == "");
  const std::string holder = "application xueban-a, server process " +
                             db->query("SELECT CAST(pg_backend_pid() AS TEXT)").front().text(0);
  CHECK(bot::sql::schema_holder(*other) == holder);
  CHECK(refused_schema(*other).find("another xueban (" + holder + ") works on") == 0);
  CHECK(contract::number(*other, "SELECT 1") == 1);
  CHECK_NOTHROW(Transaction{*other});
  db.reset();
  other->execute("SET lock_timeout = '5s'");
  CHECK_NOTHROW(bot::sql::take_schema(*other));
}

TEST_CASE("postgres: schemas of one database are taken one by one") {
  auto& server = PostgresServer::shared();
  const auto db = bot::sql::open_postgres(server.fresh_connection());
  const auto other = bot::sql::open_postgres(server.fresh_connection());
  CHECK(refused_schema(*db) == "");
  CHECK(refused_schema(*other) == "");
}

TEST_CASE("postgres: who has lost the schema can write no more") {
  bot::log::to_nowhere();
  const std::string connection = PostgresServer::shared().fresh_connection();
  const auto db = bot::sql::open_postgres(connection);
  const auto other = bot::sql::open_postgres(connection);
  bot::sql::take_schema(*db);
  db->execute("CREATE TABLE a (x TEXT)");
  const auto id = contract::number(*db, "SELECT pg_backend_pid()");
  other->query("SELECT pg_terminate_backend(CAST($1 AS INTEGER), 5000)", {id});
  CHECK_NOTHROW(bot::sql::take_schema(*other));
  CHECK_THROWS_AS(db->execute("INSERT INTO a VALUES ('x')"), bot::sql::Unavailable);
}

TEST_CASE("postgres: an account without a schema is told so") {
  const auto db =
      bot::sql::open_postgres(PostgresServer::shared().connection() + " options='-c search_path=none'");
  CHECK_THROWS_WITH_AS(bot::sql::take_schema(*db), doctest::Contains("no schema"), bot::sql::SqlError);
}
