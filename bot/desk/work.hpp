#pragma once

#include <optional>

#include "bot/store/sql.hpp"

namespace bot {

/// The transaction of one Desk::handle(), begun when somebody first writes.
class Work {
 public:
  explicit Work(sql::Db& db) : db_(db) {}
  sql::Db& begin() {
    if (!transaction_) transaction_.emplace(db_);
    return db_;
  }
  bool begun() const noexcept { return transaction_.has_value(); }
  void commit() {
    if (transaction_) transaction_->commit();
  }

 private:
  sql::Db& db_;
  std::optional<sql::Transaction> transaction_;
};

}  // namespace bot
