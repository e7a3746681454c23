#include "bot/store/sqlite.hpp"

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <string>
#include <unordered_map>

namespace bot::sql {

namespace {

constexpr int kBusyTimeoutMs = 5000;

[[noreturn]] void rethrow(const SQLite::Exception& failure, std::string_view sql) {
  const std::string text =
      fmt::format("{} (SQLite {}) in: {}", failure.what(), failure.getExtendedErrorCode(), sql);
  constexpr int kPrimary = 0xff;  // the rest of an extended code says where it happened
  switch (failure.getErrorCode() & kPrimary) {
    case SQLITE_CONSTRAINT:
      throw Conflict(text);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Busy(text);
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      throw Unavailable(text);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      throw Damaged(text);
    default:
      throw SqlError(text);
  }
}

/// A prepared statement and where each `$n` sits: SQLite numbers names by first appearance.
struct Prepared {
  Prepared(SQLite::Database& database, const std::string& sql) : statement(database, sql) {
    const int count = statement.getBindParameterCount();
    for (int number = 1; number <= count; ++number) {
      indices.push_back(statement.getIndex(("$" + std::to_string(number)).c_str()));
    }
  }

  SQLite::Statement statement;
  bool writes = false;
  std::vector<int> indices;  // n - 1 → index of $n
};

/// Called by SQLite for everything that a statement being prepared would do.
int note_writing(void* writes, int action, const char*, const char*, const char*, const char*) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
    case SQLITE_PRAGMA:
      break;
    default:
      *static_cast<bool*>(writes) = true;
  }
  return SQLITE_OK;
}

/// A statement that is not reset keeps its read transaction open. Bindings stay: each run binds all anew.
class Reset {
 public:
  explicit Reset(SQLite::Statement& statement) : statement_(statement) {}
  ~Reset() { statement_.tryReset(); }
  Reset(const Reset&) = delete;
  Reset& operator=(const Reset&) = delete;

 private:
  SQLite::Statement& statement_;
};

Value column_value(const SQLite::Column& column) {
  switch (column.getType()) {
    case SQLITE_INTEGER:
      return Value(static_cast<std::int64_t>(column.getInt64()));
    case SQLITE_FLOAT:
      return Value(column.getDouble());
    case SQLITE_TEXT:
    case SQLITE_BLOB:
      return Value(column.getString());
    default:
      return Value();
  }
}

class SqliteDb final : public Db {
 private:
  template <class Step>
  auto run(std::string_view sql, Params params, Step step) {
    try {
      Prepared& entry = prepared(sql);
      if (read_only_ && entry.writes) throw SqlError(fmt::format("a turn that only reads tried: {}", sql));
      const Reset reset(entry.statement);
      bind(entry, params);
      return step(entry);
    } catch (const SQLite::Exception& failure) {
      rethrow(failure, sql);
    }
  }

 public:
  using Db::execute;
  using Db::query;

  SqliteDb(const std::string& file, int flags) : database_(file, flags, kBusyTimeoutMs) {
    sqlite3_extended_result_codes(database_.getHandle(), 1);
    sqlite3_set_authorizer(database_.getHandle(), note_writing, &preparing_writes_);
  }

  void copy_pages_of(SqliteDb& original, const std::string& file) {
    constexpr int kAllPages = -1;
    try {
      if (SQLite::Backup(database_, original.database_).executeStep(kAllPages) != SQLITE_DONE)
        throw Busy("somebody holds the database while it is copied to " + file);
    } catch (const SQLite::Exception& failure) {
      rethrow(failure, "copying to " + file);
    }
  }

  void set_up_for_writing() {
    pragma("PRAGMA journal_mode = WAL");
    pragma("PRAGMA synchronous = FULL");
    pragma("PRAGMA foreign_keys = ON");
  }

  Rows query(std::string_view sql, Params params) override {
    return run(sql, params, [](Prepared& prepared) -> Rows {
      Rows rows;
      while (prepared.statement.executeStep()) rows.push_back(row_of(prepared.statement));
      return rows;
    });
  }

