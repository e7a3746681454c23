// W01, W02, W04: the database is a PostgreSQL server (reliability C.2).
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "bot/store/postgres.hpp"
#include "tests/faults/case.hpp"
#include "tests/faults/rig.hpp"
#include "tests/support/postgres_server.hpp"

namespace faults {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kGroups = 100;

void require_server() {
  const std::string obstacle = support::PostgresServer::obstacle();
  if (!obstacle.empty()) throw NotHere(obstacle);
}

RigOptions on(support::PostgresServer& server) {
  RigOptions options;
  options.postgres = server.fresh_connection();
  return options;
}

std::string server_killed(const Effort&) {
  require_server();
  support::PostgresServer server;
  RigOptions options = on(server);
  options.groups = many_groups(kGroups);
  Rig rig(std::move(options));
  rig.judge.always(Behaviour::accept_late(bot::Milliseconds(5)));
  rig.set_clock("2030-03-04 07:50:00");
  rig.start_and_wait();
  rig.set_clock("2030-03-04 08:00:01");
  rig.judge.says(many_groups(1).front(), 5001, "大家早上好");
  rig.until_accepted("【微课堂·", 10);
  server.crash_and_restart();
  require(rig.end().code == 1, "it goes on without its database");
  rig.start_and_wait();
  rig.until("every group's lesson", [&] { return rig.lessons().size() == kGroups; });
  rig.finish();
  for (const auto& [chat, count] : rig.lessons()) {
    require(count == 1, fmt::format("{} was told {} times", chat, count));
  }
  return {};
}

std::string careless_server(const Effort&) {
  constexpr int kMembers = 50;
  require_server();
  support::PostgresServer server;
  bot::sql::open_postgres(server.connection())->execute("ALTER ROLE xueban SET synchronous_commit = off");
  Rig rig(on(server));
  rig.set_clock("2030-03-04 10:00:00");
  rig.start_and_wait();
  for (int member = 1; member <= kMembers; ++member) rig.judge.says(kGroup, 6000 + member, "已学");
  rig.until_accepted("✔", kMembers);
  server.crash_and_restart();
  require(rig.end().code == 1, "it goes on without its database");
  require(rig.number("SELECT count(*) FROM lesson_done") == kMembers, "what was answered is not stored");
  rig.start_and_wait();
  rig.finish();
  return {};
}

/// The program's configuration but for the data folder, as on another machine.
fs::path with_other_folder(const Rig& rig) {
  std::ostringstream text;
  text << std::ifstream(rig.config).rdbuf();
  std::string lines = text.str();
  const std::string own = "data = \"data\"";
  lines.replace(lines.find(own), own.size(), "data = \"elsewhere\"");
  return rig.folder.write("elsewhere.toml", lines);
}

/// How many transactions have written so far, on the whole server.
std::int64_t writes(const Rig& rig) {
  return rig.number("SELECT CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS TEXT) AS BIGINT)");
}

/// A server on which nobody writes by himself.
void keep_quiet(const support::PostgresServer& server) {
  const auto db = bot::sql::open_postgres(server.connection());
  db->execute("ALTER SYSTEM SET autovacuum = off");
  db->query("SELECT pg_reload_conf()");
}

std::string two_workers(const Effort&) {
  require_server();
  support::PostgresServer server;
  keep_quiet(server);
  Rig rig(on(server));
  rig.set_clock("2030-03-04 07:30:00");
  rig.start_and_wait();
  rig.barrier();
  const std::int64_t written = writes(rig);
  const fs::path own = std::exchange(rig.config, with_other_folder(rig));
  const Ended second = rig.run({"run"});
  rig.config = own;
  require(second.code == 1, "the second one did not refuse");
  require(second.says("another xueban (application xueban, server process "), "it does not say who is there");
  require(writes(rig) == written, "the second one wrote");
  require(rig.judge.connections() == 1, "the second one connected");
  rig.set_clock("2030-03-04 08:00:01");
  rig.judge.says(kGroup, 5001, "大家早上好");
  rig.until_accepted("【微课堂·");
  rig.finish();
  require(rig.lessons_in(kGroup) == 1, "the lesson was not said once");
  return {};
}

}  // namespace

Cases postgres_cases() {
  return {
      {"W01", "PostgreSQL is killed in a fan-out", false, server_killed},
      {"W02", "two services on one database", false, two_workers},
      {"W04", "a server that commits asynchronously by default", false, careless_server},
  };
}

}  // namespace faults
