#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bot/people/people.hpp"

/// How a group sorts its people: tags (新入职, 90后, 党小组二), of which one may have several, and one
/// category (党员, 积极分子, 群众), both in the group's own words.
namespace bot::people {

/// At most 12 characters, plain words.
bool fit_for_label(std::string_view text);

struct Label {
  std::string name{};
  std::int64_t count = 0;  ///< of people who are in the group now
};
/// By how often they are given.
std::vector<Label> tags(sql::Db& db, const Address& group);
std::vector<Label> categories(sql::Db& db, const Address& group);

std::vector<std::string> tags_of(sql::Db& db, const Address& group, PersonId person);
/// A tag that the group writes otherwise ("90 后") is the same one. False when nothing changed, or the person
/// has twenty.
bool add_tag(sql::Db& db, const Address& group, PersonId person, const std::string& tag);
bool remove_tag(sql::Db& db, const Address& group, PersonId person, const std::string& tag);
/// Everybody who has that tag.
std::set<PersonId> tagged(sql::Db& db, const Address& group, const std::string& tag);

/// Empty: none.
std::string category_of(sql::Db& db, const Address& group, PersonId person);
void set_category(sql::Db& db, const Address& group, PersonId person, const std::string& category);

}  // namespace bot::people
