#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// The seam between features and databases. Statements are written once, in the common dialect
/// (architecture.md §9): parameters are `$1`, `$2` …, never spliced text; times are BIGINT milliseconds,
/// flags are 0 or 1, ids of platforms are TEXT.
namespace bot::sql {

class Value {
 public:
  Value() = default;  // NULL
  Value(std::nullptr_t) {}
  Value(std::int64_t number) : held_(number) {}
  Value(int number) : held_(static_cast<std::int64_t>(number)) {}
  Value(bool flag) : held_(static_cast<std::int64_t>(flag)) {}
  Value(double number) : held_(number) {}
  Value(std::string text) : held_(std::move(text)) {}
  Value(std::string_view text) : held_(std::string(text)) {}
  Value(const char* text) : held_(std::string(text)) {}

  using Held = std::variant<std::nullptr_t, std::int64_t, double, std::string>;
  const Held& held() const noexcept { return held_; }

 private:
  Held held_ = nullptr;
};

using Params = std::span<const Value>;

/// One row of an answer; columns count from 0. Reading a column as another type throws SqlError.
class Row {
 public:
  explicit Row(std::vector<Value> columns) : columns_(std::move(columns)) {}
  bool is_null(std::size_t column) const;
  std::int64_t integer(std::size_t column) const;
  const std::string& text(std::size_t column) const;
  /// All columns as they are, to be written elsewhere.
  Params values() const noexcept { return columns_; }

 private:
  const Value& at(std::size_t column) const;
  std::vector<Value> columns_;
};

using Rows = std::vector<Row>;

struct SqlError : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// A UNIQUE, CHECK or FOREIGN KEY rule refused the row.
struct Conflict : SqlError {
  using SqlError::SqlError;
};
/// Somebody else holds the database.
struct Busy : SqlError {
  using SqlError::SqlError;
};
/// The database cannot be used: I/O error, disk full, damaged, gone. After this at COMMIT nobody knows what
/// was stored (reliability S2).
struct Unavailable : SqlError {
  using SqlError::SqlError;
};
/// What is stored is no database, or no whole one.
struct Damaged : Unavailable {
  using Unavailable::Unavailable;
};

enum class Dialect { sqlite, postgres };

/// One connection; one thread. Throws the errors above.
class Db {
 public:
  virtual ~Db() = default;
  virtual Rows query(std::string_view sql, Params params = {}) = 0;
  /// Rows changed.
  virtual std::int64_t execute(std::string_view sql, Params params = {}) = 0;
  /// While true, a statement that would write throws SqlError: a turn declared as reading stays one.
  virtual void set_read_only(bool read_only) noexcept = 0;
  virtual Dialect dialect() const noexcept = 0;
  /// Bytes on disk, for reports to operators.
  virtual std::int64_t size() = 0;

  Rows query(std::string_view sql, std::initializer_list<Value> params) {
    return query(sql, Params(params.begin(), params.size()));
  }
  std::int64_t execute(std::string_view sql, std::initializer_list<Value> params) {
    return execute(sql, Params(params.begin(), params.size()));
  }
};

/// Takes the write lock at once; rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(Db& db);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  /// When this throws, the outcome is unknown: stop, and trust only what is read after a restart.
  void commit();

 private:
  Db& db_;
  bool open_ = true;
};

/// A part of a transaction that can fail alone. Released by keep(), undone otherwise.
class Savepoint {
 public:
  explicit Savepoint(Db& db);
  ~Savepoint();
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;
  void keep();

 private:
  Db& db_;
  bool open_ = true;
};

}  // namespace bot::sql
