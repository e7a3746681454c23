#include "bot/config/account_reader.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

#include "bot/config/forms.hpp"
#include "bot/config/limits_reader.hpp"
#include "bot/config/secret_reader.hpp"

namespace bot {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view token_example = "token = \"env:XUEBAN_QQ_TOKEN\"";

bool printable_without_spaces(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

SecretFault fault_of_token(std::string_view token) {
  if (token.empty()) return {"is empty", "leave token out if there is none"};
  if (!printable_without_spaces(token))
    return {"holds a space or a character that is not ASCII",
            "copy the platform's token exactly, in one line"};
  return {};
}

constexpr SecretRule token_rule{
    .key = "token", .name = "token", .example = token_example, .fault_of = fault_of_token};

void warn_of_open_access(const TomlValue& value) {
  value.warning("this account has no token: whoever reaches the platform's port can speak as the bot",
                fmt::format("set a token in the platform and add {}", token_example));
}

std::optional<Secret> read_token(const TomlValue& value, const fs::path& file,
                                 const Environment& environment) {
  const auto text = value.text();
  if (!text) {
    value.expected("text", "\"env:XUEBAN_QQ_TOKEN\"");
    return std::nullopt;
  }
  if (text->empty()) {
    warn_of_open_access(value);
    return Secret();
  }
  return read_secret(value, *text, token_rule, file, environment);
}

/// The part of "ws://host:3001/path" between the scheme and the path.
std::string_view authority_of(std::string_view url) {
  url.remove_prefix(url.find("://") + 3);
  return url.substr(0, url.find_first_of("/?#"));
}

struct HostAndPort {
  std::string_view host;
  std::string_view port;
};

HostAndPort host_and_port(std::string_view authority) {
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon == std::string_view::npos) return {authority, {}};
  return {authority.substr(0, colon), authority.substr(colon + 1)};
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

bool is_loopback(std::string_view host) {
  const bool digits = host.find_first_not_of("0123456789.") == std::string_view::npos;
  return host == "localhost" || host == "[::1]" || (digits && host.starts_with("127."));
}

/// What is wrong with the address; the address itself is not printed, since it may hold a secret.
std::string_view fault_of_url(std::string_view url) {
  if (!url.starts_with("ws://") && !url.starts_with("wss://")) return "must begin with ws:// or wss://";
  if (!printable_without_spaces(url)) return "holds a space or a character that is not ASCII";
  const std::string_view authority = authority_of(url);
  if (authority.find('@') != std::string_view::npos) return "holds a name or a password";
  if (url.find("token=") != std::string_view::npos) return "holds a token";
  const auto [host, port] = host_and_port(authority);
  if (host.empty()) return "has no host";
  if (authority.ends_with(':') || (!port.empty() && !is_port(port))) return "has no port of 1 to 65535";
  return {};
}

std::optional<std::string> read_url(const TomlValue& value) {
  const auto url = value.text();
  if (!url) {
    value.expected("text", "\"ws://127.0.0.1:3001/\"");
    return std::nullopt;
  }
  const std::string_view fault = fault_of_url(*url);
  if (!fault.empty()) {
    value.error(fmt::format("url {}", fault),
                "such as url = \"ws://127.0.0.1:3001/\"; a secret belongs into the key token");
    return std::nullopt;
  }
  if (url->starts_with("ws://") && !is_loopback(host_and_port(authority_of(*url)).host)) {
    value.warning("url leaves this machine without encryption: token and chat can be read on the way",
                  "use wss://, or a tunnel to 127.0.0.1");
  }
  return url;
}

TomlForm<std::string> certificate_form(const fs::path& folder) {
  const TomlForm<fs::path> path = path_form(folder, "authority.pem");
  const auto read = [read_path = path.read](const TomlValue& value) -> std::optional<std::string> {
    const auto file = read_path(value);
    if (!file) return std::nullopt;
    if (const auto text = file_text(*file)) return file->string();
    value.error(fmt::format("certificate_authority {} cannot be read", file->string()),
                "name a PEM file, or leave it out to trust the system's authorities");
    return std::nullopt;
  };
  return {read, [](const std::string& file) { return file.empty() ? "" : toml_quoted(file); }};
}

TomlForm<std::chrono::milliseconds> duration_form() {
  const auto read = [](const TomlValue& value) -> std::optional<std::chrono::milliseconds> {
    const auto text = value.text();
    const auto duration = text ? parse_duration(*text) : Result<std::chrono::milliseconds>(Error{});
    if (duration && duration->count() > 0) return *duration;
    value.expected("a duration in quotes", "\"20s\"");
    return std::nullopt;
  };
  return {read, [](std::chrono::milliseconds duration) { return toml_quoted(duration_text(duration)); }};
}

void require(const TomlValue& table, const KeyLines& set, const std::string& key, std::string example) {
  if (!set.contains(key))
    table.error(fmt::format("this account has no {}", key), "add " + std::move(example));
}

void check_account(const TomlValue& table, const AccountConfig& account, const KeyLines& set) {
  require(table, set, "name", "name = \"qq\"");
  require(table, set, "platform", "platform = \"onebot11\"");
  require(table, set, "url", "url = \"ws://127.0.0.1:3001/\"");
  if (!set.contains("token")) warn_of_open_access(table);
  if (!account.certificate_authority.empty() && account.url.starts_with("ws://")) {
    table.warning("certificate_authority has no effect with ws://", "use wss://, or leave it out");
  }
}

void report_twins(const TomlValue& table, const std::vector<AccountConfig>& accounts,
                  const std::string& name) {
  if (std::ranges::find(accounts, name, &AccountConfig::name) == accounts.end()) return;
  table.error(fmt::format("two accounts are called \"{}\"", name), "give each its own name");
}

}  // namespace

TomlKeys<AccountConfig> account_keys(const fs::path& file, const Environment& environment) {
  const auto read_secret = [file, environment](const TomlValue& value) {
    return read_token(value, file, environment);
  };
  const auto print_url = [](const std::string& url) { return toml_quoted(url); };
  return {
      toml_key("name", &AccountConfig::name, word_form("qq")),
      toml_key("platform", &AccountConfig::platform, choice_form({"onebot11"})),
      toml_key("transport", &AccountConfig::transport, choice_form({"forward"})),
      toml_key("url", &AccountConfig::url, TomlForm<std::string>{read_url, print_url}),
      toml_key("token", &AccountConfig::token, TomlForm<Secret>{read_secret, printed_secret}),
      toml_key("answer_limit", &AccountConfig::answer_limit, duration_form()),
      toml_key("certificate_authority", &AccountConfig::certificate_authority,
               certificate_form(folder_of(file))),
  };
}

std::vector<AccountConfig> read_accounts(const TomlValue& list, const fs::path& file,
                                         const Environment& environment, KeyLines& lines) {
  std::vector<AccountConfig> accounts;
  if (list.kind() != TomlValue::Kind::list) {
    list.error("account must be a list of tables",
               "write [[account]] with two brackets, once for each account");
    return accounts;
  }
  const TomlKeys<AccountConfig> keys = account_keys(file, environment);
  for (const TomlValue& table : list.items()) {
    if (table.kind() != TomlValue::Kind::table) {
      table.error("account must be a list of tables", "write [[account]] with two brackets");
      continue;
    }
    AccountConfig account;
    check_account(table, account, read_table(table, keys, account));
    if (account.name.empty()) continue;
    report_twins(table, accounts, account.name);
    lines["account." + account.name] = table.line();
    accounts.push_back(std::move(account));
  }
  return accounts;
}

}  // namespace bot
