#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/base/result.hpp"
#include "bot/chat/account.hpp"
#include "bot/chat/event.hpp"

namespace bot {

/// What one visit to an account's platform found. What was not answered is absent.
struct OneBotProbe {
  std::optional<Error> fault{};  ///< why the connection failed or ended; the codes are those of WebSocket
  std::string self{};            ///< the account's own id; empty: the platform did not say
  std::string implementation{};  ///< "NapCat.Onebot 4.8.90"
  std::optional<bool> online{};  ///< whether the account is logged in there
  std::optional<std::vector<GroupsListed::Entry>> groups{};
  std::optional<bool>
      has_history{};  ///< whether get_group_msg_history exists, by which lost answers are found
};

/// Connects once as the service does, asks what changes nothing, and closes. Blocks for `limit` at most, and
/// three seconds more when the other side does not let go. Events that arrive meanwhile are left unheard;
/// a service that is connected too hears them all the same.
OneBotProbe probe_onebot(const AccountConfig& config, const Clock& clock,
                         Milliseconds limit = std::chrono::seconds(10));

}  // namespace bot
