#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <string>

namespace bot {

/// Where something was said or shall be said. Ids are the platform's, always text.
struct Address {
  std::string account{};  ///< name of the account in the configuration, such as "qq"
  std::string chat{};     ///< group id, or the person's id when `direct`
  bool direct = false;    ///< a private chat

  auto operator<=>(const Address&) const = default;
};

/// Who said it.
struct Sender {
  enum class Role { unknown, member, admin, owner };
  std::string id{};
  std::string name{};  ///< group card, else nickname, else the id
  Role role = Role::unknown;
  bool anonymous = false;  ///< anonymous senders have no rights and are not answered (reliability X4)
};

struct AddressHash {
  std::size_t operator()(const Address& address) const noexcept {
    const std::size_t chat = std::hash<std::string>{}(address.chat);
    return chat * 31 + std::hash<std::string>{}(address.account) * 2 + (address.direct ? 1 : 0);
  }
};

}  // namespace bot
