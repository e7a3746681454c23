#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bot/people/people.hpp"

/// What people are called: the one rule by which they are shown, real names, and what they were called before
/// (complaints C.19).
namespace bot::people {

struct Names {
  std::string real{};      ///< told by the person or an admin
  std::string card{};      ///< what the group calls the person
  std::string nickname{};  ///< what the person calls himself or herself
  std::string user{};      ///< the platform's id
};
/// 实名 > 群名片 > 昵称: the first that shows something, as it may stand in a message
/// (bot/chat/shown_name.hpp). Empty when nothing but the id is known: then id_tail() and a word for it.
std::string shown(const Names& names);
/// The last four characters of an id.
std::string id_tail(std::string_view user);

/// At most 16 characters in one line, with a letter among them, without marks that other programs take for
/// more than text.
bool fit_for_name(std::string_view text);

struct Renaming {
  enum class Result {
    done,
    same,     ///< it was that already
    too_soon  ///< it was changed within the last day
  };
  Result result = Result::done;
  /// Groups in which somebody else has the same or a look-alike real name, and whose admins were not told.
  std::vector<Address> namesakes{};
};
/// Sets the real name. The person may mend it for some minutes, and then again after a day; `freely`: at
/// once.
Renaming rename(sql::Db& db, PersonId person, const std::string& name, Instant now, bool freely);
/// "" when it was never told.
std::string real_name(sql::Db& db, PersonId person);

struct FormerName {
  std::string name{};
  Address group{};  ///< whose card it was; without a chat: the real name
  Instant until{};
};
/// The latest first.
std::vector<FormerName> former_names(sql::Db& db, PersonId person);
void keep_former_name(sql::Db& db, PersonId person, const Address& group, const std::string& name,
                      Instant until);

}  // namespace bot::people
