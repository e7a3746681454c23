#include "bot/store/sql.hpp"

#include "bot/base/log.hpp"

namespace bot::sql {

const Value& Row::at(std::size_t column) const {
  if (column >= columns_.size()) throw SqlError("the row has no column " + std::to_string(column));
  return columns_[column];
}

bool Row::is_null(std::size_t column) const {
  return std::holds_alternative<std::nullptr_t>(at(column).held());
}

std::int64_t Row::integer(std::size_t column) const {
  const auto* number = std::get_if<std::int64_t>(&at(column).held());
  if (number == nullptr) throw SqlError("column " + std::to_string(column) + " is no integer");
  return *number;
}

const std::string& Row::text(std::size_t column) const {
  const auto* string = std::get_if<std::string>(&at(column).held());
  if (string == nullptr) throw SqlError("column " + std::to_string(column) + " is no text");
  return *string;
}

namespace {

/// For destructors: what fails here has already failed elsewhere and is being unwound.
void undo(Db& db, std::string_view sql) noexcept {
  try {
    db.execute(sql);
  } catch (const std::exception& failure) {
    log::error("undoing failed", {{"statement", sql}, {"why", failure.what()}});
  }
}

}  // namespace

// PostgreSQL knows no IMMEDIATE; its driver takes a lock when it sees BEGIN.
Transaction::Transaction(Db& db) : db_(db) {
  db_.execute(db_.dialect() == Dialect::sqlite ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  if (open_) undo(db_, "ROLLBACK");
}

void Transaction::commit() {
  db_.execute("COMMIT");
  open_ = false;
}

Savepoint::Savepoint(Db& db) : db_(db) {
  db_.execute("SAVEPOINT part");
}

Savepoint::~Savepoint() {
  if (!open_) return;
  undo(db_, "ROLLBACK TO SAVEPOINT part");
  undo(db_, "RELEASE SAVEPOINT part");
}

void Savepoint::keep() {
  db_.execute("RELEASE SAVEPOINT part");
  open_ = false;
}

}  // namespace bot::sql