  std::int64_t execute(std::string_view sql, Params params) override {
    return run(sql, params, [this](Prepared& prepared) -> std::int64_t {
      const int before = database_.getTotalChanges();
      while (prepared.statement.executeStep()) {
      }
      return database_.getTotalChanges() == before ? 0 : prepared.statement.getChanges();
    });
  }

  void set_read_only(bool read_only) noexcept override { read_only_ = read_only; }
  Dialect dialect() const noexcept override { return Dialect::sqlite; }

  std::int64_t size() override {
    return query("PRAGMA page_count", {}).front().integer(0) *
           query("PRAGMA page_size", {}).front().integer(0);
  }

 private:
  void pragma(const std::string& sql) {
    SQLite::Statement statement(database_, sql);
    while (statement.executeStep()) {
    }
  }

  static Row row_of(SQLite::Statement& statement) {
    std::vector<Value> columns;
    const int count = statement.getColumnCount();
    columns.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) columns.push_back(column_value(statement.getColumn(i)));
    return Row(std::move(columns));
  }

  Prepared& prepared(std::string_view sql) {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) return known->second;
    std::string text(sql);
    preparing_writes_ = false;
    Prepared& fresh = statements_.try_emplace(text, database_, text).first->second;
    fresh.writes = preparing_writes_;
    return fresh;
  }

  static void bind(Prepared& entry, Params params) {
    for (std::size_t i = 0; i < entry.indices.size(); ++i) {
      if (i >= params.size()) throw SqlError(fmt::format("no value for ${}", i + 1));
      if (entry.indices[i] == 0) throw SqlError(fmt::format("parameters skip ${}", i + 1));
      bind_one(entry.statement, entry.indices[i], params[i].held());
    }
  }

  static void bind_one(SQLite::Statement& statement, int index, const Value::Held& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      statement.bind(index, *number);
    } else if (const auto* real = std::get_if<double>(&value)) {
      statement.bind(index, *real);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      statement.bindNoCopy(index, *text);
    } else {
      statement.bind(index);
    }
  }

  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };

  SQLite::Database database_;
  std::unordered_map<std::string, Prepared, TextHash, std::equal_to<>> statements_;
  bool read_only_ = false;
  bool preparing_writes_ = false;
};

std::unique_ptr<SqliteDb> opened(const std::string& file, int flags) {
  try {
    return std::make_unique<SqliteDb>(file, flags);
  } catch (const SQLite::Exception& failure) {
    throw Unavailable(fmt::format("{}: {}", file, failure.what()));
  }
}

}  // namespace

std::unique_ptr<Db> open_sqlite(const std::filesystem::path& file) {
  auto db = opened(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX);
  try {
    db->set_up_for_writing();
  } catch (const SQLite::Exception& failure) {
    throw Unavailable(fmt::format("{}: {}", file.string(), failure.what()));
  }
  return db;
}

std::unique_ptr<Db> open_sqlite_read_only(const std::filesystem::path& file) {
  return opened(file.string(), SQLite::OPEN_READONLY);
}

void copy_sqlite(const std::filesystem::path& from, const std::filesystem::path& to,
                 const std::function<void(Db&)>& look) {
  const auto original = opened(from.string(), SQLite::OPEN_READONLY);
  const auto copy = opened(to.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX);
  // What the transaction sees is what is copied: a writer meanwhile does not make the copying begin anew.
  original->execute("BEGIN", {});
  look(*original);
  copy->copy_pages_of(*original, to.string());
  original->execute("ROLLBACK", {});
  leave_wal(*copy);
}

void leave_wal(Db& db) {
  if (const auto rows = db.query("PRAGMA journal_mode = DELETE"); rows.front().text(0) != "delete")
    throw Busy("the log could not be folded into the database");
}

std::unique_ptr<Db> open_sqlite_in_memory() {
  auto db = opened(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX);
  db->set_up_for_writing();
  return db;
}

}  // namespace bot::sql
