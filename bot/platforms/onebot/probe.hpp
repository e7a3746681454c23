#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/base/result.hpp"
#include "bot/chat/account.hpp"
#include "bot/chat/event.hpp"
#include "bot/net/http_server.hpp"

namespace bot {

/// What one visit to an account's platform found. What was not answered is absent.
struct OneBotProbe {
  /// Why the connection failed or ended. The codes are those of WebSocket; when the platform dials us,
  /// Errc::unreachable: the port cannot be had; Errc::not_found: nobody has dialled; Errc::bad_input:
  /// somebody has, but not for this account.
  std::optional<Error> fault{};
  std::string stranger{};        ///< the account for which somebody has dialled instead
  std::optional<Error> deaf{};   ///< why events by HTTP cannot arrive: the port cannot be had
  std::string self{};            ///< the account's own id; empty: the platform did not say
  std::string implementation{};  ///< "NapCat.Onebot 4.8.90"
  std::optional<bool> online{};  ///< whether the account is logged in there
  std::optional<std::vector<GroupsListed::Entry>> groups{};
  std::optional<bool>
      has_history{};  ///< whether get_group_msg_history exists, by which lost answers are found
};

/// Connects once as the service does, or waits to be dialled, asks what changes nothing, and closes. Blocks
/// for `limit` at most, twice as long when it has to be dialled, and three seconds more when the other side
/// does not let go. Events that arrive meanwhile are left unheard; a service that is connected too hears them
/// all the same. `server` is where a platform dials us.
OneBotProbe probe_onebot(const AccountConfig& config, const HttpServerOptions& server, const Clock& clock,
                         Milliseconds limit = std::chrono::seconds(10));

}  // namespace bot
