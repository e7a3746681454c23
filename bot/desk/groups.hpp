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
  std::string language = "zh-CN";
  Zone zone = Zone::utc();
  std::vector<std::string> admins{};     ///< user ids
  std::vector<std::string> nicknames{};  ///< what the bot is called here
  std::vector<Push> pushes{};
  bool enabled = true;  ///< false: the bot neither listens nor speaks here
};

/// All groups that have a file, and what the others follow.
class GroupBook {
 public:
  explicit GroupBook(GroupProfile fallback) : fallback_(std::move(fallback)) {}
  /// A second profile for one chat takes the place of the first.
  void add(GroupProfile profile);
  /// The group's own profile, else the default one. Valid until the next add().
  const GroupProfile& find(const Address& group) const;
  const GroupProfile& find(const std::string& account, const std::string& chat) const;
  const std::vector<GroupProfile>& own() const noexcept { return own_; }
  const GroupProfile& fallback() const noexcept { return fallback_; }
  bool has_file(const std::string& account, const std::string& chat) const;

 private:
  GroupProfile fallback_;
  std::vector<GroupProfile> own_;
  std::unordered_map<Address, std::size_t, AddressHash> index_;
};

}  // namespace bot
