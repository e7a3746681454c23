#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "bot/base/instant.hpp"
#include "bot/chat/event.hpp"
#include "bot/store/migrate.hpp"

namespace bot {

/// What groups say, of those groups that switched it on (features D23). All others cost nothing: without a
/// row here no message is looked at. People who said so are left out, and what is recalled leaves at once.
class Archive {
 public:
  static constexpr std::chrono::days kUsual{7};
  static constexpr std::chrono::days kLongest{365};

  static sql::Schema schema();
  /// What memory has is read again: at start, and when a turn that changed it was rolled back.
  void load(sql::Db& db);

  /// How long that group's messages stay; nullopt: they are not stored.
  std::optional<std::chrono::days> kept(const Address& group) const;
  /// Within a transaction, like all below. Keeping days shorter or longer is the same call.
  void open(sql::Db& db, const Address& group, std::chrono::days kept, Instant now);
  /// What is stored of the group is deleted. How many messages.
  std::int64_t close(sql::Db& db, const Address& group);

  bool leaves_out(const std::string& account, const std::string& user) const {
    return left_out_.contains({account, user});
  }
  /// What is stored of the person's messages is deleted. How many.
  std::int64_t leave_out(sql::Db& db, const std::string& account, const std::string& user, Instant now);
  void take_in(sql::Db& db, const std::string& account, const std::string& user);

  /// Whether add() would store it.
  bool wants(const Address& group, const Sender& from) const;
  void add(sql::Db& db, const Event& event, const MessagePosted& posted);
  static void recall(sql::Db& db, const Address& group, const std::string& message);
  /// Deletes what is older than its group wants; `most` rows at once. How many.
  static std::int64_t prune(sql::Db& db, Instant now, std::int64_t most);

 private:
  std::map<Address, std::chrono::days> open_;
  std::set<std::pair<std::string, std::string>> left_out_;
};

}  // namespace bot
