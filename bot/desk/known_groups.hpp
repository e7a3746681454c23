#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/chat/address.hpp"
#include "bot/store/migrate.hpp"

namespace bot {

/// The groups that the accounts are in, as far as they were listed or heard from: who is meant by "every
/// group that follows the default".
class KnownGroups {
 public:
  struct Entry {
    Address where{};
    std::string name{};
    Instant since{};  ///< occurrences before this are not owed to the group
  };

  static sql::Schema schema();
  void load(sql::Db& db);
  bool knows(const Address& where) const { return index_.contains(where); }
  /// Within a transaction.
  void add(sql::Db& db, const Address& where, const std::string& name, Instant now);
  /// Within a transaction: a clock that was ahead has left times behind that are still to come.
  void not_since_after(sql::Db& db, Instant now);
  const std::vector<Entry>& all() const noexcept { return entries_; }
  /// As the platform says it; empty when it does not, or the group is not known.
  std::string name(const Address& where) const;

 private:
  void remember(Entry entry);

  std::vector<Entry> entries_;
  std::unordered_map<Address, std::size_t, AddressHash> index_;
};

}  // namespace bot
