#include "bot/desk/rights.hpp"

#include <algorithm>

namespace bot {

namespace {

bool names(const GroupProfile& group, const std::string& user) {
  return std::ranges::find(group.admins, user) != group.admins.end();
}

bool is_admin_somewhere(const std::string& user, const std::string& account, const GroupBook& groups) {
  return names(groups.fallback(), user) || std::ranges::any_of(groups.own(), [&](const GroupProfile& group) {
           return group.account == account && names(group, user);
         });
}

}  // namespace

Rank rank_of(const Sender& sender, const Address& where, const GroupProfile& group, const GroupBook& groups) {
  if (sender.anonymous || sender.id.empty()) return Rank::nobody;
  if (where.direct) {
    return is_admin_somewhere(sender.id, where.account, groups) ? Rank::admin : Rank::member;
  }
  const bool platform_admin = sender.role == Sender::Role::admin || sender.role == Sender::Role::owner;
  return platform_admin || names(group, sender.id) ? Rank::admin : Rank::member;
}

}  // namespace bot
