#include "bot/desk/pace.hpp"

#include <algorithm>

namespace bot {

namespace {

constexpr std::size_t kChatsRemembered = 20'000;

}  // namespace

Bucket::Bucket(const Rate& rate, SteadyTime now)
    : per_token_(std::chrono::nanoseconds(rate.window) / std::max<std::int64_t>(rate.count, 1)),
      burst_(std::chrono::nanoseconds(rate.window)),
      empty_until_(now - burst_) {}

SteadyTime Bucket::ready_at(SteadyTime now) const {
  const SteadyTime level = std::max(empty_until_, now - burst_);
  return level + per_token_;
}

void Bucket::spend(SteadyTime now) {
  empty_until_ = ready_at(now);
}

bool Bucket::full(SteadyTime now) const {
  return empty_until_ + burst_ <= now;
}

SteadyTime Pace::account_ready_at(const std::string& account, SteadyTime now) const {
  const auto found = accounts_.find(account);
  return found == accounts_.end() ? now : found->second.ready_at(now);
}

SteadyTime Pace::chat_ready_at(const Address& chat, SteadyTime now) const {
  const auto found = chats_.find(chat);
  return found == chats_.end() ? now : found->second.ready_at(now);
}

void Pace::spend(const Address& chat, SteadyTime now) {
  if (per_account_) accounts_.try_emplace(chat.account, *per_account_, now).first->second.spend(now);
  if (!per_chat_) return;
  forget_idle(now);
  chats_.try_emplace(chat, *per_chat_, now).first->second.spend(now);
}

void Pace::forget_idle(SteadyTime now) {
  if (chats_.size() < kChatsRemembered) return;
  std::erase_if(chats_, [now](const auto& entry) { return entry.second.full(now); });
}

}  // namespace bot
