#include "bot/config/account_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <map>
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

constexpr std::size_t kAesKeyLength = 43;

SecretFault fault_of_aes_key(std::string_view key) {
  const bool fits = key.size() == kAesKeyLength &&
                    std::ranges::all_of(key, [](unsigned char c) { return std::isalnum(c) != 0; });
  return fits ? SecretFault{}
              : SecretFault{"has not 43 letters and digits", "copy the EncodingAESKey exactly"};
}

constexpr SecretRule secret_rule{.key = "secret",
                                 .name = "secret",
                                 .example = "secret = \"env:XUEBAN_SECRET\"",
                                 .fault_of = fault_of_token};
constexpr SecretRule webhook_rule{.key = "webhook",
                                  .name = "address",
                                  .example = "webhook = \"env:XUEBAN_WEBHOOK\"",
                                  .fault_of = fault_of_webhook};
constexpr SecretRule aes_key_rule{.key = "aes_key",
                                  .name = "key",
                                  .example = "aes_key = \"env:XUEBAN_AES_KEY\"",
                                  .fault_of = fault_of_aes_key};

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

TomlForm<Secret> secret_form(const SecretRule& rule, const fs::path& file, const Environment& environment) {
  const auto read = [&rule, file, environment](const TomlValue& value) -> std::optional<Secret> {
    if (const auto text = value.text()) return read_secret(value, *text, rule, file, environment);
    value.expected("text", rule.example.substr(rule.example.find('"')));
    return std::nullopt;
  };
  return {read, printed_secret};
}

constexpr std::array<std::string_view, 4> kUrlSchemes{"ws://", "wss://", "http://", "https://"};

bool is_plain(std::string_view url) {
  return url.starts_with("ws://") || url.starts_with("http://");
}

