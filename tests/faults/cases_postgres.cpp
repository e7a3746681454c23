// W01, W02, W04: the database is a PostgreSQL server (reliability C.2).
#include <fmt/format.h>

#include "bot/store/postgres.hpp"
#include "tests/faults/case.hpp"
#include "tests/faults/rig.hpp"
#include "tests/support/postgres_server.hpp"

namespace faults {

namespace {

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

std::string two_workers(const Effort&) {
  throw NotHere("several workers on one database are not built yet");
}

}  // namespace

Cases postgres_cases() {
  return {
      {"W01", "PostgreSQL is killed in a fan-out", false, server_killed},
      {"W02", "two workers on one schedule", false, two_workers},
      {"W04", "a server that commits asynchronously by default", false, careless_server},
  };
}

}  // namespace faults
