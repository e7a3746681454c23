#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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

/// One of a group, as it may be shown.
struct Listed {
  PersonId person = 0;
  std::string user{};      ///< an account of theirs in that group
  std::string shown{};     ///< by the rule of naming.hpp; empty: only the id is known
  bool named = false;      ///< `shown` is the real name
  bool ambiguous = false;  ///< others of the list are called the same
  bool guest = false;      ///< their own group is another one
  std::string card{};      ///< what the group calls them; may be empty
  std::string category{};  ///< such as "党员"; may be empty
};
/// Those who are in the group now, by name. A person with two accounts in it stands here once.
std::vector<Listed> members(sql::Db& db, const Address& group);
/// Those of them who are meant by a name: the name as shown, the card, or the user id.
std::vector<Listed> members_named(sql::Db& db, const Address& group, std::string_view name);

/// The groups in which the person is on record and has not left, by chat.
std::vector<Address> groups_of(sql::Db& db, PersonId person);
/// The group to which the person belongs; he or she is a guest in the others. Absent: nobody said.
std::optional<Address> own_group(sql::Db& db, PersonId person);
void set_own_group(sql::Db& db, const Address& group, PersonId person);

/// How the person is known to the platform.
struct Account {
  std::string account{};
  std::string user{};
  bool operator==(const Account&) const = default;
};
std::vector<Account> accounts_of(sql::Db& db, PersonId person);
/// When the person came to that group; absent: the platform has not listed him or her there.
std::optional<Instant> joined_at(sql::Db& db, const Address& group, PersonId person);

/// Birthdays are kept as schedules/phrase_birthday.hpp writes them; empty: never told.
struct BirthdayRecord {
  std::string day{};
  bool hidden = false;  ///< nobody else may learn it
};
BirthdayRecord birthday_of(sql::Db& db, PersonId person);
void set_birthday(sql::Db& db, PersonId person, const BirthdayRecord& birthday);

}  // namespace bot::people
