#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/chat/address.hpp"
#include "bot/chat/event.hpp"
#include "bot/people/role.hpp"
#include "bot/store/migrate.hpp"

/// People, the accounts from which they speak, and the groups that they are in. One person may have several
/// accounts and be in several groups; two accounts are one person only when the person said so. What the
/// platform says of a member and what we know stand apart: the first is replaced whenever a list comes.
///
/// Plain functions on the open transaction; those that change something need a writing one. A group is given
/// as the chat in which it is heard.
namespace bot::people {

/// Row of a person; 0: not on record.
using PersonId = std::int64_t;

sql::Schema schema();

/// What is known of an account in a group.
struct Record {
  PersonId person = 0;
  std::string name{};                           ///< real name; empty: never told
  Sender::Role listed = Sender::Role::unknown;  ///< by the platform's latest list
  std::optional<Role> given{};                  ///< by somebody who may
  bool enrolled = false;                        ///< the person is on record as one of the group
};
Record look_up(sql::Db& db, const Address& group, const std::string& user);

/// Puts the sender on record, as one of the group, as far as that is missing. A group without a chat means
/// none: in private.
PersonId enrol(sql::Db& db, const Address& group, const Sender& sender, Instant now);

/// The group in which the person last did something; absent: in none of that account.
std::optional<Address> home(sql::Db& db, const std::string& account, const std::string& user);
/// From now on that is the group which the person means in private.
void set_home(sql::Db& db, const Address& group, PersonId person, Instant now);

/// The platform's list: new members are put on record, those who are missing have left, roles and names are
/// replaced.
void take_list(sql::Db& db, const Address& group, const MembersListed& list, Instant now);
/// Somebody came or went, as the platform says.
void came(sql::Db& db, const Address& group, const std::string& user, Instant now);
void went(sql::Db& db, const Address& group, const std::string& user, Instant now);
/// When the latest list of that group came.
std::optional<Instant> listed_at(sql::Db& db, const Address& group);

/// One of a group, as it may be shown: real name, else the group card, else the nickname, else the end of the
/// id (complaints C.19).
struct Listed {
  PersonId person = 0;
  std::string user{};  ///< an account of theirs in that group
  std::string shown{};
  bool named = false;  ///< `shown` is the real name
};
/// Those who are in the group now, by name. A person with two accounts in it stands here once.
std::vector<Listed> members(sql::Db& db, const Address& group);

}  // namespace bot::people
