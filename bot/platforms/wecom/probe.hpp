#pragma once

#include <optional>
#include <string>

#include "bot/base/instant.hpp"
#include "bot/base/result.hpp"
#include "bot/chat/account.hpp"

namespace bot {

/// What a visit to the platform of a robot found, without logging in.
struct WecomProbe {
  std::string url{};             ///< that was dialled
  std::optional<Error> fault{};  ///< why there is no connection; the codes are those of WebSocket::connect()
};

/// Connects and closes. The platform allows one login per robot, and the newer one ends the older, so this
/// does not log in. Blocks for about `limit` at most.
WecomProbe probe_wecom_robot(const AccountConfig& config, Milliseconds limit = std::chrono::seconds(10));

}  // namespace bot
