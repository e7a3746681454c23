#include "bot/desk/manners.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace bot {

namespace {

constexpr std::size_t kKeysRemembered = 20'000;
constexpr auto kSweepEvery = std::chrono::seconds(60);
/// No person reads an answer and types the next command in less.
constexpr auto kMachineFast = std::chrono::seconds(2);
constexpr auto kRobotToldAgain = std::chrono::hours(24);

std::string person_key(const Address& where, const std::string& user) {
  return where.account + '\n' + (where.direct ? "" : where.chat) + '\n' + user;
}

}  // namespace

bool Manners::first_time(std::string_view event_key) {
  const std::uint64_t hash = std::hash<std::string_view>{}(event_key);
  if (!seen_.insert(hash).second) return false;
  seen_order_.push_back(hash);
  if (seen_order_.size() > kKeysRemembered) {
    seen_.erase(seen_order_.front());
    seen_order_.pop_front();
  }
  return true;
}

bool Manners::is_repeated(Person& person, const std::string& said, SteadyTime now) const {
  if (!limits_.repeat) return false;
  if (person.last_said == said && now - person.last_said_at < *limits_.repeat) return true;
  person.last_said = said;
  person.last_said_at = now;
  return false;
}

bool Manners::is_too_soon(Person& person, const std::string& command, SteadyTime now) const {
  if (!limits_.cooldown) return false;
  std::erase_if(person.commands, [&](const auto& last) { return now - last.second >= *limits_.cooldown; });
  const auto is_this = [&command](const auto& last) { return last.first == command; };
  if (std::ranges::any_of(person.commands, is_this)) return true;
  person.commands.emplace_back(command, now);
  return false;
}

bool Manners::is_too_much(Person& person, SteadyTime now) const {
  if (!limits_.per_member) return false;
  std::erase_if(person.recent, [&](SteadyTime at) { return now - at >= limits_.per_member->window; });
  person.recent.push_back(now);
  return static_cast<std::int64_t>(person.recent.size()) > limits_.per_member->count;
}

Manners::Verdict Manners::admit(const Address& where, const std::string& user, const std::string& command,
                                const std::string& said, SteadyTime now) {
  if (!limits_.cooldown && !limits_.repeat && !limits_.per_member) return Verdict::answer;
  forget_old(now);
  Person& person = people_[person_key(where, user)];
  person.seen = now;
  if (now < person.ignored_until || is_repeated(person, said, now) || is_too_soon(person, command, now)) {
    return Verdict::ignore;
  }
  if (!is_too_much(person, now)) return Verdict::answer;
  person.recent.clear();
  if (limits_.ignore) person.ignored_until = now + *limits_.ignore;
  return Verdict::tell_once;
}

void Manners::answered(const Address& where, const std::string& user, SteadyTime now) {
  if (!limits_.two_bots) return;
  forget_old(now);
  Exchange& exchange = exchanges_[person_key(where, user)];
  exchange.answered_at = now;
  exchange.taken_up = false;
}

Manners::Verdict Manners::as_robot(const Address& where, const std::string& user, SteadyTime now) {
  const auto found = exchanges_.find(person_key(where, user));
  if (!limits_.two_bots || found == exchanges_.end()) return Verdict::answer;
  Exchange& exchange = found->second;
  if (now < exchange.ignored_until) return Verdict::ignore;
  if (std::exchange(exchange.taken_up, true)) return Verdict::answer;
  if (now - exchange.answered_at < kMachineFast) {
    exchange.fast.push_back(now);
  } else {
    exchange.fast.clear();
  }
  std::erase_if(exchange.fast, [&](SteadyTime at) { return now - at >= limits_.two_bots->window; });
  if (static_cast<std::int64_t>(exchange.fast.size()) < limits_.two_bots->count) return Verdict::answer;
  exchange.fast.clear();
  exchange.ignored_until = now + limits_.ignore.value_or(limits_.two_bots->window);
  if (now < exchange.silent_until) return Verdict::ignore;
  exchange.silent_until = now + kRobotToldAgain;
  return Verdict::tell_once;
}

bool Manners::may_hint(const Address& where, const std::string& user, SteadyTime now) {
  if (!limits_.hint) return true;
  const auto [entry, fresh] = hints_.try_emplace(person_key(where, user), now);
  if (fresh) return true;
  if (now - entry->second < *limits_.hint) return false;
  entry->second = now;
  return true;
}

bool Manners::may_repeat(const Address& where, const std::string& answer, SteadyTime now) {
  if (!limits_.same_answer || where.direct) return true;
  const auto [entry, fresh] = answers_.try_emplace(where.account + '\n' + where.chat + '\n' + answer, now);
  if (fresh) return true;
  if (now - entry->second < *limits_.same_answer) return false;
  entry->second = now;
  return true;
}

void Manners::forget_old(SteadyTime now) {
  if (now < next_sweep_) return;
  next_sweep_ = now + kSweepEvery;
  const auto memory =
      std::max({SteadyTime::duration(limits_.cooldown.value_or(Milliseconds{0})),
                SteadyTime::duration(limits_.repeat.value_or(Milliseconds{0})),
                SteadyTime::duration(limits_.per_member ? limits_.per_member->window : Milliseconds{0}),
                SteadyTime::duration(kSweepEvery)});
  std::erase_if(people_, [&](const auto& entry) {
    return now - entry.second.seen > memory && now >= entry.second.ignored_until;
  });
  std::erase_if(exchanges_, [&](const auto& entry) {
    const Milliseconds window = limits_.two_bots ? limits_.two_bots->window : Milliseconds(0);
    const SteadyTime needed = std::max(entry.second.ignored_until, entry.second.silent_until);
    return now - entry.second.answered_at > window && now >= needed;
  });
  std::erase_if(hints_,
                [&](const auto& e) { return now - e.second > limits_.hint.value_or(Milliseconds{0}); });
  std::erase_if(answers_, [&](const auto& e) {
    return now - e.second > limits_.same_answer.value_or(Milliseconds{0});
  });
}

}  // namespace bot
