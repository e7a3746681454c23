#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace bot {

/// What a person is in a group, each may do what those before it may. The names are those of the reports
/// (origins.md 1.13, 2.9, 2.10); content/words says them in every language under "role.<name>".
enum class Role {
  nobody,      ///< anonymous: not even answered
  guest,       ///< 访客
  member,      ///< 成员
  aide,        ///< 骨干
  reviewer,    ///< 审阅
  manager,     ///< 运营: runs the group's daily work
  secretary,   ///< 书记: leads the group
  superadmin,  ///< 超管: whoever runs the program, named in its configuration
};

inline constexpr std::array<std::string_view, 8> kRoleNames{"nobody",   "guest",   "member",    "aide",
                                                            "reviewer", "manager", "secretary", "superadmin"};

constexpr std::string_view role_name(Role role) noexcept {
  return kRoleNames[static_cast<std::size_t>(role)];
}

/// By its name as above.
constexpr std::optional<Role> role_named(std::string_view name) noexcept {
  for (std::size_t index = 0; index < kRoleNames.size(); ++index) {
    if (kRoleNames[index] == name) return static_cast<Role>(index);
  }
  return std::nullopt;
}

constexpr bool may(Role has, Role needs) noexcept {
  return static_cast<int>(has) >= static_cast<int>(needs);
}

}  // namespace bot
