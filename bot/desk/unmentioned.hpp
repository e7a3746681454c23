#pragma once

#include <string>
#include <unordered_map>

#include "bot/store/migrate.hpp"

namespace bot {

/// People who do not want to be mentioned in groups, by account and user id. What would mention one of them
/// is said in private, or with the name as plain text. Rows, with an index in memory.
class Unmentioned {
 public:
  static sql::Schema schema();
  /// Reads the rows anew; also after a turn was rolled back.
  void load(sql::Db& db);

  /// Within a transaction. `name` is what stands instead of a mention.
  void add(sql::Db& db, const std::string& account, const std::string& user, const std::string& name);
  /// Within a transaction. False when the person may be mentioned already.
  bool remove(sql::Db& db, const std::string& account, const std::string& user);

  bool holds(const std::string& account, const std::string& user) const;
  /// What the person was called when he or she asked for it; the id of whoever did not.
  std::string name(const std::string& account, const std::string& user) const;

 private:
  std::unordered_map<std::string, std::string> names_;  // by account and user
};

}  // namespace bot
