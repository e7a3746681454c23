#pragma once

#include <memory>
#include <string>

#include "bot/store/sql.hpp"

namespace bot::sql {

/// Connects to a PostgreSQL 15 or later; `connection` is a string or a URI as libpq takes them. Throws
/// Unavailable with a sentence for the operator. Nothing of `connection` gets into an error or the log: it
/// may hold a password.
///
/// Commits are synchronous, whatever the server's default. Transactions write one at a time: BEGIN takes an
/// advisory lock of the database and throws Busy when it is not free within 5 s. A connection that is lost
/// stays lost: from then on everything throws Unavailable.
///
/// A statement that fails within a transaction fails the transaction: only undoing a Savepoint before it goes
/// on, and COMMIT throws. Text with a zero byte or without being UTF-8 is a SqlError; SQLite keeps both.
std::unique_ptr<Db> open_postgres(const std::string& connection);

}  // namespace bot::sql
