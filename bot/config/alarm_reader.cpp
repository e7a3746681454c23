#include "bot/config/alarm_reader.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "bot/config/account_reader.hpp"
#include "bot/config/forms.hpp"
#include "bot/config/limits_reader.hpp"
#include "bot/config/secret_reader.hpp"

namespace bot {

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds kLongestAfter = std::chrono::minutes(5);
constexpr std::string_view kExample = "webhook = \"env:XUEBAN_ALARM_WEBHOOK\"";

constexpr SecretRule kWebhook{
    .key = "webhook", .name = "webhook's address", .example = kExample, .fault_of = fault_of_webhook};

std::optional<Secret> read_webhook(const TomlValue& value, const fs::path& file,
                                   const Environment& environment) {
  if (const auto text = value.text()) return read_secret(value, *text, kWebhook, file, environment);
  value.expected("text", "\"env:XUEBAN_ALARM_WEBHOOK\"");
  return std::nullopt;
}

SecretFault fault_of_secret(std::string_view secret) {
  const bool fits =
      !secret.empty() && std::ranges::all_of(secret, [](char c) { return c > ' ' && c < '\x7f'; });
  return fits ? SecretFault{} : SecretFault{"is empty or holds a space", "copy the robot's secret exactly"};
}

constexpr SecretRule kSecret{.key = "secret",
                             .name = "secret",
                             .example = "secret = \"env:XUEBAN_ALARM_SECRET\"",
                             .fault_of = fault_of_secret};

std::optional<Secret> read_signing(const TomlValue& value, const fs::path& file,
                                   const Environment& environment) {
  if (const auto text = value.text()) return read_secret(value, *text, kSecret, file, environment);
  value.expected("text", "\"env:XUEBAN_ALARM_SECRET\"");
  return std::nullopt;
}

std::optional<std::vector<std::string>> read_command(const TomlValue& value) {
  auto command = names_form("/usr/local/bin/notify").read(value);
  if (!command) return std::nullopt;
  if (command->empty() || !command->front().starts_with('/')) {
    value.error("command does not begin with the whole path of a program",
                "such as command = [\"/usr/local/bin/notify\", \"ops\"]; there is no shell");
    return std::nullopt;
  }
  if (access(command->front().c_str(), X_OK) != 0) {
    value.error(fmt::format("command {} cannot be run", command->front()),
                "name a program that exists and that Xueban may execute");
    return std::nullopt;
  }
  return command;
}

std::string printed_command(const std::vector<std::string>& command) {
  return command.empty() ? "" : names_form("").print(command);
}

void check_pairs(const TomlValue& table, const KeyLines& set) {
  const auto needs = [&](const char* key, const char* other) {
    if (!set.contains(key) || set.contains(other)) return;
    table.error(fmt::format("{} is for an alarm with {}", key, other), fmt::format("leave {} out", key));
  };
  needs("to", "account");
  needs("group", "account");
  needs("preset", "webhook");
  needs("secret", "webhook");
  if (!set.contains("account") || set.contains("to") != set.contains("group")) return;
  table.error("this alarm needs one person or one group that the account writes to",
              "add to = \"12345678\" or group = \"987654321\"");
}

bool is_signed(const std::string& preset) {
  return preset == "dingtalk" || preset == "feishu" || preset == "standard";
}

void check_alarm(const TomlValue& table, const AlarmRoute& route, const KeyLines& set) {
  const auto ways = std::ranges::count_if(std::array{"account", "webhook", "command"},
                                          [&](const char* key) { return set.contains(key); });
  if (ways != 1) {
    table.error("an alarm goes exactly one way",
                fmt::format("write one of account, webhook and command, such as {}; a second way is a second "
                            "[[alarm]]",
                            kExample));
    return;
  }
  check_pairs(table, set);
  if (!set.contains("secret") || is_signed(route.preset)) return;
  table.error(fmt::format("secret means nothing to the preset {}", route.preset),
              "leave secret out, or correct preset");
}

std::optional<milliseconds> read_alarm_after(const TomlValue& value) {
  const auto text = value.text();
  if (!text) {
    value.expected("a duration in quotes", "\"3m\"");
    return std::nullopt;
  }
  const auto duration = parse_duration(*text);
  if (duration && *duration >= std::chrono::seconds(1) && *duration <= kLongestAfter) return *duration;
  value.error("alarm_after is no time from one second to five minutes", "such as alarm_after = \"3m\"");
  return std::nullopt;
}

bool is_watched(const Config& config, const std::string& account) {
  return std::ranges::any_of(config.alarms,
                             [&](const AlarmRoute& route) { return route.works_without(account); });
}

}  // namespace

