#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/chat/address.hpp"
#include "bot/store/migrate.hpp"

namespace bot {

/// Groups that an admin told to be left in peace for a while: what is said there is taken in, and nothing but
/// what is urgent is said unasked. Rows, with an index in memory: asking costs no query.
class Quiet {
 public:
  static sql::Schema schema();
  /// Reads the rows anew; also after a turn was rolled back.
  void load(sql::Db& db);

  /// When somebody asked for it, and now: words may arrive late, and after others.
  struct Moment {
    Instant said{};
    Instant now{};
  };
  /// Within a transaction. In a group that is quiet already only the end moves; false when that was asked for
  /// later than this.
  bool begin(sql::Db& db, const Address& group, Moment at, Instant until);
  /// Within a transaction. False when the group is not quiet, or was told to be after this was said.
  bool end(sql::Db& db, const Address& group, Moment at);

  /// When it ends; nullopt when the group is not quiet now.
  std::optional<Instant> until(const Address& group, Instant now) const;
  /// Whether the group's latest quiet, over or not, has silenced that moment.
  bool silenced(const Address& group, Instant at) const;
  /// The groups whose quiet has begun, moved or ended by a command since this was last asked.
  std::vector<Address> take_changed();

 private:
  struct Span {
    Instant since{};
    Instant until{};
  };
  void write(sql::Db& db, const Address& group, const Span& span);

  std::unordered_map<Address, Span, AddressHash> spans_;  // the latest of each group
  std::vector<Address> changed_;
};

}  // namespace bot
