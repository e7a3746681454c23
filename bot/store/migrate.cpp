#include "bot/store/migrate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "bot/store/dialect.hpp"

namespace bot::sql {

namespace {

/// FNV-1a: stable over platforms and versions, which std::hash is not.
std::string fingerprint(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return fmt::format("{:016x}", hash);
}

using Applied = std::map<std::int64_t, std::string>;  // version → fingerprint

Applied applied_steps(Db& db, const std::string& owner) {
  Applied applied;
  for (const Row& row : db.query("SELECT version, fingerprint FROM schema_steps WHERE owner = $1", {owner})) {
    applied.emplace(row.integer(0), row.text(1));
  }
  return applied;
}

void refuse_strangers(const Schema& schema, const Applied& applied) {
  for (const auto& [version, print] : applied) {
    if (version < 1 || version > static_cast<std::int64_t>(schema.steps.size())) {
      throw SqlError(
          fmt::format("the database has step {} of \"{}\", this program knows {}: it was written by a "
                      "newer Xueban; start that one, or restore an older backup",
                      version, schema.owner, schema.steps.size()));
    }
    const SchemaStep& step = schema.steps[static_cast<std::size_t>(version - 1)];
    if (fingerprint(step.sql) != print) {
      throw SqlError(
          fmt::format("step {} of \"{}\" is not the one this database was made with", version, schema.owner));
    }
  }
}

/// A step of an owner that this program does not know may be one that it must heed.
void refuse_strange_owners(Db& db, const std::vector<Schema>& schemas) {
  for (const Row& row : db.query("SELECT DISTINCT owner FROM schema_steps ORDER BY owner")) {
    if (std::ranges::find(schemas, row.text(0), &Schema::owner) != schemas.end()) continue;
    throw SqlError(fmt::format(
        "the database has tables of \"{}\", which this program does not know: it was written by a newer "
        "Xueban; start that one, or restore an older backup",
        row.text(0)));
  }
}

void run_statements(Db& db, const std::string& text) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(';', begin), text.size());
    const std::string_view statement(text.data() + begin, end - begin);
    if (statement.find_first_not_of(" \n\t") != std::string_view::npos) db.execute(statement);
    begin = end + 1;
  }
}

void apply(Db& db, const std::string& owner, const SchemaStep& step, Instant now) {
  Transaction transaction(db);
  run_statements(db, expanded(step.sql, db.dialect()));
  db.execute("INSERT INTO schema_steps (owner, version, fingerprint, applied_at) VALUES ($1, $2, $3, $4)",
             {owner, step.version, fingerprint(step.sql), in_ms(now)});
  transaction.commit();
}

}  // namespace

void refuse_newer(Db& db, const std::vector<Schema>& schemas) {
  refuse_strange_owners(db, schemas);
  for (const Schema& schema : schemas) refuse_strangers(schema, applied_steps(db, schema.owner));
}

std::vector<PersonalTable> personal_tables(const std::vector<Schema>& schemas) {
  std::vector<PersonalTable> all;
  for (const Schema& schema : schemas) all.insert(all.end(), schema.personal.begin(), schema.personal.end());
  return all;
}

void migrate(Db& db, const std::vector<Schema>& schemas, Instant now) {
  db.execute(
      expanded("CREATE TABLE IF NOT EXISTS schema_steps (owner TEXT NOT NULL, version {int} NOT NULL, "
               "fingerprint TEXT NOT NULL, applied_at {int} NOT NULL, PRIMARY KEY (owner, version)) {strict}",
               db.dialect()));
  refuse_newer(db, schemas);
  for (const Schema& schema : schemas) {
    const Applied applied = applied_steps(db, schema.owner);
    for (const SchemaStep& step : schema.steps) {
      if (!applied.contains(step.version)) apply(db, schema.owner, step, now);
    }
  }
}

}  // namespace bot::sql
