#include "bot/desk/pace.hpp"

#include <algorithm>
#include <utility>

namespace bot {

namespace {

constexpr std::size_t kChatsRemembered = 20'000;
constexpr Milliseconds kShortestHold = std::chrono::seconds(1);
constexpr Milliseconds kLongestHold = std::chrono::minutes(15);

}  // namespace

Bucket::Bucket(const Rate& rate, SteadyTime now)
    : per_token_(std::chrono::nanoseconds(rate.window) / std::max<std::int64_t>(rate.count, 1)),
      burst_(std::chrono::nanoseconds(rate.window)),
      empty_until_(now - burst_) {}

SteadyTime Bucket::ready_at(SteadyTime now, std::int64_t reserve) const {
  const SteadyTime level = std::max(empty_until_, now - burst_);
  return level + per_token_ * (1 + reserve);
}

void Bucket::spend(SteadyTime now) {
  empty_until_ = ready_at(now);
}

bool Bucket::full(SteadyTime now) const {
  return empty_until_ + burst_ <= now;
}

SteadyTime Window::ready_at(SteadyTime now) const {
  return static_cast<std::int64_t>(spent_.size()) < rate_.count ? now : spent_.front() + rate_.window;
}

void Window::spend(SteadyTime now) {
  if (static_cast<std::int64_t>(spent_.size()) >= rate_.count) spent_.pop_front();
  spent_.push_back(now);
}

bool Window::full(SteadyTime now) const {
  return spent_.empty() || spent_.back() + rate_.window <= now;
}

Pace::Share::Share(const std::optional<Rate>& own_rate, const std::vector<Rate>& cap_rates, SteadyTime now)
    : caps(cap_rates.begin(), cap_rates.end()), not_before(now) {
  if (own_rate) own.emplace(*own_rate, now);
}

SteadyTime Pace::Share::ready_at(SteadyTime now, std::int64_t reserve) const {
  SteadyTime ready = std::max(now, not_before);
  if (own) ready = std::max(ready, own->ready_at(now, reserve));
  for (const Window& cap : caps) ready = std::max(ready, cap.ready_at(now));
  return ready;
}

void Pace::Share::spend(SteadyTime now) {
  if (own) own->spend(now);
  for (Window& cap : caps) cap.spend(now);
}

void Pace::Share::hold(Milliseconds retry_after, SteadyTime now) {
  not_before = std::max(not_before, now + std::clamp(retry_after, kShortestHold, kLongestHold));
}

bool Pace::Share::full(SteadyTime now) const {
  return not_before <= now && (!own || own->full(now)) &&
         std::ranges::all_of(caps, [now](const Window& cap) { return cap.full(now); });
}

Pace::Pace(std::optional<Rate> per_chat, std::optional<Rate> per_account)
    : per_chat_(per_chat), per_account_(per_account), sweep_at_(kChatsRemembered) {}

Pace::Pace(const Limits& limits, Random random) : Pace(limits.per_group, limits.per_account) {
  if (per_account_) reserve_ = per_account_->count * limits.reserve.value_or(0) / 100;
  jitter_ = limits.jitter.value_or(Milliseconds(0));
  random_ = std::move(random);
}

void Pace::cap(const std::string& account, const PlatformCaps& caps) {
  caps_[account] = caps;
}

SteadyTime Pace::ready_at(const Address& chat, Priority priority, SteadyTime now) const {
  return std::max(account_ready_at(chat.account, now, priority), chat_ready_at(chat, now));
}

SteadyTime Pace::account_ready_at(const std::string& account, SteadyTime now, Priority priority) const {
  const auto found = accounts_.find(account);
  if (found == accounts_.end()) return now;
  return found->second.ready_at(now, priority == Priority::push ? reserve_ : 0);
}

SteadyTime Pace::chat_ready_at(const Address& chat, SteadyTime now) const {
  const auto found = chats_.find(chat);
  return found == chats_.end() ? now : found->second.ready_at(now, 0);
}

void Pace::spend(const Address& chat, SteadyTime now) {
  Share& account = account_share(chat.account, now);
  account.spend(now);
  const auto most = static_cast<std::uint64_t>(jitter_.count());
  const Milliseconds pause(most == 0 ? 0 : static_cast<std::int64_t>(random_.below(most + 1)));
  account.not_before = std::max(account.not_before, now + pause);
  if (per_chat_ || !caps_of(chat.account).per_chat.empty()) chat_share(chat, now).spend(now);
}

void Pace::hold_account(const std::string& account, Milliseconds retry_after, SteadyTime now) {
  account_share(account, now).hold(retry_after, now);
}

void Pace::hold_chat(const Address& chat, Milliseconds retry_after, SteadyTime now) {
  chat_share(chat, now).hold(retry_after, now);
}

const PlatformCaps& Pace::caps_of(const std::string& account) const {
  static const PlatformCaps none;
  const auto found = caps_.find(account);
  return found == caps_.end() ? none : found->second;
}

Pace::Share& Pace::account_share(const std::string& account, SteadyTime now) {
  return accounts_.try_emplace(account, per_account_, caps_of(account).per_account, now).first->second;
}

Pace::Share& Pace::chat_share(const Address& chat, SteadyTime now) {
  forget_idle(now);
  return chats_.try_emplace(chat, per_chat_, caps_of(chat.account).per_chat, now).first->second;
}

void Pace::forget_idle(SteadyTime now) {
  if (chats_.size() < sweep_at_) return;
  std::erase_if(chats_, [now](const auto& entry) { return entry.second.full(now); });
  sweep_at_ = std::max(kChatsRemembered, 2 * chats_.size());
}

}  // namespace bot
