#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/chat/address.hpp"
#include "bot/store/migrate.hpp"

namespace bot {

/// Pushes beyond what a group is told unasked (conversation.md E.4): kept as rows until one message may tell
/// of them all.
class Digest {
 public:
  struct Item {
    std::string text{};
    std::string subject{};
    Instant at{};            ///< when it would have been said
    std::string schedule{};  ///< whose push it is
    Instant expires{};       ///< not to be told after this
  };

  static sql::Schema schema();
  /// Reads who is owed a digest.
  void load(sql::Db& db);

  /// Within a transaction: `try_at` is when the group may be told again, as far as one knows.
  void hold(sql::Db& db, const Address& where, const Item& item, Instant try_at);
  /// Within a transaction: the schedule was changed or ended, so what it had is not told any more.
  /// Nothing that is held is ever told.
  static void give_up(sql::Db& db);
  static void withdraw(sql::Db& db, const Address& where, const std::string& schedule);
  /// Within a transaction: not yet.
  void postpone(sql::Db& db, const Address& where, Instant try_at);
  /// Within a transaction: everything that is held for the group, oldest first, which is then forgotten.
  std::vector<Item> take(sql::Db& db, const Address& where);

  /// When somebody may be told next; Instant::max() when nothing is held.
  Instant next() const;
  /// At most `most`, the longest waiting first.
  std::vector<Address> due(Instant now, std::size_t most) const;
  /// The clock was set: everybody may be looked at again.
  void try_all(Instant now);
  /// When this chat may be told; Instant::min() when nothing is held for it.
  Instant try_at(const Address& where) const;

 private:
  void forget(const Address& where);
  void set_try(const Address& where, Instant at);

  std::map<Address, Instant> tries_;
  std::set<std::pair<Instant, Address>> order_;  // the same by time
};

}  // namespace bot
