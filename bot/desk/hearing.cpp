#include "bot/desk/hearing.hpp"

#include <algorithm>
#include <utility>

#include "bot/base/utf8.hpp"

namespace bot {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kMostGroups = 20'000;
constexpr std::size_t kWatchedGroups = 2;  // of one account, in turn
constexpr int kManyGaps = 3;
constexpr Milliseconds kShortestPatience = seconds(60);
constexpr Milliseconds kLongestPatience = minutes(4);  // so that deafness is told within five minutes
constexpr Milliseconds kBetweenCanaries = minutes(2);
constexpr Milliseconds kBetweenHopelessCanaries = hours(1);
constexpr int kHopeless = 3;
constexpr Milliseconds kNewer = seconds(30);
constexpr Milliseconds kOnItsWay = seconds(30);
constexpr Milliseconds kStable = seconds(60);
constexpr Milliseconds kShortestSilence = minutes(30);
constexpr int kVeryManyGaps = 20;
constexpr int kManySilences = 3;
constexpr std::size_t kLongestReason = 100;  // characters

Milliseconds between(SteadyTime from, SteadyTime to) {
  return std::chrono::duration_cast<Milliseconds>(to - from);
}

std::string_view name_of(HearingChange::What what) {
  switch (what) {
    case HearingChange::What::down:
      return "down";
    case HearingChange::What::deaf:
      return "deaf";
    case HearingChange::What::silent:
      break;
  }
  return "silent";
}

std::string key_of(const HearingChange& change) {
  switch (change.what) {
    case HearingChange::What::down:
      return change.over ? "alarm.down_over" : "alarm.down";
    case HearingChange::What::deaf:
      return change.over ? "alarm.deaf_over" : "alarm.deaf";
    case HearingChange::What::silent:
      break;
  }
  return change.over ? "alarm.silent_over" : "alarm.silent";
}

}  // namespace

Alarm alarm_of(const HearingChange& change) {
  return {std::string(name_of(change.what)), change.account, {}, change.over};
}

Said said_of(const HearingChange& change) {
  const std::int64_t lasted = std::chrono::round<minutes>(change.lasted).count();
  Said said{key_of(change),
            {{"account", change.account},
             {"chat", change.where.chat},
             {"reason", std::string(utf8::cut(change.reason, kLongestReason))}}};
  said.values.set("minutes", std::max<std::int64_t>(lasted, 1));
  return said;
}

// ---- what is told to it ---------------------------------------------------------------------------------

void Hearing::link_down(const std::string& account, const std::string& reason) {
  Ear& ear = ears_[account];
  ear.up = false;
  ear.missed.reset();
  ear.reason = reason;
  if (!ear.down_since) ear.down_since = clock_.steady();
}

void Hearing::link_up(const std::string& account) {
  Ear& ear = ears_[account];
  ear.up = true;
  ear.up_since = clock_.steady();
  ear.last = ear.up_since;
  ear.canary.reset();
  ++ear.link;
}

void Hearing::joined(const Address& where) {
  if (!where.direct) group(ears_[where.account], where);
}

void Hearing::left(const Address& where) {
  const auto ear = ears_.find(where.account);
  if (ear != ears_.end()) groups_ -= ear->second.groups.erase(where.chat);
}

void Hearing::heard(const Address& where, Instant at) {
  const SteadyTime now = clock_.steady();
  Ear& ear = ears_[where.account];
  if (!where.direct) {
    Group& here = group(ear, where);
    if (here.heard && here.link == ear.link && !ear.told) here.gap.add(between(here.last, now));
    here.newest = here.link == ear.link && here.newest ? std::max(*here.newest, at) : at;
    here.link = ear.link;
    here.last = now;
    here.heard = true;
  }
  const Milliseconds silence = between(ear.last, now);
  if (ear.up && !ear.told) ear.hours.add(clock_.now() - silence, clock_.now());
  ear.last = now;
  ear.missed.reset();
  if (!ear.told) return;
  HearingChange over = *std::exchange(ear.told, std::nullopt);
  over.over = true;
  over.lasted = between(ear.told_from, now);
  changes_.push_back(std::move(over));
}

Hearing::Group& Hearing::group(Ear& ear, const Address& where) {
  const auto known = ear.groups.find(where.chat);
  if (known != ear.groups.end()) return known->second;
  if (groups_ >= kMostGroups) forget_the_quietest();
  ++groups_;
  Group& added = ear.groups[where.chat];
  added.last = clock_.steady();
  return added;
}

// Half of them at once, so that a flood of groups does not cost a search for each.
void Hearing::forget_the_quietest() {
  std::vector<SteadyTime> last;
  for (const auto& [account, ear] : ears_) {
    for (const auto& [chat, group] : ear.groups) last.push_back(group.last);
  }
  const auto middle = last.begin() + static_cast<std::ptrdiff_t>(last.size() / 2);
  std::ranges::nth_element(last, middle);
  for (auto& [account, ear] : ears_) {
    groups_ -= std::erase_if(ear.groups, [&](const auto& each) { return each.second.last <= *middle; });
  }
}

// ---- canaries -------------------------------------------------------------------------------------------

std::vector<std::pair<Milliseconds, std::string>> Hearing::liveliest(const Ear& ear) {
  std::vector<std::pair<Milliseconds, std::string>> groups;
  for (const auto& [chat, group] : ear.groups) groups.emplace_back(group.gap.value(), chat);
  const auto watched = static_cast<std::ptrdiff_t>(std::min(groups.size(), kWatchedGroups));
  std::ranges::partial_sort(groups, groups.begin() + watched);
  groups.resize(static_cast<std::size_t>(watched));
  return groups;
}

