#include "bot/store/sqlite.hpp"
#include "tests/support/fresh_database.hpp"

std::unique_ptr<bot::sql::Db> support::fresh_database() {
  return bot::sql::open_sqlite_in_memory();
}
