#pragma once

#include <vector>

#include "bot/base/instant.hpp"
#include "bot/store/migrate.hpp"

namespace bot::sql {

/// Copies all tables of these owners from a PostgreSQL database, which may be in use, as they are at one
/// moment, into an empty database; their schema is as old there as it is here. Nothing is copied of a
/// database that has no tables yet. Throws as migrate() does, and changes nothing in `from`.
void copy_postgres(Db& from, Db& to, const std::vector<Schema>& schemas, Instant now);

}  // namespace bot::sql