/// What is wrong with the address; the address itself is not printed, since it may hold a secret.
std::string_view fault_of_url(std::string_view url) {
  const bool known =
      std::ranges::any_of(kUrlSchemes, [url](std::string_view scheme) { return url.starts_with(scheme); });
  if (!known) return "must begin with ws://, wss://, http:// or https://";
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
  if (is_plain(*url) && !is_loopback(host_and_port(authority_of(*url)).host)) {
    value.warning("url leaves this machine without encryption: token and chat can be read on the way",
                  "use wss:// or https://, or a tunnel to 127.0.0.1");
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

/// One way to reach a platform, and the keys it goes with.
struct AccountForm {
  std::string_view platform;
  std::string_view transport;
  std::vector<std::string_view> required;
  std::vector<std::string_view> allowed;
  std::vector<std::string_view> schemes{};  ///< of url
};

/// The first form of a platform is what it is without `transport`.
const std::vector<AccountForm>& account_forms() {
  static const std::vector<AccountForm> forms = {
      {"onebot11", "forward", {"url"}, {"token"}, {"ws://", "wss://"}},
      {"onebot11", "reverse", {"self"}, {"token"}},
      {"onebot11", "http", {"url", "self"}, {"token", "secret"}, {"http://", "https://"}},
      {"wecom-webhook", "post", {"webhook"}, {"format"}},
      {"wecom-robot", "connection", {"self", "secret"}, {"url"}, {"ws://", "wss://"}},
      {"wecom-robot", "callback", {"token", "aes_key"}, {"self"}},
      {"webhook", "post", {"webhook"}, {"secret"}},
      {"dingtalk", "post", {"webhook"}, {"secret"}},
      {"feishu", "post", {"webhook"}, {"secret"}},
  };
  return forms;
}

std::vector<std::string> names_of(std::string_view AccountForm::* part) {
  std::vector<std::string> names;
  for (const AccountForm& form : account_forms()) {
    if (std::ranges::find(names, form.*part) == names.end()) names.emplace_back(form.*part);
  }
  return names;
}

const AccountForm* form_of(const AccountConfig& account) {
  const auto found = std::ranges::find_if(account_forms(), [&](const AccountForm& form) {
    return form.platform == account.platform &&
           (account.transport.empty() || form.transport == account.transport);
  });
  return found == account_forms().end() ? nullptr : &*found;
}

const std::map<std::string_view, std::string_view>& examples() {
  static const std::map<std::string_view, std::string_view> lines = {
      {"url", "url = \"ws://127.0.0.1:3001/\""},
      {"self", "self = \"10001\", the account's own id there"},
      {"secret", secret_rule.example},
      {"webhook", webhook_rule.example},
      {"token", token_example},
      {"aes_key", aes_key_rule.example},
      {"format", "format = \"markdown\""},
  };
  return lines;
}

void require(const TomlValue& table, const KeyLines& set, const std::string& key, std::string_view example) {
  if (!set.contains(key))
    table.error(fmt::format("this account has no {}", key), fmt::format("add {}", example));
}

/// What the form needs and what means nothing in it.
void check_keys(const TomlValue& table, const AccountForm& form, const KeyLines& set) {
  for (const std::string_view key : form.required) require(table, set, std::string(key), examples().at(key));
  for (const auto& [key, example] : examples()) {
    const bool used = std::ranges::find(form.required, key) != form.required.end() ||
                      std::ranges::find(form.allowed, key) != form.allowed.end();
    if (used || !set.contains(std::string(key))) continue;
    table.error(fmt::format("{} means nothing to {} by {}", key, form.platform, form.transport),
                "delete it, or correct platform and transport");
  }
}

void check_account(const TomlValue& table, AccountConfig& account, const KeyLines& set) {
  require(table, set, "name", "name = \"qq\"");
  require(table, set, "platform", "platform = \"onebot11\"");
  if (account.platform.empty()) return;
  const AccountForm* form = form_of(account);
  if (form == nullptr) {
    return table.error(fmt::format("{} has no transport \"{}\"", account.platform, account.transport),
                       "leave transport out, or see the README's table of accounts");
  }
  account.transport = form->transport;
  check_keys(table, *form, set);
  const bool fits = std::ranges::any_of(
      form->schemes, [&](std::string_view scheme) { return account.url.starts_with(scheme); });
  if (!account.url.empty() && !form->schemes.empty() && !fits) {
    table.error(fmt::format("url must begin with {} here", fmt::join(form->schemes, " or ")),
                "compare it with the platform's settings");
  }
  const bool open =
      std::ranges::find(form->allowed, "token") != form->allowed.end() && !set.contains("token");
  if (open) warn_of_open_access(table);
  if (!account.certificate_authority.empty() && is_plain(account.url)) {
    table.warning("certificate_authority has no effect without TLS",
                  "use wss:// or https://, or leave it out");
  }
}

/// A secret of Standard Webhooks comes as bytes in base64.
void check_encoding(const TomlValue& table, const AccountConfig& account) {
  constexpr std::string_view prefix = "whsec_";
  std::string_view secret = account.secret.value();
  if (account.platform != "webhook" || !secret.starts_with(prefix)) return;
  secret.remove_prefix(prefix.size());
  const std::string_view digits = secret.substr(0, secret.find('='));
  const std::string_view padding = secret.substr(digits.size());
  const bool fits = std::ranges::all_of(
      digits, [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '/'; });
  const bool ends = padding.empty() || padding == "=" || padding == "==";
  if (fits && ends && !digits.empty() && secret.size() % 4 == 0) return;
  table.error("the secret begins with whsec_, and no base64 follows", "copy the receiver's secret exactly");
}

void report_twins(const TomlValue& table, const std::vector<AccountConfig>& accounts,
                  const std::string& name) {
  if (std::ranges::find(accounts, name, &AccountConfig::name) == accounts.end()) return;
  table.error(fmt::format("two accounts are called \"{}\"", name), "give each its own name");
}

}  // namespace

SecretFault fault_of_webhook(std::string_view address) {
  if (!address.starts_with("https://") && !address.starts_with("http://"))
    return {"is no address that begins with https://", "copy the robot's whole address"};
  if (!printable_without_spaces(address))
    return {"holds a space or a character that is not ASCII", "copy the robot's whole address, in one line"};
  if (address.starts_with("http://") && !is_loopback(host_and_port(authority_of(address)).host))
    return {"does not begin with https://",
            "http:// is for this machine only: anybody on the way could read it"};
  return {};
}

TomlKeys<AccountConfig> account_keys(const fs::path& file, const Environment& environment) {
  const auto read_secret = [file, environment](const TomlValue& value) {
    return read_token(value, file, environment);
  };
  const auto print_url = [](const std::string& url) { return toml_quoted(url); };
  return {
      toml_key("name", &AccountConfig::name, word_form("qq")),
      toml_key("platform", &AccountConfig::platform, choice_form(names_of(&AccountForm::platform))),
      toml_key("transport", &AccountConfig::transport, choice_form(names_of(&AccountForm::transport))),
      toml_key("url", &AccountConfig::url, TomlForm<std::string>{read_url, print_url}),
      toml_key("token", &AccountConfig::token, TomlForm<Secret>{read_secret, printed_secret}),
      toml_key("secret", &AccountConfig::secret, secret_form(secret_rule, file, environment)),
      toml_key("webhook", &AccountConfig::webhook, secret_form(webhook_rule, file, environment)),
      toml_key("aes_key", &AccountConfig::aes_key, secret_form(aes_key_rule, file, environment)),
      toml_key("format", &AccountConfig::format, choice_form({"text", "markdown", "markdown_v2"})),
      toml_key("self", &AccountConfig::self, word_form("10001")),
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
    const KeyLines set = read_table(table, keys, account);
    check_account(table, account, set);
    check_encoding(table, account);
    if (account.name.empty()) continue;
    report_twins(table, accounts, account.name);
    lines["account." + account.name] = table.line();
    accounts.push_back(std::move(account));
  }
  return accounts;
}

}  // namespace bot
