#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "bot/store/sql.hpp"

namespace bot::sql {

/// Opens or creates the database: WAL, full sync, foreign keys on, 5 s busy timeout. This must be the only
/// writing connection to the file (reliability finding 7). Throws Unavailable with the file's name.
std::unique_ptr<Db> open_sqlite(const std::filesystem::path& file);

/// Read-only; for commands that look at the database of a running Xueban.
std::unique_ptr<Db> open_sqlite_read_only(const std::filesystem::path& file);

/// Copies a database, which may be in use, as it is at one moment; `to` must not exist yet. `look` is given
/// the original in that very state. The copy is one file without a log beside it, and is on the disk.
/// Throws SqlError.
void copy_sqlite(const std::filesystem::path& from, const std::filesystem::path& to,
                 const std::function<void(Db&)>& look);

/// Folds the log into the one file, which can then be read or moved wherever it lies. Throws SqlError.
void leave_wal(Db& db);

/// A database that lives as long as the object; for tests and the sandbox.
std::unique_ptr<Db> open_sqlite_in_memory();

}  // namespace bot::sql
