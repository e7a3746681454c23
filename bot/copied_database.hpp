#pragma once

#include <filesystem>
#include <memory>

#include "bot/base/instant.hpp"
#include "bot/chat/account.hpp"
#include "bot/store/sql.hpp"

namespace bot {

/// A copy of a database, in a folder that vanishes with the object: for commands that look at a running
/// Xueban and change nothing. Empty when there is no original yet, as before the first start.
class CopiedDatabase {
 public:
  /// Of the file in the data folder, or of what `database` connects to; the copy is a SQLite file either way.
  /// Throws sql::SqlError when the original cannot be read.
  CopiedDatabase(const std::filesystem::path& data, const Secret& database, Instant now);
  ~CopiedDatabase();
  CopiedDatabase(const CopiedDatabase&) = delete;
  CopiedDatabase& operator=(const CopiedDatabase&) = delete;

  sql::Db& db() noexcept { return *db_; }

 private:
  /// A member of its own, so that it vanishes too when the copying fails.
  class Folder {
   public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const std::filesystem::path& path() const noexcept { return path_; }

   private:
    std::filesystem::path path_;
  };

  Folder folder_;
  std::unique_ptr<sql::Db> db_;
};

}  // namespace bot
