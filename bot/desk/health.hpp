#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bot/desk/agenda.hpp"

namespace bot {

struct AccountHealth {
  std::string name{};
  bool up = false;
  Instant since{};
  std::string reason{};  ///< why it is down
};

/// What 自检 shows.
struct Health {
  std::vector<AccountHealth> accounts{};
  std::int64_t waiting = 0;   ///< messages planned or on their way
  std::int64_t deciding = 0;  ///< sends whose outcome is being looked into
  std::int64_t unknown = 0;   ///< sends of the last seven days of which nobody can tell whether they arrived
  std::int64_t refused = 0;   ///< sends of the last seven days that a platform refused
  std::int64_t muted = 0;     ///< chats that take no messages now: muted, or removed from them
  std::int64_t missed = 0;    ///< pushes of the last seven days that were not sent
  std::int64_t database_bytes = 0;
  std::int64_t pruned = 0;  ///< rows that were too old last night
  std::vector<Due> next{};  ///< of this group, or of all in private
  Instant started{};
  std::optional<Instant> quiet_until{};  ///< this group wants to hear nothing unasked
  std::string held{};                    ///< why no push is said (Agenda::held); empty when they are
};

}  // namespace bot
