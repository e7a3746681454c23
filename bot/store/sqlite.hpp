#pragma once

#include <filesystem>
#include <memory>

#include "bot/store/sql.hpp"

namespace bot::sql {

/// Opens or creates the database: WAL, full sync, foreign keys on, 5 s busy timeout. This must be the only
/// writing connection to the file (reliability finding 7). Throws Unavailable with the file's name.
std::unique_ptr<Db> open_sqlite(const std::filesystem::path& file);

/// Read-only; for commands that look at the database of a running Xueban.
std::unique_ptr<Db> open_sqlite_read_only(const std::filesystem::path& file);

/// A database that lives as long as the object; for tests and the sandbox.
std::unique_ptr<Db> open_sqlite_in_memory();

}  // namespace bot::sql
