#include "bot/desk/manners.hpp"

#include <chrono>

namespace bot {

namespace {

constexpr std::size_t kKeysRemembered = 20'000;
constexpr std::size_t kPeopleRemembered = 20'000;
constexpr auto kLongestMemory = std::chrono::hours(1);

std::string person_key(const Address& where, const std::string& user) {
  return where.account + '\n' + (where.direct ? "" : where.chat) + '\n' + user;
}

}  // namespace

bool Manners::first_time(const std::string& event_key) {
  if (!seen_.insert(event_key).second) return false;
  seen_order_.push_back(event_key);
  if (seen_order_.size() > kKeysRemembered) {
    seen_.erase(seen_order_.front());
    seen_order_.pop_front();
  }
  return true;
}

Manners::Verdict Manners::admit(const Address& where, const std::string& user, const std::string& command,
                                const std::string& said, SteadyTime now) {
  forget_old(now);
  Person& person = people_[person_key(where, user)];
  person.seen = now;
  if (now < person.ignored_until) return Verdict::ignore;

  const bool repeated =
      limits_.repeat && person.last_said == said && now - person.last_said_at < *limits_.repeat;
  if (repeated) return Verdict::ignore;
  person.last_said = said;
  person.last_said_at = now;

  const auto last = person.commands.find(command);
  const bool too_soon =
      limits_.cooldown && last != person.commands.end() && now - last->second < *limits_.cooldown;
  if (too_soon) return Verdict::ignore;
  person.commands[command] = now;

  if (!limits_.per_member) return Verdict::answer;
  while (!person.recent.empty() && now - person.recent.front() >= limits_.per_member->window) {
    person.recent.pop_front();
  }
  person.recent.push_back(now);
  if (static_cast<std::int64_t>(person.recent.size()) <= limits_.per_member->count) return Verdict::answer;
  person.recent.clear();
  if (limits_.ignore) person.ignored_until = now + *limits_.ignore;
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
  const auto is_old = [now](SteadyTime at) { return now - at > kLongestMemory; };
  if (people_.size() > kPeopleRemembered) {
    std::erase_if(people_, [&](const auto& entry) { return is_old(entry.second.seen); });
  }
  if (hints_.size() > kPeopleRemembered)
    std::erase_if(hints_, [&](const auto& e) { return is_old(e.second); });
  if (answers_.size() > kPeopleRemembered)
    std::erase_if(answers_, [&](const auto& e) { return is_old(e.second); });
}

}  // namespace bot
