#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bot/store/sql.hpp"

/// What the tables hold about people, as data: whoever makes a table declares it, and what is shown to a
/// person, erased for a person and told about retention is read from the declarations.
namespace bot::sql {

/// What a column has of a person.
enum class Names {
  person,        ///< the row of the person, an {int}
  user,          ///< the platform's user id, beside a column `account`
  private_chat,  ///< nothing itself: the row's `chat` is the user id where `direct` is 1, beside `account`
  inside,        ///< account and user id somewhere in the text, see PersonalTable::pattern
  name,          ///< what the person is called, somewhere in the text
};

/// One column by which rows of a table are somebody's.
struct PersonalTable {
  std::string table{};
  std::string column{};
  Names names = Names::user;
  std::string what{};                ///< the sentence that heads such rows; empty: they are not shown
  std::vector<std::string> shown{};  ///< columns; times are called "at", "since" or end in "_at"
  /// What erasing sets, such as "member = {pseudonym}, name = ''"; empty: the rows are deleted.
  std::string left{};
  std::string only{};         ///< a further condition on the rows that erasing reaches
  std::string pattern{};      ///< with {account} and {user}; % stands for anything
  std::chrono::days kept{0};  ///< 0: as long as the person is in the group
};

/// Somebody, as the tables name him or her.
struct Subject {
  std::int64_t person = 0;                                      ///< 0: not on record
  std::vector<std::pair<std::string, std::string>> accounts{};  ///< account and user id
  std::set<std::string> called{};
};

/// The columns `shown` of all rows of the subject.
Rows rows_of(Db& db, const PersonalTable& table, const Subject& subject);
/// Within a transaction: deletes them, or sets what is left. How many rows.
std::int64_t erase(Db& db, const PersonalTable& table, const Subject& subject, const std::string& pseudonym);
/// Everybody whom the tables name by account and user id.
std::set<std::pair<std::string, std::string>> everybody(Db& db, const std::vector<PersonalTable>& tables);

/// A column of rows_of() as text; times stay milliseconds.
std::string printed(const Value& value);

}  // namespace bot::sql
