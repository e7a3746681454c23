/// SQLite under the contract of all databases, and what is its own: files.
#include <stdlib.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "bot/store/sqlite.hpp"
#include "tests/contract/store_contract.hpp"
#include "tests/support/temporary_folder.hpp"

namespace fs = std::filesystem;

std::unique_ptr<bot::sql::Db> contract::open_store() {
  return bot::sql::open_sqlite_in_memory();
}

namespace {

class Folder : public support::TemporaryFolder {
 public:
};

/// While it lives, this process can make no file longer than `bytes`.
class FileLimit {
 public:
  explicit FileLimit(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = std::signal(SIGXFSZ, SIG_IGN);
};

}  // namespace

TEST_CASE("sqlite: a file keeps what was committed") {
  const Folder folder;
  {
    const auto db = bot::sql::open_sqlite(folder.path("x.db"));
    db->execute("CREATE TABLE a (x TEXT)");
    bot::sql::Transaction transaction(*db);
    db->execute("INSERT INTO a VALUES ('kept')");
    transaction.commit();
    const bot::sql::Transaction undone(*db);
    db->execute("INSERT INTO a VALUES ('undone')");
  }
  const auto db = bot::sql::open_sqlite(folder.path("x.db"));
  const auto rows = db->query("SELECT x FROM a");
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].text(0) == "kept");
}

TEST_CASE("sqlite: a file is synced fully, with foreign keys on") {
  const Folder folder;
  const auto db = bot::sql::open_sqlite(folder.path("x.db"));
  CHECK(db->query("PRAGMA journal_mode").front().text(0) == "wal");
  CHECK(contract::number(*db, "PRAGMA synchronous") == 2);
  CHECK(contract::number(*db, "PRAGMA foreign_keys") == 1);
}

TEST_CASE("sqlite: a second connection reads what the first one wrote, and writes nothing") {
  const Folder folder;
  const auto writer = bot::sql::open_sqlite(folder.path("x.db"));
  writer->execute("CREATE TABLE a (x TEXT)");
  const auto reader = bot::sql::open_sqlite_read_only(folder.path("x.db"));
  CHECK(contract::number(*reader, "SELECT count(*) FROM a") == 0);
  writer->execute("INSERT INTO a VALUES ('x')");
  CHECK(contract::number(*reader, "SELECT count(*) FROM a") == 1);
  CHECK_THROWS_AS(reader->execute("INSERT INTO a VALUES ('y')"), bot::sql::Unavailable);
}

TEST_CASE("sqlite: a file that cannot be used is Unavailable and named") {
  const Folder folder;
  const std::string missing = folder.path("none/x.db").string();
  CHECK_THROWS_AS(bot::sql::open_sqlite(missing), bot::sql::Unavailable);
  CHECK_THROWS_WITH(bot::sql::open_sqlite(missing), doctest::Contains(missing.c_str()));
  CHECK_THROWS_AS(bot::sql::open_sqlite_read_only(folder.path("none.db")), bot::sql::Unavailable);
  CHECK_FALSE(fs::exists(folder.path("none.db")));

  const std::string strange = folder.path("strange.db").string();
  std::ofstream(strange) << std::string(5000, 'x');
  CHECK_THROWS_AS(bot::sql::open_sqlite(strange), bot::sql::Unavailable);
  CHECK_THROWS_WITH(bot::sql::open_sqlite(strange), doctest::Contains(strange.c_str()));
}

TEST_CASE("sqlite: a disk that is full is Unavailable") {
  const auto db = bot::sql::open_sqlite_in_memory();
  db->execute("CREATE TABLE a (x TEXT)");
  db->execute("PRAGMA max_page_count = 5");
  CHECK_THROWS_AS(db->execute("INSERT INTO a VALUES ($1)", {std::string(100'000, 'x')}),
                  bot::sql::Unavailable);
}

TEST_CASE("sqlite: a write that fails is Unavailable") {
  const Folder folder;
  const auto db = bot::sql::open_sqlite(folder.path("x.db"));
  db->execute("CREATE TABLE a (x TEXT)");
  const FileLimit limit(64 * 1024);
  CHECK_THROWS_AS(db->execute("INSERT INTO a VALUES ($1)", {std::string(200'000, 'x')}),
                  bot::sql::Unavailable);
}

TEST_CASE("sqlite: a damaged page is Unavailable") {
  const Folder folder;
  const std::string file = folder.path("x.db").string();
  {
    const auto db = bot::sql::open_sqlite(file);
    db->execute("CREATE TABLE a (x TEXT)");
    db->execute("INSERT INTO a VALUES ($1)", {std::string(50'000, 'x')});
  }
  std::fstream damage(file, std::ios::binary | std::ios::in | std::ios::out);
  damage.seekp(4096);
  damage << std::string(4096, '\xff');
  damage.close();
  const auto db = bot::sql::open_sqlite(file);
  CHECK_THROWS_AS(db->query("SELECT x FROM a"), bot::sql::Unavailable);
}

TEST_CASE("dialect: schema words of both databases") {
  using bot::sql::Dialect;
  const std::string_view schema = "CREATE TABLE t (id {id}, n {int}, r {real}, b {bytes}) {strict}";
  CHECK(bot::sql::expanded(schema, Dialect::sqlite) ==
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, n INTEGER, r REAL, b BLOB) STRICT");
  CHECK(
      bot::sql::expanded(schema, Dialect::postgres) ==
      "CREATE TABLE t (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, n BIGINT, r DOUBLE PRECISION, "
      "b BYTEA) ");
}
