#include "bot/desk/figures.hpp"

namespace bot {

void MessageCounts::counted(std::string_view state, const std::string& account, std::int64_t messages) {
  by_account_[account][std::string(state)] += messages;
}

std::int64_t MessageCounts::count(std::string_view state, const std::string& account) const {
  const auto states = by_account_.find(account);
  if (states == by_account_.end()) return 0;
  const auto found = states->second.find(state);
  return found == states->second.end() ? 0 : found->second;
}

}  // namespace bot
