#pragma once

#include <string>

#include "bot/chat/address.hpp"
#include "bot/desk/groups.hpp"

namespace bot {

/// Who may do what. Decided by this table alone, when a command is executed.
enum class Rank { nobody, member, admin };

/// Anonymous senders are nobody. The group's file names its admins; the platform's owner and admins count as
/// such in their group. In private an admin of any group of the account is one.
Rank rank_of(const Sender& sender, const Address& where, const GroupProfile& group, const GroupBook& groups);

constexpr bool may(Rank has, Rank needs) noexcept {
  return static_cast<int>(has) >= static_cast<int>(needs);
}

}  // namespace bot
