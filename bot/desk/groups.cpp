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

const GroupProfile& GroupBook::find(const std::string& account, const std::string& chat) const {
  const auto place = index_.find(address_of(account, chat));
  return place == index_.end() ? fallback_ : own_[place->second];
}

bool GroupBook::has_file(const std::string& account, const std::string& chat) const {
  return index_.contains(address_of(account, chat));
}

}  // namespace bot
