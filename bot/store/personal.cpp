#include "bot/store/personal.hpp"

#include <fmt/format.h>

#include <optional>

namespace bot::sql {

namespace {

/// A condition with its parameters.
struct Condition {
  std::string sql{};
  std::vector<Value> parameters{};
};

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

/// For LIKE with the escape sign "!": stands for itself.
std::string literal(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '!') escaped += '!';
    escaped += c;
  }
  return escaped;
}

Condition like(const std::string& column, std::string pattern) {
  return {column + " LIKE $1 ESCAPE '!'", {Value(std::move(pattern))}};
}

Condition of_account(const PersonalTable& table, const std::string& account, const std::string& user) {
  switch (table.names) {
    case Names::private_chat:
      return {fmt::format("account = $1 AND chat = $2 AND {} = 1", table.column), {account, user}};
    case Names::inside:
      return like(table.column,
                  replaced(replaced(table.pattern, "{account}", literal(account)), "{user}", literal(user)));
    case Names::user:
    case Names::person:
    case Names::name:
      break;
  }
  return {fmt::format("account = $1 AND {} = $2", table.column), {account, user}};
}

/// One for each way in which the rows may name the subject.
std::vector<Condition> conditions(const PersonalTable& table, const Subject& subject) {
  std::vector<Condition> all;
  if (table.names == Names::person) {
    if (subject.person != 0) all.push_back({table.column + " = $1", {subject.person}});
  } else if (table.names == Names::name) {
    for (const std::string& name : subject.called) {
      if (!name.empty()) all.push_back(like(table.column, "%" + literal(name) + "%"));
    }
  } else {
    for (const auto& [account, user] : subject.accounts) all.push_back(of_account(table, account, user));
  }
  return all;
}

std::string listed(const std::vector<std::string>& columns) {
  return fmt::format("{}", fmt::join(columns, ", "));
}

}  // namespace

Rows rows_of(Db& db, const PersonalTable& table, const Subject& subject) {
  Rows rows;
  if (table.shown.empty()) return rows;
  for (const Condition& condition : conditions(table, subject)) {
    for (Row& row : db.query(fmt::format("SELECT {} FROM {} WHERE {} ORDER BY {}", listed(table.shown),
                                         table.table, condition.sql, listed(table.shown)),
                             condition.parameters)) {
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

std::int64_t erase(Db& db, const PersonalTable& table, const Subject& subject, const std::string& pseudonym) {
  std::int64_t gone = 0;
  for (Condition& condition : conditions(table, subject)) {
    const bool named = table.left.find("{pseudonym}") != std::string::npos;
    if (named) condition.parameters.emplace_back(pseudonym);
    const std::string left =
        replaced(table.left, "{pseudonym}", fmt::format("${}", condition.parameters.size()));
    const std::string what =
        left.empty() ? "DELETE FROM " + table.table : fmt::format("UPDATE {} SET {}", table.table, left);
    const std::string only = table.only.empty() ? std::string() : " AND " + table.only;
    gone += db.execute(fmt::format("{} WHERE {}{}", what, condition.sql, only), condition.parameters);
  }
  return gone;
}

std::set<std::pair<std::string, std::string>> everybody(Db& db, const std::vector<PersonalTable>& tables) {
  std::set<std::pair<std::string, std::string>> all;
  for (const PersonalTable& table : tables) {
    const bool direct = table.names == Names::private_chat;
    if (table.names != Names::user && !direct) continue;
    const std::string rest = direct ? fmt::format(" WHERE {} = 1", table.column) : std::string();
    for (const Row& row : db.query(fmt::format("SELECT DISTINCT account, {} FROM {}{}",
                                               direct ? "chat" : table.column, table.table, rest))) {
      all.emplace(row.text(0), row.text(1));
    }
  }
  return all;
}

std::string printed(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value.held())) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&value.held())) return std::to_string(*number);
  if (const auto* real = std::get_if<double>(&value.held())) return fmt::format("{}", *real);
  return {};
}

}  // namespace bot::sql
