#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "bot/base/zone.hpp"
#include "bot/chat/address.hpp"
#include "bot/desk/push.hpp"

namespace bot {

/// One group as its file describes it. Groups without a file follow the default one.
struct GroupProfile {
  std::string file{};  ///< where it was written, for explanations; empty for the built-in default
  std::string name{};  ///< what people call it; the chat id when empty
  std::string account{};
  std::string chat{};
  /// By which account, and into which chat of it, goes what is planned for the group; empty: `account`.
  std::string push_account{};
  std::string push_chat{};
  std::string answer_at{};  ///< where members answer, when the chat of the pushes hears nobody; in words
  std::string language = "zh-CN";
  Zone zone = Zone::utc();
  std::vector<std::string> admins{};       ///< user ids
  std::vector<std::string> superadmins{};  ///< "qq:10001": the account's name and the user id; everywhere
  std::vector<std::string> nicknames{};    ///< what the bot is called here
  std::vector<Push> pushes{};
  bool enabled = true;  ///< false: the bot neither listens nor speaks here
};

/// All groups that have a file, and what the others follow.
class GroupBook {
 public:
  explicit GroupBook(GroupProfile fallback) : fallback_(std::move(fallback)) {}
  /// A second profile for one chat takes the place of the first.
  void add(GroupProfile profile);
  /// The group's own profile, else the default one. The chat that a group's pushes go to belongs to the
  /// group. Valid until the next add().
  const GroupProfile& find(const Address& group) const;
  const GroupProfile& find(const std::string& account, const std::string& chat) const;
  const std::vector<GroupProfile>& own() const noexcept { return own_; }
  const GroupProfile& fallback() const noexcept { return fallback_; }
  bool has_file(const std::string& account, const std::string& chat) const;
  /// Whether that chat is where a group's pushes go and not where the group is heard.
  bool only_pushes(const Address& chat) const;
  /// Whether that chat is a group of its own that follows the default one.
  bool follows(const Address& chat) const { return !index_.contains(chat) && !only_pushes(chat); }

 private:
  GroupProfile fallback_;
  std::vector<GroupProfile> own_;
  std::unordered_map<Address, std::size_t, AddressHash> index_;
  std::unordered_map<Address, Address, AddressHash> push_doors_;  // → where the group is heard
};

}  // namespace bot
