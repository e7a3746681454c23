#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "bot/base/instant.hpp"

namespace bot {

/// What may become of a message, as the outbox calls it. "planned" counts what was queued, also after a
/// restart.
inline constexpr std::array<std::string_view, 6> message_states{"planned", "sent",       "refused",
                                                                "unknown", "unresolved", "missed"};

/// How often messages came into a state, by account, since the start. Answers that nobody is owed (a ping)
/// are not among them.
class MessageCounts {
 public:
  using ByState = std::map<std::string, std::int64_t, std::less<>>;

  void counted(std::string_view state, const std::string& account, std::int64_t messages = 1);
  std::int64_t count(std::string_view state, const std::string& account) const;
  const std::map<std::string, ByState>& by_account() const noexcept { return by_account_; }

 private:
  std::map<std::string, ByState> by_account_{};
};

/// What is watched from outside. Counts are since the start. No member, no chat and no text is in it.
struct Figures {
  std::int64_t events = 0;    ///< messages heard in groups and in private
  std::int64_t commands = 0;  ///< of them, those that ran a command
  std::int64_t failed = 0;    ///< turns and pushes that ended with an exception
  MessageCounts messages{};
  std::map<std::string, bool> accounts_up{};  ///< those that were heard of
  std::int64_t waiting = 0;                   ///< messages queued and not handed over yet
  std::int64_t in_flight = 0;                 ///< messages whose verdict is awaited
  std::optional<Instant> oldest_unknown{};    ///< since when nobody can vouch for a send; up to a minute old
  bool pushes_held = false;
  std::int64_t database_bytes = 0;       ///< up to a minute old
  std::int64_t inbox_waiting = 0;        ///< events that the desk has not taken yet
  std::int64_t inbox_refused = 0;        ///< times that a full inbox made a connection stop reading
  std::optional<Instant> last_commit{};  ///< absent before the first
};

}  // namespace bot
