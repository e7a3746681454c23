#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bot/people/people.hpp"

/// What somebody outside the chat says of a person in a group: a row of a roster.
namespace bot::people {

/// What is empty or absent is left as it is.
struct Enrolment {
  Account who{};    ///< people are told apart by this alone, never by name
  Address group{};  ///< without a chat: in none
  std::string name{};
  std::string category{};
  std::string unit{};
  std::string birthday{};           ///< as in BirthdayRecord
  std::vector<std::string> tags{};  ///< come to those that the person has
  std::optional<Role> role{};
  std::optional<Instant> joined{};
  std::optional<Instant> left{};
};

enum class Taken { added, changed, unchanged };

/// Within a transaction. Added: the account was not on record, or the person not in that group.
Taken take(sql::Db& db, const Enrolment& row, Instant now);

/// Everybody who is on record in that group or has left it, by name, as take() would take it. A hidden
/// birthday is left out.
std::vector<Enrolment> enrolments(sql::Db& db, const Address& group);

}  // namespace bot::people
