#pragma once

#include <string>
#include <vector>

#include "bot/store/sql.hpp"
#include "tests/faults/judge.hpp"

namespace faults {

/// What is wrong, a sentence each.
using Findings = std::vector<std::string>;

/// What one judge knows.
struct Record {
  std::vector<Accepted> accepted{};
  std::vector<Call> calls{};
};

/// Joins the judges' lists with the rows of a database that nobody writes any more (reliability B.2):
/// no row is left open and every occurrence has its end (P2); each row was accepted at most once, and as
/// often as it says (P3), a labelled resend only where nobody could vouch for the first; the attempt stood in
/// the database before the platform heard of it (P4); no attempt began before the one before it was decided
/// (P6); one send was in flight at a time; and the file is whole.
Findings examine(bot::sql::Db& db, const std::vector<Record>& records);

}  // namespace faults
