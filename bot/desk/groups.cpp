#include "bot/desk/groups.hpp"

namespace bot {

namespace {

Address address_of(const std::string& account, const std::string& chat) {
  return {account, chat, false};
}

}  // namespace

void GroupBook::add(GroupProfile profile) {
  const auto [place, added] = index_.try_emplace(address_of(profile.account, profile.chat), own_.size());
  if (added) {
    own_.push_back(std::move(profile));
  } else {
    own_[place->second] = std::move(profile);
  }
}

const GroupProfile& GroupBook::find(const Address& group) const {
  if (own_.empty()) return fallback_;
  const auto place = index_.find(group);
  return place == index_.end() ? fallback_ : own_[place->second];
}

const GroupProfile& GroupBook::find(const std::string& account, const std::string& chat) const {
  return find(address_of(account, chat));
}

bool GroupBook::has_file(const std::string& account, const std::string& chat) const {
  return index_.contains(address_of(account, chat));
}

}  // namespace bot
