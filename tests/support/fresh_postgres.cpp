#include "bot/store/postgres.hpp"
#include "tests/support/fresh_database.hpp"
#include "tests/support/postgres_server.hpp"

std::unique_ptr<bot::sql::Db> support::fresh_database() {
  return bot::sql::open_postgres(PostgresServer::shared().fresh_connection());
}
