#include "bot/desk/rights.hpp"

#include <algorithm>

namespace bot {

namespace {

bool names(const std::vector<std::string>& people, const std::string& user) {
  return std::ranges::find(people, user) != people.end();
}

Role by_platform(Sender::Role listed) noexcept {
  switch (listed) {
    case Sender::Role::owner:
      return Role::secretary;
    case Sender::Role::admin:
      return Role::manager;
    case Sender::Role::member:
    case Sender::Role::unknown:
      break;
  }
  return Role::member;
}

}  // namespace

Role role_of(const Sender& sender, const std::string& account, const people::Record& record,
             const GroupProfile& group) {
  if (sender.anonymous || sender.id.empty()) return Role::nobody;
  if (names(group.superadmins, account + ":" + sender.id)) return Role::superadmin;
  if (names(group.admins, sender.id)) return Role::secretary;
  if (record.given) return *record.given;
  const bool put_down = sender.role != Sender::Role::unknown && sender.role < record.listed;
  return by_platform(put_down ? sender.role : record.listed);
}

bool claims_more(const Sender& sender, const people::Record& record) noexcept {
  return sender.role > Sender::Role::member && sender.role > record.listed && !record.given;
}

const GroupProfile* group_led_by(const std::string& user, const std::string& account,
                                 const GroupBook& groups) {
  const GroupProfile* led = nullptr;
  for (const GroupProfile& group : groups.own()) {
    const bool better = led == nullptr || group.chat < led->chat;
    if (group.account == account && names(group.admins, user) && better) led = &group;
  }
  return led;
}

}  // namespace bot
