#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/chat/address.hpp"
#include "bot/store/migrate.hpp"

namespace bot {

/// Whose commands are neither answered nor booked, group by group (conversation.md E.4, 10). Rows, with an
/// index in memory: most messages cost one look at an empty table.
class Ignored {
 public:
  struct Entry {
    std::string user{};
    std::string name{};
    std::optional<Instant> until{};  ///< absent: until it is taken back
  };

  static sql::Schema schema();
  /// Reads the rows anew; also after a turn was rolled back.
  void load(sql::Db& db);

  /// Within a transaction. Who is on the list already gets the new end.
  void add(sql::Db& db, const Address& group, const Entry& entry, Instant now);
  /// Within a transaction. False when the person is not on the list.
  bool remove(sql::Db& db, const Address& group, const std::string& user, Instant now);

  bool holds(const Address& group, const std::string& user, Instant now) const;
  /// Who is on the list now, in the order of their ids.
  std::vector<Entry> of(const Address& group, Instant now) const;

 private:
  void forget_over(sql::Db& db, Instant now);

  std::unordered_map<Address, std::vector<Entry>, AddressHash> groups_;
};

}  // namespace bot
