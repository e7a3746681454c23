#include "tests/faults/oracle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "tests/faults/rig.hpp"

namespace faults {

namespace {

namespace sql = bot::sql;

/// The bot's own limit starts a little before the call arrives here.
constexpr bot::Milliseconds kOnTheWay{100};

struct Row {
  std::int64_t id = 0;
  std::string chat{};
  std::string body{};
  std::string state{};
  std::int64_t again_of = 0;  ///< the row that this one says once more
};

struct Attempt {
  std::int64_t row = 0;
  std::int64_t number = 0;
  std::int64_t started = 0;
  std::int64_t decided = 0;  ///< 0: not yet
};

/// Everything that the checks below look at.
struct Books {
  std::map<std::int64_t, Row> rows{};
  std::map<std::string, Attempt> attempts{};                 ///< by echo
  std::map<std::int64_t, std::vector<Accepted>> accepted{};  ///< by row
};

bool is_open(const std::string& state) {
  return state == "planned" || state == "sending" || state == "unknown";
}

std::string named(const Row& row) {
  return fmt::format("row {} ({}, {})", row.id, row.chat, row.state);
}

std::map<std::int64_t, Row> read_rows(sql::Db& db) {
  std::map<std::int64_t, Row> rows;
  for (const sql::Row& row : db.query("SELECT id, chat, body, state, again_of FROM outbox ORDER BY id", {})) {
    rows[row.integer(0)] = {row.integer(0), row.text(1), row.text(2), row.text(3), row.integer(4)};
  }
  return rows;
}

std::map<std::string, Attempt> read_attempts(sql::Db& db) {
  std::map<std::string, Attempt> attempts;
  for (const sql::Row& row : db.query("SELECT echo, outbox, number, started_at, coalesce(decided_at, 0), "
                                      "coalesce(verdict, '') FROM attempts",
                                      {})) {
    const std::int64_t decided = row.text(5).empty() ? 0 : row.integer(4);
    attempts[row.text(0)] = {row.integer(1), row.integer(2), row.integer(3), decided};
  }
  return attempts;
}

// ---- the checks -----------------------------------------------------------------------------------------

void check_file(sql::Db& db, Findings& findings) {
  if (db.dialect() != sql::Dialect::sqlite) return;
  const std::string verdict = db.query("PRAGMA quick_check(1)", {}).front().text(0);
  if (verdict != "ok") findings.push_back("quick_check: " + verdict);
}

void check_ends(sql::Db& db, const Books& books, Findings& findings) {
  for (const auto& [id, row] : books.rows) {
    if (is_open(row.state)) findings.push_back("P2: " + named(row) + " is left open");
  }
  for (const sql::Row& row :
       db.query("SELECT schedule, label, chat, outbox_id FROM occurrences WHERE state = "
                "'planned'",
                {})) {
    if (books.rows.contains(row.integer(3))) continue;
    findings.push_back(fmt::format("P2: {} of {} in {} has no row", row.text(0), row.text(1), row.text(2)));
  }
}

using Key = std::pair<std::string, std::string>;  // chat, text

/// Holds without echoes too: what the rows of a chat say was not accepted more often than there are such
/// rows.
void check_texts(const Books& books, const std::vector<Accepted>& accepted, Findings& findings) {
  std::map<Key, int> planned;
  for (const auto& [id, row] : books.rows) ++planned[{row.chat, row.body}];
  std::map<Key, int> heard;
  for (const Accepted& entry : accepted) ++heard[{entry.chat, entry.text}];
  for (const auto& [key, count] : planned) {
    if (heard[key] <= count) continue;
    findings.push_back(fmt::format("P3: {} was told {} times what {} row(s) say: {}", key.first, heard[key],
                                   count, key.second.substr(0, 60)));
  }
}

void join(Books& books, const std::vector<Accepted>& accepted) {
  for (const Accepted& entry : accepted) {
    const auto attempt = books.attempts.find(entry.echo);
    if (attempt != books.attempts.end()) books.accepted[attempt->second.row].push_back(entry);
  }
}

/// Rows of which the platform said that it had sent them, and had not.
std::set<std::int64_t> lied_about(const Books& books, const std::vector<Call>& calls) {
  std::set<std::int64_t> rows;
  for (const Call& call : calls) {
    const bool ok = call.how.answer == Behaviour::Answer::ok;
    if (!ok || call.how.acceptance != Behaviour::Acceptance::refused) continue;
    const auto attempt = books.attempts.find(call.echo);
    if (attempt != books.attempts.end()) rows.insert(attempt->second.row);
  }
  return rows;
}

void check_once(const Books& books, const std::vector<Call>& calls, Findings& findings) {
  const std::set<std::int64_t> lies = lied_about(books, calls);
  for (const auto& [id, row] : books.rows) {
    const auto found = books.accepted.find(id);
    const std::size_t count = found == books.accepted.end() ? 0 : found->second.size();
    if (count > 1) findings.push_back(fmt::format("P3: {} was accepted {} times", named(row), count));
    if (count == 0 && row.state == "sent" && !lies.contains(id))
      findings.push_back("P3: " + named(row) + " was never accepted");
    if (count > 0 && (row.state == "missed" || row.state == "refused"))
      findings.push_back("P3: " + named(row) + " was accepted");
  }
}

void check_resends(const Books& books, Findings& findings) {
  for (const auto& [id, row] : books.rows) {
    if (row.again_of == 0) continue;
    const auto first = books.rows.find(row.again_of);
    const bool allowed = first != books.rows.end() && first->second.state == "unresolved";
    if (!allowed || !is_resent(row.body))
      findings.push_back("P3: " + named(row) + " says again what was not unresolved, or without its label");
  }
}

void check_intent(const Books& books, const std::vector<Accepted>& accepted, Findings& findings) {
  std::set<Key> owed;
  for (const auto& [id, row] : books.rows) owed.insert({row.chat, row.body});
  for (const Accepted& entry : accepted) {
    if (!owed.contains({entry.chat, entry.text})) continue;
    const auto attempt = books.attempts.find(entry.echo);
    if (attempt == books.attempts.end()) {
      findings.push_back("P4: accepted in " + entry.chat +
                         " without an attempt in the database: " + entry.text.substr(0, 60));
    } else if (attempt->second.started > bot::in_ms(entry.at)) {
      findings.push_back("P4: the attempt in " + entry.chat + " began after it was accepted");
    }
  }
}

void check_order(const Books& books, Findings& findings) {
  std::map<std::int64_t, std::map<std::int64_t, Attempt>> by_row;
  for (const auto& [echo, attempt] : books.attempts) by_row[attempt.row][attempt.number] = attempt;
  for (const auto& [row, attempts] : by_row) {
    const Attempt* before = nullptr;
    for (const auto& [number, attempt] : attempts) {
      if (before != nullptr && (before->decided == 0 || before->decided > attempt.started)) {
        findings.push_back(
            fmt::format("P6: row {}: attempt {} began before {} was decided", row, number, before->number));
      }
      before = &attempt;
    }
  }
}

bool in_flight_at(const Call& earlier, const Call& later) {
  if (earlier.peer != later.peer) return false;
  const bot::SteadyTime over = earlier.arrived + kAnswerLimit - kOnTheWay;
  const bot::SteadyTime end = earlier.answered ? std::min(*earlier.answered, over) : over;
  return end > later.arrived;
}

void check_window(const Books& books, const std::vector<Call>& calls, Findings& findings) {
  const Call* last = nullptr;
  for (const Call& call : calls) {
    if (!books.attempts.contains(call.echo)) continue;
    if (last != nullptr && in_flight_at(*last, call)) {
      findings.push_back("two sends were in flight: to " + last->chat + " and to " + call.chat);
    }
    last = &call;
  }
}

Record joined(const std::vector<Record>& records) {
  Record all;
  for (const Record& record : records) {
    all.accepted.insert(all.accepted.end(), record.accepted.begin(), record.accepted.end());
    all.calls.insert(all.calls.end(), record.calls.begin(), record.calls.end());
  }
  return all;
}

}  // namespace

Findings examine(sql::Db& db, const std::vector<Record>& records) {
  Findings findings;
  check_file(db, findings);
  Books books;
  books.rows = read_rows(db);
  books.attempts = read_attempts(db);
  const Record all = joined(records);
  join(books, all.accepted);
  check_ends(db, books, findings);
  check_texts(books, all.accepted, findings);
  check_once(books, all.calls, findings);
  check_resends(books, findings);
  check_intent(books, all.accepted, findings);
  check_order(books, findings);
  for (const Record& record : records) check_window(books, record.calls, findings);
  return findings;
}

}  // namespace faults
