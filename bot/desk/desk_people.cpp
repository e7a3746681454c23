// The part of the desk that learns who is in a group, and what they are there.
#include "bot/base/log.hpp"
#include "bot/desk/desk.hpp"
#include "bot/people/naming.hpp"

namespace bot {

namespace {

/// A list is asked for again after so long; between two lists the platform tells who comes and goes.
constexpr auto kListedEvery = std::chrono::hours(24);
/// Between two lists for the sake of somebody who claims to be more than the last one said.
constexpr auto kListedAgain = std::chrono::seconds(10);
/// How long a command waits for a list.
constexpr auto kPatience = std::chrono::seconds(15);
constexpr std::size_t kMostWaiting = 20;

}  // namespace

std::optional<Address> Desk::home_of(const Address& where, const std::string& user) const {
  if (!where.direct) return where;
  if (auto home = people::home(parts_.db, where.account, user)) return home;
  if (const GroupProfile* led = group_led_by(user, where.account, parts_.groups))
    return Address{led->account, led->chat, false};
  std::optional<Address> only;
  for (const KnownGroups::Entry& group : parts_.known.all()) {
    if (group.where.account != where.account) continue;
    if (only) return std::nullopt;
    only = group.where;
  }
  return only;
}

std::string Desk::name_of(const Sender& sender, const people::Record& record,
                          const GroupProfile& group) const {
  std::string name =
      people::shown({.real = record.name, .card = sender.name, .nickname = {}, .user = sender.id});
  if (!name.empty()) return name;
  return parts_.content->texts.render(group.language,
                                      Said{"core.tail", {{"tail", people::id_tail(sender.id)}}}, random_);
}

std::vector<std::string> Desk::mentioned_in(const Event& event, const MessagePosted& posted) const {
  const auto own = own_ids_.find(event.where.account);
  std::vector<std::string> users;
  for (const Segment& part : posted.message.parts()) {
    const auto* mention = std::get_if<Mention>(&part);
    if (mention != nullptr && (own == own_ids_.end() || mention->user != own->second))
      users.push_back(mention->user);
  }
  return users;
}

void Desk::want_members(const Address& group) {
  if (group.direct || !parts_.postman.capabilities(group).members) return;
  const SteadyTime now = parts_.clock.steady();
  const auto asked = members_asked_.find(group);
  if (asked != members_asked_.end() && now - asked->second < kListedEvery) return;
  members_asked_[group] = now;
  const auto listed = people::listed_at(parts_.db, group);
  if (!listed || parts_.clock.now() - *listed >= kListedEvery) parts_.postman.read_members(group);
}

/// An admin whom our list does not know yet need not ask twice: the command waits for a new list.
bool Desk::awaits_members(const Event& event, const MessagePosted& posted) {
  if (event.where.direct || made_up_) return false;
  if (!parts_.postman.capabilities(event.where).members) return false;
  if (!claims_more(posted.from, people::look_up(parts_.db, event.where, posted.from.id))) return false;
  const SteadyTime now = parts_.clock.steady();
  Waiting& waiting = waiting_[event.where];
  if (waiting.events.empty()) {
    const auto asked = members_asked_.find(event.where);
    const bool lately = asked != members_asked_.end() && now - asked->second < kListedAgain;
    if (lately) return false;
    members_asked_[event.where] = now;
    waiting.until = now + kPatience;
    parts_.postman.read_members(event.where);
  }
  if (waiting.events.size() < kMostWaiting) waiting.events.push_back(event);
  return true;
}

void Desk::learn_members(const Address& group, const MembersListed& listed, Work& work) {
  if (listed.failure.empty()) {
    MembersListed known = listed;
    std::erase_if(known.members,
                  [&](const MembersListed::Entry& entry) { return is_unknown_again(group, entry.user); });
    people::take_list(work.begin(), group, known, parts_.clock.now());
  } else {
    log::warning("members not listed",
                 {{"account", group.account}, {"chat", group.chat}, {"why", listed.failure}});
  }
  resume(group, work);
}

void Desk::resume(const Address& group, Work& work) {
  const auto found = waiting_.find(group);
  if (found == waiting_.end()) return;
  const std::vector<Event> events = std::move(found->second.events);
  waiting_.erase(found);
  for (const Event& event : events) {
    const auto& posted = std::get<MessagePosted>(event.what);
    const GroupProfile& profile = parts_.groups.find(event.where);
    if (auto understood = understand(event, posted, profile))
      act(event, posted, profile, std::move(*understood), work);
  }
}

void Desk::resume_late(Work& work) {
  const SteadyTime now = parts_.clock.steady();
  std::vector<Address> late;
  for (const auto& [group, waiting] : waiting_) {
    if (waiting.until <= now) late.push_back(group);
  }
  for (const Address& group : late) resume(group, work);
}

SteadyTime Desk::next_resume() const {
  SteadyTime next = SteadyTime::max();
  for (const auto& [group, waiting] : waiting_) next = std::min(next, waiting.until);
  return next;
}

}  // namespace bot
