#pragma once

#include <string>

#include "bot/chat/address.hpp"
#include "bot/desk/groups.hpp"
#include "bot/people/people.hpp"
#include "bot/people/role.hpp"

/// Who may do what. Decided when a command is executed, by our own tables and files (reliability X4).
namespace bot {

/// What the sender is in the group of that profile. Superadmins, and the admins that the group's file names,
/// whom nothing said in chat can put down; else what was given in the bot; else by the platform's list, whose
/// owner leads the group and whose admins run it. The role that a message claims only narrows: who is no
/// admin any more is none at once. Anonymous senders are nobody.
Role role_of(const Sender& sender, const std::string& account, const people::Record& record,
             const GroupProfile& group);

/// Whether the message claims more than the platform's latest list says: the list may be old.
bool claims_more(const Sender& sender, const people::Record& record) noexcept;

/// The group of that account whose file names the user as an admin, the first by chat; nullptr: none.
const GroupProfile* group_led_by(const std::string& user, const std::string& account,
                                 const GroupBook& groups);

}  // namespace bot
