#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "bot/base/instant.hpp"

/// Where the implementations of OneBot v11 differ from each other, as far as it matters here.
namespace bot::onebot {

/// What we ask for beyond the standard.
enum class Action {
  group_history,      ///< get_group_msg_history
  private_history,    ///< get_friend_msg_history
  mention_all_quota,  ///< get_group_at_all_remain
};
inline constexpr std::size_t kActions = 3;

/// What the implementation behind an account can do. Of one that nobody knows everything is expected until
/// its first answer says otherwise. From any thread.
class Abilities {
 public:
  /// The account is behind this one from now on: "NapCat.Onebot 4.8.90". What was learned is forgotten; it
  /// may be a newer version.
  void know(std::string_view implementation) noexcept;
  /// It has said that there is no such action.
  void learn_missing(Action action) noexcept { missing(action) = true; }
  bool has(Action action) const noexcept { return !missing_[static_cast<std::size_t>(action)]; }

 private:
  std::atomic<bool>& missing(Action action) noexcept { return missing_[static_cast<std::size_t>(action)]; }

  std::array<std::atomic<bool>, kActions> missing_{};
};

/// Whether a failed call failed because there is no such action: 1404 over WebSocket, 404 over HTTP and with
/// Lagrange.
bool is_unknown_action(std::int64_t retcode) noexcept;

/// What the platform's own servers answered, as implementations pass it on: `"result": 120` or words. Unlike
/// a timeout it proves that nothing was delivered.
struct Refusal {
  std::string_view sign;  ///< stands in the message, blanks left out
  Milliseconds wait{0};   ///< 0: the chat is closed to us
};
std::span<const Refusal> refusals() noexcept;

}  // namespace bot::onebot
