#include "bot/data_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "bot/backup.hpp"
#include "bot/base/log.hpp"
#include "bot/base/utf8.hpp"
#include "bot/restore.hpp"
#include "bot/store/postgres.hpp"
#include "bot/store/schema_lock.hpp"
#include "bot/store/sqlite.hpp"

namespace bot {

namespace fs = std::filesystem;

namespace {

/// The last line: SQLite puts the place first and the fault behind it.
std::string last_line(const std::string& text) {
  return utf8::escaped(text.substr(text.find_last_of('\n') + 1));
}

/// Without tables it is what the first start left when it was killed early.
bool is_ours(sql::Db& db) {
  const auto tables = db.query(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name");
  const auto is_steps = [](const sql::Row& row) { return row.text(0) == "schema_steps"; };
  return tables.empty() || std::ranges::any_of(tables, is_steps);
}

/// A kill within the very first start, before the database has its log, leaves a journal that only a writer
/// can play back: a reader would take the file for damaged for ever.
void play_back_journal(const fs::path& file) {
  std::error_code error;
  if (!fs::exists(file.string() + "-journal", error)) return;
  try {
    sql::open_sqlite(file);
  } catch (const sql::SqlError& failure) {
    log::warning("the journal of the database cannot be played back", {{"why", brief(failure)}});
  }
}

void refuse_what_is_not_whole(const fs::path& data, const Clock& clock) {
  const fs::path file = database_file(data);
  std::error_code error;
  if (!fs::exists(file, error)) return;
  const SteadyTime begin = clock.steady();
  if (const std::string problem = problem_of(file, Check::quick); !problem.empty()) {
    throw std::runtime_error(
        fmt::format("{} {} \u2014 it was left as it is; {}", file.string(), problem, way_out(data)));
  }
  const auto took = std::chrono::duration_cast<Milliseconds>(clock.steady() - begin);
  log::info("the database is whole",
            {{"bytes", static_cast<std::int64_t>(fs::file_size(file))}, {"ms", took.count()}});
}

}  // namespace

fs::path database_file(const fs::path& data) {
  return data / "xueban.db";
}

void require_sqlite(const Secret& database) {
  if (database.empty()) return;
  throw std::runtime_error(
      "backup and restore are for the SQLite file; with PostgreSQL use pg_dump and pg_restore");
}

std::string way_out(const fs::path& data) {
  const auto backups = stored_backups(backup_folder(data));
  return backups.empty()
             ? fmt::format("there is no backup in {}; move the file away to begin anew",
                           backup_folder(data).string())
             : fmt::format("restore the latest backup: xueban restore {}", backups.back().string());
}

std::unique_ptr<sql::Db> open_to_look(const fs::path& data, const Secret& database) {
  if (!database.empty()) return sql::open_postgres(database.value());
  return sql::open_sqlite_read_only(database_file(data));
}

std::string brief(const sql::SqlError& failure) {
  const std::string text = failure.what();
  return utf8::escaped(text.substr(0, text.find(" in: ")));
}

std::string problem_of(const fs::path& file, Check check) {
  try {
    const auto db = sql::open_sqlite_read_only(file);
    const auto rows =
        db->query(check == Check::whole ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)");
    const std::string verdict = rows.front().text(0);
    if (verdict != "ok") return "is damaged: " + last_line(verdict);
    return is_ours(*db) ? "" : "is a database of another program";
  } catch (const sql::Damaged& failure) {
    return "is damaged: " + brief(failure);
  } catch (const sql::SqlError& failure) {
    return "cannot be read: " + brief(failure);
  }
}

namespace {

std::unique_ptr<sql::Db> opened_alone(const Secret& database) {
  try {
    auto db = sql::open_postgres(database.value());
    sql::take_schema(*db);
    return db;
  } catch (const sql::SqlError& failure) {
    throw std::runtime_error(brief(failure));
  }
}

}  // namespace

DataFolder::DataFolder(const fs::path& data, const Secret& database, const Clock& clock) : lock_(data) {
  if (!database.empty()) {
    db_ = opened_alone(database);
    return;
  }
  finish_restore(data);
  play_back_journal(database_file(data));
  refuse_what_is_not_whole(data, clock);
  try {
    db_ = sql::open_sqlite(database_file(data));
  } catch (const sql::SqlError& failure) {
    throw std::runtime_error(unusable(data, database, failure));
  }
}

std::string unusable(const fs::path& data, const Secret& database, const sql::SqlError& failure) {
  if (!database.empty()) {
    return fmt::format(
        "the data in PostgreSQL cannot be used: {} \u2014 see whether its server runs, and start again",
        brief(failure));
  }
  return fmt::format(
      "the database {} cannot be written: {} \u2014 make room on its disk, or give this account the right to "
      "write there",
      database_file(data).string(), brief(failure));
}

}  // namespace bot
