#include "bot/desk/refused_chats.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace bot {

namespace {

constexpr auto kTriedEvery = std::chrono::hours(24);
/// Of a shorter mute nobody has to know.
constexpr auto kWorthTelling = std::chrono::minutes(10);
constexpr std::size_t kChatsRemembered = 20'000;

}  // namespace

void RefusedChats::began(const Address& chat, SteadyTime now) {
  const auto found = refusals_.find(chat);
  if (found == refusals_.end()) return;
  found->second.last_attempt = now;
  found->second.sign = false;
  if (found->second.until && *found->second.until <= now) found->second.until.reset();
}

bool RefusedChats::refused(const Address& chat, std::string reason, SteadyTime now) {
  forget_old(now);
  Refusal& refusal = refusals_[chat];
  refusal.reason = std::move(reason);
  began(chat, now);
  // Within an announced mute it is no news.
  const bool tell = !refusal.told && !refusal.until;
  refusal.told = refusal.told || tell;
  return tell;
}

bool RefusedChats::accepted(const Address& chat) {
  const auto found = refusals_.find(chat);
  // What arrived had left before the mute.
  const bool mute_goes_on = found != refusals_.end() && found->second.until;
  return !mute_goes_on && restored(chat);
}

bool RefusedChats::muted(const Address& chat, SteadyTime until, SteadyTime now) {
  forget_old(now);
  Refusal& refusal = refusals_[chat];
  refusal.until = until;
  refusal.last_attempt = now;
  const bool tell = !refusal.told && until - now >= kWorthTelling;
  refusal.told = refusal.told || tell;
  return tell;
}

void RefusedChats::end_mutes(SteadyTime now) {
  std::erase_if(refusals_, [now](const auto& entry) {
    const Refusal& refusal = entry.second;
    return refusal.until && *refusal.until <= now;
  });
}

bool RefusedChats::removed(const Address& chat, SteadyTime now) {
  forget_old(now);
  Refusal& refusal = refusals_[chat];
  const bool tell = !refusal.absent;
  refusal = Refusal{{}, now, false, true, true, {}};
  return tell;
}

void RefusedChats::heard(const Address& chat) {
  if (chat.direct) {
    restored(chat);
    return;
  }
  const auto found = refusals_.find(chat);
  if (found != refusals_.end()) found->second.sign = true;
}

void RefusedChats::listed(const std::string& account, const std::set<std::string>& chats) {
  const auto is_back = [&](const auto& entry) {
    const auto& [chat, refusal] = entry;
    return chat.account == account && !chat.direct && refusal.absent && chats.contains(chat.chat);
  };
  std::erase_if(refusals_, is_back);
  for (auto& [chat, refusal] : refusals_) {
    if (chat.account != account || chat.direct) continue;
    refusal.absent = !chats.contains(chat.chat);
    refusal.sign = !refusal.absent;
  }
}

bool RefusedChats::restored(const Address& chat) {
  const auto refusal = refusals_.extract(chat);
  return !refusal.empty() && refusal.mapped().told;
}

bool RefusedChats::group_unmuted(const Address& chat) {
  const auto found = refusals_.find(chat);
  const bool for_another_reason = found != refusals_.end() && (found->second.until || found->second.absent);
  return !for_another_reason && restored(chat);
}

SteadyTime RefusedChats::ready_at(const Address& chat, SteadyTime now) const {
  const auto found = refusals_.find(chat);
  if (found == refusals_.end()) return now;
  const Refusal& refusal = found->second;
  if (refusal.until) return std::max(now, *refusal.until);
  return refusal.sign ? std::max(now, refusal.last_attempt + kTriedEvery) : SteadyTime::max();
}

void RefusedChats::forget_old(SteadyTime now) {
  if (refusals_.size() < kChatsRemembered) return;
  std::erase_if(refusals_,
                [now](const auto& entry) { return now - entry.second.last_attempt >= kTriedEvery; });
}

}  // namespace bot