// After a connect nobody knows yet where each history stood, so the first look is not put off.
Milliseconds Hearing::patience(const Ear& ear) {
  if (!ear.canary) return kShortestPatience;
  const auto groups = liveliest(ear);
  if (groups.empty()) return kLongestPatience;
  return std::clamp(groups.front().first * kManyGaps, kShortestPatience, kLongestPatience);
}

SteadyTime Hearing::next_canary(const Ear& ear) {
  if (!ear.up || ear.groups.empty()) return SteadyTime::max();
  const SteadyTime silent = ear.last + patience(ear);
  if (!ear.canary) return silent;
  const bool hopeless = ear.failed_canaries >= kHopeless;
  return std::max(silent, *ear.canary + (hopeless ? kBetweenHopelessCanaries : kBetweenCanaries));
}

std::string Hearing::next_to_ask(const Ear& ear) {
  const auto flown = [&](const auto& each) { return ear.groups.at(each.second).canary; };
  const auto groups = liveliest(ear);
  return std::ranges::min_element(groups, {}, flown)->second;
}

std::vector<Address> Hearing::suspects() {
  const SteadyTime now = clock_.steady();
  std::vector<Address> asked;
  for (auto& [account, ear] : ears_) {
    if (now < ear.last + kShortestPatience || now < next_canary(ear)) continue;
    const std::string chat = next_to_ask(ear);
    ear.groups.at(chat).canary = now;
    ear.canary = now;
    asked.push_back(Address{account, chat, false});
  }
  return asked;
}

void Hearing::canary_answered(const Address& where, std::optional<Instant> newest) {
  Ear& ear = ears_[where.account];
  ear.failed_canaries = 0;
  ear.history = true;
  if (!ear.up || !newest) return;
  Group& here = group(ear, where);
  if (here.link != ear.link || !here.newest) {
    here.newest = newest;
    here.link = ear.link;
  } else if (*newest > *here.newest + kNewer && !ear.missed) {
    ear.missed = Missed{where, clock_.steady()};
  }
}

void Hearing::canary_failed(const Address& where) {
  Ear& ear = ears_[where.account];
  ++ear.failed_canaries;
  ear.history = false;
}

// ---- what it tells --------------------------------------------------------------------------------------

std::vector<HearingChange> Hearing::changes() {
  for (auto& [account, ear] : ears_) {
    look_at_link(account, ear);
    look_for_deafness(account, ear);
    look_for_silence(account, ear);
  }
  return std::exchange(changes_, {});
}

void Hearing::look_at_link(const std::string& account, Ear& ear) {
  const SteadyTime now = clock_.steady();
  if (!ear.down_since) return;
  HearingChange change{.what = HearingChange::What::down,
                       .over = ear.up,
                       .account = account,
                       .lasted = between(*ear.down_since, ear.up ? ear.up_since : now),
                       .reason = ear.reason};
  if (ear.up && now >= ear.up_since + kStable) {
    ear.down_since.reset();
    if (std::exchange(ear.told_down, false)) changes_.push_back(std::move(change));
  } else if (!ear.up && !ear.told_down && change.lasted >= alarm_after_) {
    ear.told_down = true;
    changes_.push_back(std::move(change));
  }
}

void Hearing::look_for_deafness(const std::string& account, Ear& ear) {
  if (!ear.missed || ear.told || clock_.steady() < ear.missed->since + kOnItsWay) return;
  tell(ear, {.what = HearingChange::What::deaf, .account = account, .where = ear.missed->where});
}

// The silence of a night is not unusual yet when the morning begins: it has to reach well into it.
std::optional<Milliseconds> Hearing::unusual_silence(const Ear& ear) const {
  const auto groups = liveliest(ear);
  if (groups.empty()) return std::nullopt;
  const Milliseconds shortest = std::max(kShortestSilence, groups.front().first * kVeryManyGaps);
  const auto now = ear.hours.usual(clock_.now());
  const auto before = ear.hours.usual(clock_.now() - shortest);
  if (!now || !before) return std::nullopt;
  return std::max(shortest, std::max(*now, *before) * kManySilences);
}

void Hearing::look_for_silence(const std::string& account, Ear& ear) {
  if (!ear.up || ear.history || ear.told) return;
  const Milliseconds silence = between(ear.last, clock_.steady());
  if (silence <= kShortestSilence) return;
  const auto unusual = unusual_silence(ear);
  if (!unusual || silence <= *unusual) return;
  tell(ear, {.what = HearingChange::What::silent, .account = account});
}

void Hearing::tell(Ear& ear, HearingChange change) {
  change.lasted = between(ear.last, clock_.steady());
  ear.told = change;
  ear.told_from = ear.last;
  changes_.push_back(std::move(change));
}

SteadyTime Hearing::next_check() const {
  SteadyTime next = SteadyTime::max();
  for (const auto& [account, ear] : ears_) {
    if (ear.down_since && ear.up) next = std::min(next, ear.up_since + kStable);
    if (ear.down_since && !ear.up && !ear.told_down) next = std::min(next, *ear.down_since + alarm_after_);
    if (ear.missed && !ear.told) next = std::min(next, ear.missed->since + kOnItsWay);
    if (!ear.up) continue;
    // While it is heard, the groups need not be compared for every message.
    const SteadyTime soonest = ear.last + kShortestPatience;
    next = std::min(next, soonest > clock_.steady() ? soonest : next_canary(ear));
  }
  return next;
}

}  // namespace bot
