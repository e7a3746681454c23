#include "bot/store/schema_lock.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "bot/base/utf8.hpp"

namespace bot::sql {

namespace {

/// "xueb" in ASCII, as good as any that other programs do not use. The upper half of the lock's number, as
/// pg_locks shows it; the lower half is the schema.
constexpr std::int64_t kUpperHalf = 2'020'959'586;

std::int64_t schema(Db& db) {
  const Rows rows = db.query("SELECT CAST(oid AS BIGINT) FROM pg_namespace WHERE nspname = current_schema()");
  if (rows.empty()) {
    throw SqlError(
        "this PostgreSQL account has no schema to make tables in; create the one that its search_path names");
  }
  return rows.front().integer(0);
}

std::string described(const Row& session) {
  std::string text;
  const auto add = [&](std::string_view form, std::size_t column) {
    if (session.is_null(column) || session.text(column).empty()) return;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", form, utf8::escaped(session.text(column)));
  };
  add("application", 0);
  add("server process", 1);
  add("from", 2);
  return text;
}

[[noreturn]] void refuse(Db& db) {
  const std::string holder = schema_holder(db).value_or("");
  throw SchemaHeld(fmt::format(
      "another xueban{} works on this PostgreSQL database \u2014 stop that one first, or give this "
      "one a database or a schema of its own",
      holder.empty() ? "" : " (" + holder + ")"));
}

}  // namespace

void take_schema(Db& db) {
  try {
    db.query("SELECT pg_advisory_lock($1)", {(kUpperHalf << 32) + schema(db)});
  } catch (const Busy&) {
    refuse(db);
  }
}

std::optional<std::string> schema_holder(Db& db) {
  const Rows rows = db.query(
      "SELECT a.application_name, CAST(l.pid AS TEXT), host(a.client_addr) FROM pg_locks l LEFT JOIN "
      "pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
      "AND "
      "CAST(l.classid AS BIGINT) = $1 AND CAST(l.objid AS BIGINT) = $2 AND l.database = (SELECT oid FROM "
      "pg_database WHERE datname = current_database())",
      {kUpperHalf, schema(db)});
  if (rows.empty()) return std::nullopt;
  return described(rows.front());
}

}  // namespace bot::sql
