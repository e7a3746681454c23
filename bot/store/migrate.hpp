#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/store/personal.hpp"
#include "bot/store/sql.hpp"

namespace bot::sql {

/// One step of a feature's tables. Steps of an owner count from 1 without gaps and never change once shipped.
struct SchemaStep {
  std::int64_t version = 0;
  std::string sql{};  ///< statements separated by `;`, words as in dialect.hpp
};

struct Schema {
  std::string owner{};
  std::vector<SchemaStep> steps{};
  std::vector<PersonalTable> personal{};  ///< what of it is about people; a test finds what is not declared
};

/// The declarations of all, in their order.
std::vector<PersonalTable> personal_tables(const std::vector<Schema>& schemas);

/// Brings every owner's tables up to date, each step in one transaction, so that a kill leaves the old or the
/// new state (reliability S6). Throws SqlError, with a sentence for the operator and before changing
/// anything, when the database was written by a newer program or a shipped step was edited.
void migrate(Db& db, const std::vector<Schema>& schemas, Instant now);

/// Throws as migrate() would, and only looks. The database has been migrated once, by whatever version.
void refuse_newer(Db& db, const std::vector<Schema>& schemas);

}  // namespace bot::sql
