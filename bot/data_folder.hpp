#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "bot/base/instant.hpp"
#include "bot/chat/account.hpp"
#include "bot/store/instance_lock.hpp"
#include "bot/store/sql.hpp"

namespace bot {

std::filesystem::path database_file(const std::filesystem::path& data);

/// Throws std::runtime_error with a sentence when the data are in PostgreSQL, which has tools of its own.
void require_sqlite(const Secret& database);

enum class Check {
  quick,  ///< pages and their order: some 0.2 s for 100 MB
  whole,  ///< indexes against their tables too
};

/// What is wrong with a database, as the end of a sentence that begins with its name ("is damaged: …");
/// empty when nothing is. Opens it for reading alone and leaves it as it is.
std::string problem_of(const std::filesystem::path& file, Check check);

/// What to do about a database that is damaged: its latest backup, if there is one.
std::string way_out(const std::filesystem::path& data);

/// Opens the database of a service, running or not, to look at it. Throws sql::SqlError with a sentence. It
/// may have no tables yet; the SQLite file exists.
std::unique_ptr<sql::Db> open_to_look(const std::filesystem::path& data, const Secret& database);

/// The one sentence of a failure, without the statement that met it.
std::string brief(const sql::SqlError& failure);

/// The data folder in the hands of a service: nobody else serves it, and what is stored there is whole.
class DataFolder {
 public:
  /// Takes the lock, finishes what a restore had begun, checks the database and opens it. Throws
  /// std::runtime_error with a sentence for the operator; a database that is damaged or of another program
  /// is left as it is (reliability S4).
  /// With a connection string for `database` the folder holds only its lock, and the tables' schema is taken
  /// too: another service may work on it from another folder, or another machine.
  DataFolder(const std::filesystem::path& data, const Secret& database, const Clock& clock);

  sql::Db& db() noexcept { return *db_; }

 private:
  InstanceLock lock_;
  std::unique_ptr<sql::Db> db_;
};

/// What the operator is told when the database cannot be written, or its server is lost.
std::string unusable(const std::filesystem::path& data, const Secret& database, const sql::SqlError& failure);

}  // namespace bot
