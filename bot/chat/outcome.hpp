#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>

namespace bot {

/// What became of a send. A timeout is not a failure: most platforms cannot tell (reliability B.1).
struct Sent {
  std::string message_id{};  ///< empty when the platform gave none
};
/// Proved: nothing was delivered (no connection before the first byte). May be tried again.
struct NotSent {
  std::string reason{};
  std::optional<std::chrono::milliseconds> retry_after{};  ///< how long the platform wants to be left alone
};
/// The platform said no. Do not try again.
struct Refused {
  std::string reason{};
  bool whole_chat = false;  ///< the account may say nothing in this chat: muted, removed, not befriended
};
/// Nobody can know: the answer did not come, or said only that something went wrong.
struct Unknown {
  std::string reason{};
};
using SendOutcome = std::variant<Sent, NotSent, Refused, Unknown>;

}  // namespace bot
