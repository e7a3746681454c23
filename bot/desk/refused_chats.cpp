#include "bot/desk/refused_chats.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace bot {

namespace {

constexpr auto kTriedEvery = std::chrono::hours(24);
constexpr std::size_t kChatsRemembered = 20'000;

}  // namespace

void RefusedChats::began(const Address& chat, SteadyTime now) {
  const auto found = refusals_.find(chat);
  if (found == refusals_.end()) return;
  found->second.last_attempt = now;
  found->second.sign = false;
}

bool RefusedChats::refused(const Address& chat, std::string reason, SteadyTime now) {
  forget_old(now);
  const auto [entry, fresh] = refusals_.try_emplace(chat);
  entry->second.reason = std::move(reason);
  began(chat, now);
  return fresh;
}

bool RefusedChats::accepted(const Address& chat) {
  return refusals_.erase(chat) > 0;
}

void RefusedChats::heard(const Address& chat) {
  if (chat.direct) return restored(chat);
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

void RefusedChats::restored(const Address& chat) {
  refusals_.erase(chat);
}

SteadyTime RefusedChats::ready_at(const Address& chat, SteadyTime now) const {
  const auto found = refusals_.find(chat);
  if (found == refusals_.end()) return now;
  const Refusal& refusal = found->second;
  return refusal.sign ? std::max(now, refusal.last_attempt + kTriedEvery) : SteadyTime::max();
}

void RefusedChats::forget_old(SteadyTime now) {
  if (refusals_.size() < kChatsRemembered) return;
  std::erase_if(refusals_,
                [now](const auto& entry) { return now - entry.second.last_attempt >= kTriedEvery; });
}

}  // namespace bot
