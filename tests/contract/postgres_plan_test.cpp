/// Commands that look at a running Xueban: the same rows tell the same in both databases.
#include <doctest/doctest.h>

#include <sstream>

#include "bot/app.hpp"
#include "bot/base/log.hpp"
#include "bot/copied_database.hpp"
#include "bot/data_folder.hpp"
#include "bot/plan.hpp"
#include "bot/platforms/sandbox/stage.hpp"
#include "bot/store/postgres.hpp"
#include "bot/store/sqlite.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/temporary_folder.hpp"

using support::PostgresServer;

namespace {

/// 2026-11-23 12:00 in Shanghai.
constexpr bot::Instant kNoon{std::chrono::seconds(1795406400)};

/// The same life in either database: a group is met, and something is planned in it.
struct Life : support::TemporaryFolder {
  Life() {
    bot::log::to_nowhere();
    config.data = path("data");
    config.accounts.push_back({.name = "qq", .platform = "onebot11"});
    bot::Problems problems;
    content = bot::load_content(bot::content_folder(config), problems);
  }

  void live(bot::sql::Db& db) const {
    bot::TravelClock clock(kNoon);
    bot::Room room("qq", clock);
    bot::App app(config, content, db, clock, room, 1);
    bot::GroupsListed listed;
    listed.groups.push_back({"g1", "一班"});
    std::vector<bot::Event> events;
    events.emplace_back(bot::Address{"qq", {}, false}, kNoon, bot::LinkUp{});
    events.emplace_back(bot::Address{"qq", {}, false}, kNoon, std::move(listed));
    app.desk().handle(std::move(events));
    bot::sql::Transaction transaction(db);
    app.agenda().plan(
        db, {"qq", "g1", false},
        {.occasion = "reminder", .subject = "喝水'；\"", .when = "every day 15:00", .person = ""}, "u1",
        kNoon);
    transaction.commit();
  }

  std::string plan() const {
    std::ostringstream out;
    CHECK(bot::run_plan(config, bot::content_folder(config), 3, out, kNoon) == 0);
    return out.str();
  }

  bot::Config config = bot::default_config();
  std::shared_ptr<const bot::Content> content;
};

}  // namespace

TEST_CASE_FIXTURE(Life, "postgres: the plan is that of the same rows in SQLite") {
  std::filesystem::create_directories(config.data);
  live(*bot::sql::open_sqlite(bot::database_file(config.data)));
  const std::string expected = plan();
  CHECK(expected.find("一班") != std::string::npos);
  CHECK(expected.find("喝水") != std::string::npos);
  config.database = bot::Secret(PostgresServer::shared().fresh_connection(), "env:XUEBAN_DATABASE");
  live(*bot::sql::open_postgres(config.database.value()));
  CHECK(plan() == expected);
}

TEST_CASE_FIXTURE(Life, "postgres: a copy has every row, and the original none more") {
  const bot::Secret database(PostgresServer::shared().fresh_connection(), "env:XUEBAN_DATABASE");
  const auto original = bot::sql::open_postgres(database.value());
  live(*original);
  original->execute(
      "INSERT INTO inbox (event_key, command, at) SELECT CAST(n AS TEXT), 'x', n FROM generate_series(1, "
      "4500) n");
  // A service in the middle of its work keeps nobody waiting.
  const bot::sql::Transaction writing(*original);
  bot::CopiedDatabase copy(config.data, database, kNoon);
  for (const char* table : {"inbox", "outbox", "known_groups", "occurrences", "schedules", "schema_steps"}) {
    const std::string count = std::string("SELECT count(*) FROM ") + table;
    CHECK(copy.db().query(count).front().integer(0) == original->query(count).front().integer(0));
  }
  CHECK(copy.db().dialect() == bot::sql::Dialect::sqlite);
}

TEST_CASE_FIXTURE(Life, "postgres: before the first start there is nothing to copy") {
  const bot::Secret database(PostgresServer::shared().fresh_connection(), "env:XUEBAN_DATABASE");
  bot::CopiedDatabase copy(config.data, database, kNoon);
  CHECK(copy.db().query("SELECT name FROM sqlite_master").empty());
  CHECK(bot::sql::open_postgres(database.value())
            ->query("SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema()")
            .empty());
}
