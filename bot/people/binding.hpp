#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bot/base/random.hpp"
#include "bot/people/people.hpp"

/// Two accounts become one person: by a code that one gives and the other types, both in private, and never
/// by their names (features D21).
namespace bot::people {

/// How long a code is good for, and how long a binding can be taken back.
inline constexpr auto kCodeValid = std::chrono::minutes(10);
inline constexpr auto kUnbindWithin = std::chrono::minutes(10);

/// Six digits, of which only a salted hash is kept. An earlier code of the account is void.
std::string new_code(sql::Db& db, const Account& account, PersonId person, Random& random, Instant now);

struct Tried {
  enum class Verdict {
    fits,
    wrong,     ///< no code, or none any more, or another account has used it
    too_often  ///< five wrong ones in an hour: nothing was compared
  };
  Verdict verdict = Verdict::wrong;
  PersonId person = 0;  ///< who gave the code
};
/// What fits can be tried again by the same account alone, while the code is valid.
Tried try_code(sql::Db& db, const Account& account, const std::string& code, Instant now);

/// The person `from` becomes `into`: accounts, groups and tags come along, and what both have stays as `into`
/// has it. Of two roles given in one group the lower stays. Tables of features are not touched.
void bind(sql::Db& db, PersonId into, PersonId from, Instant now);

/// Takes the latest bind() back, if it was within kUnbindWithin. Returns the accounts that are another person
/// again; empty: there was nothing to take back.
std::vector<Account> unbind(sql::Db& db, PersonId person, Instant now);

}  // namespace bot::people
