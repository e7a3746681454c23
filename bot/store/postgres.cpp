#include "bot/store/postgres.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <unordered_map>

#include "bot/base/log.hpp"

namespace bot::sql {

namespace {

/// The numbers of PostgreSQL's own types, the same in every database (pg_type.dat).
constexpr Oid kBool = 16, kBytea = 17, kInt8 = 20, kInt2 = 21, kInt4 = 23, kOid = 26, kFloat4 = 700,
              kFloat8 = 701, kNumeric = 1700;

/// Far more than the program has; a bound for statements whose text is put together.
constexpr std::size_t kMostStatements = 512;

/// Without a lock two workers would each decide on what they read before the other wrote. A lock of rows
/// would be too late for rows that are not there yet, and SERIALIZABLE would fail turns that SQLite lets
/// wait. This one belongs to the transaction: commit, rollback and a lost connection all free it. The number
/// is any that other programs do not use: "xueban" in ASCII. READ COMMITTED, because an older snapshot would
/// miss what was committed while waiting for the lock.
constexpr const char* kBegin =
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SELECT pg_advisory_xact_lock(132445607453038)";

/// The server too notices within 30 s that this end is gone, and then frees what the session holds.
constexpr const char* kSession =
    "SET synchronous_commit = on; SET lock_timeout = '5s'; SET client_min_messages = warning; "
    "SET tcp_user_timeout = 30000; SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; "
    "SET tcp_keepalives_count = 4";

/// What `connection` may override stands before it. A network that is lost is noticed within 30 s.
constexpr std::array<std::array<const char*, 2>, 7> kDefaults{{{"connect_timeout", "10"},
                                                               {"tcp_user_timeout", "30000"},
                                                               {"keepalives_idle", "10"},
                                                               {"keepalives_interval", "5"},
                                                               {"keepalives_count", "4"},
                                                               {"target_session_attrs", "read-write"},
                                                               {"fallback_application_name", "xueban"}}};

struct Finish {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
using Connection = std::unique_ptr<PGconn, Finish>;

struct Clear {
  void operator()(PGresult* answer) const noexcept { PQclear(answer); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

std::string_view field(const PGresult* answer, int code) {
  const char* text = PQresultErrorField(answer, code);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

bool succeeded(const Answer& answer) {
  const ExecStatusType status = PQresultStatus(answer.get());
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

bool is_one_of(std::string_view state, std::initializer_list<std::string_view> classes) {
  return std::ranges::any_of(classes, [&](std::string_view each) { return state.starts_with(each); });
}

/// By SQLSTATE. Without one it was not the server that spoke.
[[noreturn]] void rethrow(const Answer& answer, std::string_view sql) {
  const std::string_view state = field(answer.get(), PG_DIAG_SQLSTATE);
  if (state.empty()) throw Unavailable(fmt::format("the connection to PostgreSQL is lost in: {}", sql));
  const std::string text =
      fmt::format("{} (PostgreSQL {}) in: {}", field(answer.get(), PG_DIAG_MESSAGE_PRIMARY), state, sql);
  if (is_one_of(state, {"23"})) throw Conflict(text);
  if (is_one_of(state, {"40001", "40P01", "55P03"})) throw Busy(text);
  // 25006: the whole database only reads, as a standby does. XX001 and XX002: damaged.
  if (is_one_of(state, {"08", "25006", "53", "57P", "58", "XX001", "XX002"})) throw Unavailable(text);
  throw SqlError(text);
}

Answer checked(PGresult* raw, std::string_view sql) {
  Answer answer(raw);
  if (!succeeded(answer)) rethrow(answer, sql);
  return answer;
}

template <class Number>
bool parse(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

/// NUMERIC is what sums are: an integer when it is one.
Value number_value(std::string_view text) {
  std::int64_t whole = 0;
  if (parse(text, whole)) return Value(whole);
  double real = 0;
  if (parse(text, real)) return Value(real);
  throw SqlError(fmt::format("PostgreSQL sent a number that is none: {}", text));
}

Value bytes_value(const char* escaped) {
  std::size_t size = 0;
  unsigned char* bytes = PQunescapeBytea(reinterpret_cast<const unsigned char*>(escaped), &size);
  if (bytes == nullptr) throw std::bad_alloc();
  Value value(std::string(reinterpret_cast<const char*>(bytes), size));
  PQfreemem(bytes);
  return value;
}

Value column_value(const PGresult* answer, int row, int column) {
  if (PQgetisnull(answer, row, column) != 0) return Value();
  const char* sent = PQgetvalue(answer, row, column);
  const std::string_view text(sent, static_cast<std::size_t>(PQgetlength(answer, row, column)));
  double real = 0;
  switch (PQftype(answer, column)) {
    case kBool:
      return Value(text == "t");
    case kInt2:
    case kInt4:
    case kInt8:
    case kOid:
    case kNumeric:
      return number_value(text);
    case kFloat4:
    case kFloat8:
      return parse(text, real) ? Value(real) : Value(text);
    case kBytea:
      return bytes_value(sent);
    default:
      return Value(text);
  }
}

Rows rows_of(const PGresult* answer) {
  Rows rows;
  const int count = PQntuples(answer);
  const int width = PQnfields(answer);
  rows.reserve(static_cast<std::size_t>(count));
  for (int row = 0; row < count; ++row) {
    std::vector<Value> columns;
    columns.reserve(static_cast<std::size_t>(width));
    for (int column = 0; column < width; ++column) columns.push_back(column_value(answer, row, column));
    rows.emplace_back(std::move(columns));
  }
  return rows;
}

std::int64_t rows_changed(PGresult* answer) {
  std::int64_t count = 0;
  if (!std::string_view(PQcmdStatus(answer)).starts_with("SELECT")) parse(PQcmdTuples(answer), count);
  return count;
}

struct Prepared {
  std::string name;
  std::vector<Oid> types;  ///< of the parameters, as the server inferred them from the statement
  bool reads = false;      ///< seen to write nothing
};

/// Parameters as libpq wants them: text without a type, which the server reads as what stands beside it, as
/// it does with a literal. So `$1` is a BIGINT beside a BIGINT, and 0 or 1 is a flag beside a flag.
class Bound {
 public:
  Bound(const Prepared& prepared, Params params, std::string_view sql) {
    const std::size_t count = prepared.types.size();
    if (params.size() < count) throw SqlError(fmt::format("no value for ${} in: {}", params.size() + 1, sql));
    numbers_.reserve(count);  // what values_ points at must not move
    for (std::size_t i = 0; i < count; ++i) add(prepared.types[i], params[i].held(), sql);
  }

  PGresult* run(PGconn* connection, const std::string& name) const {
    return PQexecPrepared(connection, name.c_str(), static_cast<int>(values_.size()), values_.data(),
                          lengths_.data(), binary_.data(), 0);
  }

 private:
  void add(Oid type, const Value::Held& value, std::string_view sql) {
    if (const auto* text = std::get_if<std::string>(&value)) {
      if (type != kBytea && text->find('\0') != std::string::npos)
        throw SqlError(fmt::format("PostgreSQL keeps no text with a zero byte, in: {}", sql));
      put(text->c_str(), text->size(), type == kBytea);
    } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
      put_number(fmt::format("{}", *number));
    } else if (const auto* real = std::get_if<double>(&value)) {
      put_number(fmt::format("{}", *real));
    } else {
      put(nullptr, 0, false);
    }
  }

  void put_number(std::string text) { put(numbers_.emplace_back(std::move(text)).c_str(), 0, false); }

  void put(const char* value, std::size_t length, bool binary) {
    values_.push_back(value);
    lengths_.push_back(static_cast<int>(length));  // read for binary ones alone
    binary_.push_back(binary ? 1 : 0);
  }

  std::vector<std::string> numbers_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> binary_;
};

/// Statements that a failed transaction still takes. They are sent as they are: preparing one is not among
/// what it takes.
bool steers_transaction(std::string_view sql) {
  const std::string_view word = sql.substr(0, sql.find(' '));
  constexpr std::array<std::string_view, 5> words{"BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"};
  return std::ranges::find(words, word) != words.end();
}

void log_notice(void*, const PGresult* notice) {
  log::warning("PostgreSQL", {{"says", field(notice, PG_DIAG_MESSAGE_PRIMARY)}});
}

class PostgresDb final : public Db {
 public:
  using Db::execute;
  using Db::query;

  explicit PostgresDb(Connection connection) : connection_(std::move(connection)) {
    PQsetNoticeReceiver(connection_.get(), log_notice, nullptr);
    send(kSession);
    if (query("SELECT current_setting('fsync')", {}).front().text(0) != "on") {
      log::warning("this PostgreSQL runs with fsync off: a power cut can damage the database");
    }
  }

  Rows query(std::string_view sql, Params params) override { return rows_of(run(sql, params).get()); }

  std::int64_t execute(std::string_view sql, Params params) override {
    return rows_changed(run(sql, params).get());
  }

  void set_read_only(bool read_only) noexcept override { read_only_ = read_only; }
  Dialect dialect() const noexcept override { return Dialect::postgres; }

  std::int64_t size() override {
    return query("SELECT pg_database_size(current_database())", {}).front().integer(0);
  }

 private:
  Answer run(std::string_view sql, Params params) {
    if (steers_transaction(sql)) return steer(sql);
    Prepared& entry = prepared(sql);
    const Bound bound(entry, params, sql);
    if (read_only_ && !entry.reads) return watched(entry, bound, sql);
    return checked(bound.run(connection_.get(), entry.name), sql);
  }

  Answer send(const char* sql) { return checked(PQexec(connection_.get(), sql), sql); }

  Answer steer(std::string_view sql) {
    if (sql == "BEGIN") return begin();
    Answer answer = send(std::string(sql).c_str());
    if (sql == "COMMIT" && std::string_view(PQcmdStatus(answer.get())) == "ROLLBACK")
      throw SqlError("nothing was committed: an earlier statement of the transaction had failed");
    return answer;
  }

  Answer begin() {
    if (PQtransactionStatus(connection_.get()) == PQTRANS_INTRANS)
      throw SqlError("a transaction within a transaction");
    Answer answer(PQexec(connection_.get(), kBegin));
    if (succeeded(answer)) return answer;
    // Begun, but without the lock.
    const Answer undone(PQexec(connection_.get(), "ROLLBACK"));
    rethrow(answer, "BEGIN");
  }

  Prepared& prepared(std::string_view sql) {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) return known->second;
    if (statements_.size() >= kMostStatements) forget_statements();
    std::string text(sql);
    Prepared fresh;
    fresh.name = fmt::format("x{}", ++names_given_);
    checked(PQprepare(connection_.get(), fresh.name.c_str(), text.c_str(), 0, nullptr), sql);
    const Answer described = checked(PQdescribePrepared(connection_.get(), fresh.name.c_str()), sql);
    for (int i = 0; i < PQnparams(described.get()); ++i)
      fresh.types.push_back(PQparamtype(described.get(), i));
    return statements_.emplace(std::move(text), std::move(fresh)).first->second;
  }

  void forget_statements() {
    send("DEALLOCATE ALL");
    statements_.clear();
  }

  /// The first run of a statement while only reading is allowed: the server is asked to refuse writes.
  /// Whether a statement writes does not depend on its values, so one that passed is trusted, and from then
  /// on costs no further round trip.
  Answer watched(Prepared& entry, const Bound& bound, std::string_view sql) {
    const PGTransactionStatusType status = PQtransactionStatus(connection_.get());
    if (status == PQTRANS_INERROR) return checked(bound.run(connection_.get(), entry.name), sql);
    const bool within = status == PQTRANS_INTRANS;
    send(within ? "SAVEPOINT watched; SET LOCAL transaction_read_only = on" : "BEGIN READ ONLY");
    Answer answer(bound.run(connection_.get(), entry.name));
    send(within ? "ROLLBACK TO SAVEPOINT watched; RELEASE SAVEPOINT watched" : "ROLLBACK");
    if (field(answer.get(), PG_DIAG_SQLSTATE) == "25006")
      throw SqlError(fmt::format("a turn that only reads tried: {}", sql));
    if (!succeeded(answer)) rethrow(answer, sql);
    entry.reads = true;
    return answer;
  }

  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };

  Connection connection_;
  std::unordered_map<std::string, Prepared, TextHash, std::equal_to<>> statements_;
  std::uint64_t names_given_ = 0;
  bool read_only_ = false;
};

/// libpq's complaint in one line, without what it quotes: a slip in the string, such as an unescaped @, puts
/// a piece of the password where libpq sees a host.
std::string without_quoted(std::string_view complaint) {
  std::string shown;
  bool quoted = false;
  for (const char c : complaint) {
    if (c == '"') quoted = !quoted;
    if (c == '"' && quoted) shown += "\"\u2026\"";
    if (c != '"' && !quoted) shown += c == '\n' ? ' ' : c;
  }
  return shown.substr(0, shown.find_last_not_of(' ') + 1);
}

bool has_quotes(const PQconninfoOption* options) {
  for (; options->keyword != nullptr; ++options) {
    if (options->val != nullptr && std::string_view(options->val).find('"') != std::string_view::npos)
      return true;
  }
  return false;
}

/// Whether complaints about this string can be shown without_quoted(). Throws when libpq cannot read it at
/// all: what it then says quotes the string without marks.
bool can_be_shown(const std::string& connection) {
  char* complaint = nullptr;
  PQconninfoOption* options = PQconninfoParse(connection.c_str(), &complaint);
  PQfreemem(complaint);
  if (options == nullptr)
    throw Unavailable(
        "the database's connection string cannot be read; write postgresql://NAME@HOST/DATABASE, with %40 "
        "for @ in a password, or host=… user=… dbname=…");
  const bool shown = !has_quotes(options);
  PQconninfoFree(options);
  return shown;
}

Connection connected(const std::string& connection) {
  const bool shown = can_be_shown(connection);
  std::vector<const char*> words;
  std::vector<const char*> values;
  const auto add = [&](const char* word, const char* value) {
    words.push_back(word);
    values.push_back(value);
  };
  for (const auto& [word, value] : kDefaults) add(word, value);
  add("dbname", connection.c_str());
  add("client_encoding", "UTF8");
  add(nullptr, nullptr);
  Connection made(PQconnectdbParams(words.data(), values.data(), 1));
  if (PQstatus(made.get()) == CONNECTION_OK) return made;
  throw Unavailable(fmt::format("PostgreSQL cannot be reached: {}",
                                shown ? without_quoted(PQerrorMessage(made.get())) : "no details"));
}

}  // namespace

std::unique_ptr<Db> open_postgres(const std::string& connection) {
  Connection made = connected(connection);
  const char* encoding = PQparameterStatus(made.get(), "server_encoding");
  if (encoding == nullptr || std::string_view(encoding) != "UTF8")
    throw Unavailable(
        "this PostgreSQL database does not keep UTF-8; create one with: createdb -T template0 -E UTF8 -l C "
        "NAME");
  return std::make_unique<PostgresDb>(std::move(made));
}

}  // namespace bot::sql
