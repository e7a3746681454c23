#include "bot/config/database_reader.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "bot/config/forms.hpp"
#include "bot/config/secret_reader.hpp"

namespace bot {

namespace {

constexpr std::string_view kSqlite = "sqlite";

bool is_uri(std::string_view text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://");
}

SecretFault fault_of_connection(std::string_view text) {
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
  if (text.empty()) return {"is empty", "write one, such as postgresql://xueban@db.example/xueban"};
  if (std::ranges::any_of(text, is_control))
    return {"has more than one line or a control character", "write it in one line"};
  if (!is_uri(text) && text.find('=') == std::string_view::npos)
    return {"is no connection string of PostgreSQL", "such as postgresql://xueban@db.example/xueban"};
  return {};
}

/// Rather one time too often: what stands before an @ can be a name and a password.
bool has_no_password(std::string_view text) {
  if (text.find("password") != std::string_view::npos) return false;
  if (!is_uri(text)) return true;
  const std::string_view behind = text.substr(text.find("://") + 3);
  return behind.substr(0, behind.find('@') + 1).find(':') == std::string_view::npos;
}

constexpr SecretRule kRule{.key = "database",
                           .name = "connection string",
                           .example = "database = \"env:XUEBAN_DATABASE\"",
                           .fault_of = fault_of_connection,
                           .is_harmless = has_no_password};

std::optional<Secret> read_database(const TomlValue& value, const std::filesystem::path& file,
                                    const Environment& environment) {
  const auto text = value.text();
  if (!text) {
    value.expected("text", toml_quoted(kSqlite));
    return std::nullopt;
  }
  if (*text == kSqlite) return Secret();
  const bool elsewhere = text->starts_with("env:") || text->starts_with("file:");
  if (elsewhere || fault_of_connection(*text).what.empty())
    return read_secret(value, *text, kRule, file, environment);
  value.error("database is neither \"sqlite\" nor a connection string of PostgreSQL",
              "write database = \"sqlite\" or " + std::string(kRule.example));
  return std::nullopt;
}

}  // namespace

TomlForm<Secret> database_form(const std::filesystem::path& file, const Environment& environment) {
  const auto read = [file, environment](const TomlValue& value) {
    return read_database(value, file, environment);
  };
  const auto print = [](const Secret& database) {
    return database.source().empty() ? toml_quoted(kSqlite) : printed_secret(database);
  };
  return {read, print};
}

}  // namespace bot
