#include "bot/platforms/onebot/account.hpp"

#include <algorithm>

namespace bot::onebot {

namespace {

constexpr std::size_t kMostRoutes = 256;

}  // namespace

std::string Account::fresh_echo() {
  return random_.unique_name();
}

void Account::remember_route(const std::string& user, const std::string& group) {
  std::erase_if(routes_, [&](const auto& route) { return route.first == user; });
  if (!group.empty()) routes_.emplace_back(user, group);
  if (routes_.size() > kMostRoutes) routes_.pop_front();
}

std::string Account::route(const Address& to) const {
  if (!to.direct) return {};
  const auto found =
      std::find_if(routes_.begin(), routes_.end(), [&](const auto& route) { return route.first == to.chat; });
  return found == routes_.end() ? std::string() : found->second;
}

}  // namespace bot::onebot
