#include "bot/desk/groups.hpp"

namespace bot {

namespace {

Address address_of(const std::string& account, const std::string& chat) {
  return {account, chat, false};
}

}  // namespace

void GroupBook::add(GroupProfile profile) {
  const Address heard = address_of(profile.account, profile.chat);
  const Address told = address_of(profile.push_account, profile.push_chat);
  if (!profile.push_account.empty() && told != heard) push_doors_[told] = heard;
  const auto [place, added] = index_.try_emplace(heard, own_.size());
  if (added) {
    own_.push_back(std::move(profile));
  } else {
    own_[place->second] = std::move(profile);
  }
}

const GroupProfile& GroupBook::find(const Address& group) const {
  if (own_.empty()) return fallback_;
  const auto door = push_doors_.find(group);
  const auto place = index_.find(door == push_doors_.end() ? group : door->second);
  return place == index_.end() ? fallback_ : own_[place->second];
}

const GroupProfile& GroupBook::find(const std::string& account, const std::string& chat) const {
  return find(address_of(account, chat));
}

bool GroupBook::only_pushes(const Address& chat) const {
  return push_doors_.contains(chat) && !index_.contains(chat);
}

bool GroupBook::has_file(const std::string& account, const std::string& chat) const {
  return index_.contains(address_of(account, chat));
}

}  // namespace bot
