// What the answers to frames mean (wecom.md 3.5 and 6.4).
#include <algorithm>
#include <array>
#include <chrono>

#include "bot/platforms/wecom/codec.hpp"

namespace bot::wecom {

namespace {

constexpr std::int64_t kSystemBusy = -1;
constexpr std::int64_t kUnknownRequest = 846605;
constexpr std::int64_t kStreamExpired = 846608;
/// Too many a minute, too many at once; let go after the period.
constexpr std::array<std::int64_t, 2> kTooMany{45009, 45033};
/// No group of ours, no such chat, the chat is dissolved, another robot's.
constexpr std::array<std::int64_t, 6> kClosedChat{93001, 93006, 93008, 93019, 40050, 49008};
constexpr Milliseconds kBusyPause = std::chrono::seconds(10);
constexpr Milliseconds kRatePause = std::chrono::seconds(60);

template <std::size_t Count>
bool is_any(std::int64_t code, const std::array<std::int64_t, Count>& codes) {
  return std::ranges::find(codes, code) != codes.end();
}

}  // namespace

bool is_too_late_to_answer(const Ack& ack) noexcept {
  return ack.code == kUnknownRequest || ack.code == kStreamExpired;
}

bool is_busy(const Ack& ack) noexcept {
  return ack.code == kSystemBusy || is_any(ack.code, kTooMany);
}

SendOutcome outcome_of(const Ack& ack) {
  if (ack.code == 0) return Sent{};
  std::string reason = "errcode " + std::to_string(ack.code);
  if (!ack.message.empty()) reason += ": " + ack.message;
  if (ack.code == kSystemBusy) return NotSent{std::move(reason), kBusyPause};
  if (is_busy(ack)) return NotSent{std::move(reason), kRatePause};
  return Refused{std::move(reason), is_any(ack.code, kClosedChat)};
}

}  // namespace bot::wecom