TomlKeys<AlarmRoute> alarm_keys(const fs::path& file, const Environment& environment) {
  const auto read_secret_url = [file, environment](const TomlValue& value) {
    return read_webhook(value, file, environment);
  };
  const auto read_signing_secret = [file, environment](const TomlValue& value) {
    return read_signing(value, file, environment);
  };
  auto preset = toml_key("preset", &AlarmRoute::preset,
                         choice_form({"plain", "standard", "wecom", "feishu", "dingtalk"}));
  preset.print = [](const AlarmRoute& route) {
    return route.webhook.source().empty() ? std::string() : toml_quoted(route.preset);
  };
  return {
      toml_key("account", &AlarmRoute::account, word_form("qq2")),
      toml_key("to", &AlarmRoute::to, id_form("12345678")),
      toml_key("group", &AlarmRoute::group, id_form("987654321")),
      toml_key("webhook", &AlarmRoute::webhook, TomlForm<Secret>{read_secret_url, printed_secret}),
      std::move(preset),
      toml_key("secret", &AlarmRoute::secret, TomlForm<Secret>{read_signing_secret, printed_secret}),
      toml_key("command", &AlarmRoute::command,
               TomlForm<std::vector<std::string>>{read_command, printed_command}),
  };
}

std::vector<AlarmRoute> read_alarms(const TomlValue& list, const fs::path& file,
                                    const Environment& environment, KeyLines& lines) {
  std::vector<AlarmRoute> alarms;
  const TomlKeys<AlarmRoute> keys = alarm_keys(file, environment);
  const bool is_list = list.kind() == TomlValue::Kind::list;
  for (const TomlValue& table : is_list ? list.items() : std::vector{list}) {
    if (!is_list || table.kind() != TomlValue::Kind::table) {
      table.error("alarm must be a list of tables", "write [[alarm]] with two brackets, once for each way");
      continue;
    }
    AlarmRoute route;
    const KeyLines set = read_table(table, keys, route);
    check_alarm(table, route, set);
    lines["alarm." + std::to_string(alarms.size())] = table.line();
    alarms.push_back(std::move(route));
  }
  return alarms;
}

TomlForm<milliseconds> alarm_after_form() {
  return {read_alarm_after, [](const milliseconds& after) { return toml_quoted(duration_text(after)); }};
}

void check_alarms(const Config& config, Problems& problems) {
  const std::string file = config.file.string();
  for (std::size_t i = 0; i < config.alarms.size(); ++i) {
    const AlarmRoute& route = config.alarms[i];
    if (route.account.empty()) continue;
    const auto error = [&](std::string what, std::string todo) {
      problems.push_back({Problem::Weight::error, file, config.line(file, "alarm." + std::to_string(i)),
                          std::move(what), std::move(todo)});
    };
    const auto account = std::ranges::find(config.accounts, route.account, &AccountConfig::name);
    if (account == config.accounts.end()) {
      error(fmt::format("this alarm goes through the account \"{}\", which does not exist", route.account),
            "use the name of an [[account]]");
    } else if (only_speaks(*account) && !route.to.empty()) {
      error(fmt::format("the account \"{}\" is a webhook and writes to its one group only", route.account),
            fmt::format("write group = \"{}\" instead of to", route.account));
    }
  }
}

Problems unwatched_accounts(const Config& config) {
  std::vector<std::string> names;
  for (const AccountConfig& account : config.accounts) {
    if (!is_watched(config, account.name)) names.push_back(account.name);
  }
  if (names.empty()) return {};
  return {{Problem::Weight::warning, config.file.string(), 0,
           fmt::format("nobody will be told when the account {} is cut off", fmt::join(names, ", ")),
           fmt::format("add an [[alarm]] that does not go through it, such as {}", kExample)}};
}

}  // namespace bot
