#pragma once

#include <optional>
#include <stdexcept>
#include <string>

#include "bot/store/sql.hpp"

/// That nobody else serves the tables in a PostgreSQL schema: an advisory lock of the session that writes
/// them. It is free as soon as the session ends, so whoever lost it can write no more.
namespace bot::sql {

/// Another service has taken the schema. With a sentence for the operator.
struct SchemaHeld : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Takes the schema in which tables are made, for as long as the connection lasts; writes nothing. One that a
/// service has just left is free within the connection's lock_timeout. Throws SchemaHeld, or SqlError.
void take_schema(Db& db);

/// Who has taken it, such as "application xueban, server process 4711, from 10.0.0.2"; nullopt when nobody
/// has. What this account may not see is left out.
std::optional<std::string> schema_holder(Db& db);

}  // namespace bot::sql
