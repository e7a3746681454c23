#include "bot/store/postgres_copy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>

namespace bot::sql {

namespace {

using Names = std::vector<std::string>;

/// Sees one moment and, unlike a Transaction, keeps no writer waiting.
class Snapshot {
 public:
  explicit Snapshot(Db& db) : db_(db) { db_.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); }
  ~Snapshot() {
    try {
      db_.execute("ROLLBACK");
    } catch (const SqlError&) {  // lost, and with it what it saw
    }
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Db& db_;
};

Names names(const Rows& rows) {
  Names all;
  for (const Row& row : rows) all.push_back(row.text(0));
  return all;
}

Names columns(Db& from, const std::string& table) {
  return names(
      from.query("SELECT CAST(column_name AS TEXT) FROM information_schema.columns WHERE table_schema = "
                 "current_schema() AND table_name = $1 ORDER BY ordinal_position",
                 {table}));
}

/// Tables that migrate() has made in the copy.
Names tables(Db& to) {
  return names(
      to.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> "
               "'schema_steps' ORDER BY name"));
}

std::string insertion(const std::string& table, const Names& columns) {
  Names marks;
  for (std::size_t column = 1; column <= columns.size(); ++column)
    marks.push_back(fmt::format("${}", column));
  return fmt::format("INSERT INTO {} ({}) VALUES ({})", table, fmt::join(columns, ", "),
                     fmt::join(marks, ", "));
}

/// In pieces, so that a large table need not fit into memory.
void copy_table(Db& from, Db& to, const std::string& table) {
  const Names names = columns(from, table);
  const std::string insert = insertion(table, names);
  from.execute(fmt::format("DECLARE copy_{0} CURSOR FOR SELECT {1} FROM {0}", table, fmt::join(names, ", ")));
  const std::string fetch = fmt::format("FETCH 2000 FROM copy_{}", table);
  for (Rows rows = from.query(fetch); !rows.empty(); rows = from.query(fetch)) {
    for (const Row& row : rows) to.execute(insert, row.values());
  }
}

std::vector<Schema> as_old_as(Db& from, std::vector<Schema> schemas) {
  for (Schema& schema : schemas) {
    const std::int64_t latest =
        from.query("SELECT coalesce(max(version), 0) FROM schema_steps WHERE owner = $1", {schema.owner})
            .front()
            .integer(0);
    std::erase_if(schema.steps, [latest](const SchemaStep& step) { return step.version > latest; });
  }
  return schemas;
}

}  // namespace

void copy_postgres(Db& from, Db& to, const std::vector<Schema>& schemas, Instant now) {
  const Snapshot snapshot(from);
  if (columns(from, "schema_steps").empty()) return;
  refuse_newer(from, schemas);
  migrate(to, as_old_as(from, schemas), now);
  Transaction transaction(to);
  for (const std::string& table : tables(to)) copy_table(from, to, table);
  transaction.commit();
}

}  // namespace bot::sql
