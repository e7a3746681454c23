#include "bot/config/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "bot/base/log.hpp"
#include "bot/config/account_reader.hpp"
#include "bot/config/alarm_reader.hpp"
#include "bot/config/database_reader.hpp"
#include "bot/config/forms.hpp"
#include "bot/config/group_reader.hpp"
#include "bot/config/limits_reader.hpp"
#include "bot/config/metrics_reader.hpp"
#include "bot/config/server_reader.hpp"
#include "bot/config/toml_reader.hpp"

namespace bot {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view default_zone = "Asia/Shanghai";

void add_error(Problems& problems, const std::string& file, std::int64_t line, std::string what,
               std::string todo) {
  problems.push_back({Problem::Weight::error, file, line, std::move(what), std::move(todo)});
}

TomlKeys<Config> config_keys(const fs::path& file, const Environment& environment) {
  const auto accounts = [file, environment](const TomlValue& value, Config& into) {
    into.accounts = read_accounts(value, file, environment, into.lines[file.string()]);
  };
  const auto alarms = [file, environment](const TomlValue& value, Config& into) {
    into.alarms = read_alarms(value, file, environment, into.lines[file.string()]);
  };
  const auto limits = [file](const TomlValue& value, Config& into) {
    for (const auto& [key, line] : read_limits(value, into.limits)) {
      into.lines[file.string()]["limits." + key] = line;
    }
  };
  const auto metrics = [file](const TomlValue& value, Config& into) {
    for (const auto& [key, line] : read_metrics(value, into)) {
      into.lines[file.string()]["metrics." + key] = line;
    }
  };
  const auto server = [file](const TomlValue& value, Config& into) {
    for (const auto& [key, line] : read_server(value, into)) {
      into.lines[file.string()]["server." + key] = line;
    }
  };
  return {
      toml_key("timezone", &Config::zone, zone_form()),
      toml_key("language", &Config::language, word_form("zh-CN")),
      toml_key("data", &Config::data, path_form(folder_of(file), "data")),
      toml_key("database", &Config::database, database_form(file, environment)),
      toml_key("content", &Config::content, path_form(folder_of(file), "content")),
      toml_key("superadmins", &Config::superadmins, names_form("qq:10001")),
      toml_key("alarm_after", &Config::alarm_after, alarm_after_form()),
      toml_section<Config>("account", accounts),
      toml_section<Config>("alarm", alarms),
      toml_section<Config>("limits", limits),
      toml_section<Config>("metrics", metrics),
      toml_section<Config>("server", server),
  };
}

fs::path content_beside(const fs::path& folder) {
  std::error_code ignored;
  for (const fs::path& content : {folder / "content", folder.parent_path() / "content"}) {
    if (fs::is_directory(content, ignored)) return content;
  }
  return {};
}

Config defaults(const fs::path& file, Problems& problems) {
  Config config;
  config.file = file;
  config.data = folder_of(file) / "data";
  if (const Result<Zone> zone = Zone::named(default_zone)) {
    config.zone = *zone;
  } else {
    add_error(problems, file.string(), 0, zone.error().detail, "install the system's time zones (tzdata)");
  }
  return config;
}

void check_folders(const Config& config, Problems& problems) {
  const std::string file = config.file.string();
  std::error_code ignored;
  if (!config.content.empty() && !fs::is_directory(config.content, ignored)) {
    add_error(problems, file, config.line(file, "content"),
              fmt::format("content {} is not a folder", config.content.string()),
              "name the folder that holds words and lessons, or leave content out");
  }
  if (fs::exists(config.data, ignored) && !fs::is_directory(config.data, ignored)) {
    add_error(problems, file, config.line(file, "data"),
              fmt::format("data {} is not a folder", config.data.string()), "such as data = \"data\"");
  }
}

void check_superadmins(const Config& config, Problems& problems) {
  const std::string file = config.file.string();
  for (const std::string& superadmin : config.superadmins) {
    const std::string account = superadmin.substr(0, superadmin.find(':'));
    const bool known =
        std::ranges::find(config.accounts, account, &AccountConfig::name) != config.accounts.end();
    if (known && superadmin.size() > account.size() + 1) continue;
    add_error(problems, file, config.line(file, "superadmins"),
              fmt::format("superadmin \"{}\" is not an account's name, a colon and a user id", superadmin),
              "such as superadmins = [\"qq:10001\"], with an [[account]] of that name");
  }
}

Config read_main(std::string_view text, const fs::path& file, const Environment& environment,
                 Problems& problems) {
  Problems found;
  Config config = defaults(file, found);
  if (const auto document = TomlDocument::parse(text, file.string(), found)) {
    const KeyLines set = read_table(document->root(), config_keys(file, environment), config);
    config.lines[file.string()].insert(set.begin(), set.end());
  }
  if (config.content.empty()) config.content = content_beside(folder_of(file));
  check_folders(config, found);
  check_alarms(config, found);
  check_language(config, config.language, file.string(), found);
  check_superadmins(config, found);
  GroupProfile usual = built_in_group(config.zone, config.language);
  usual.superadmins = config.superadmins;
  config.groups = GroupBook(std::move(usual));
  append_by_line(problems, std::move(found));
  return config;
}

ReadConfig judged(Config config, Problems problems) {
  ReadConfig read;
  if (!has_errors(problems)) read.config = std::move(config);
  read.problems = std::move(problems);
  return read;
}

void hide(const Secret& secret, const std::string& key) {
  const std::string& source = secret.source();
  const std::string named = source.starts_with("env:") ? source.substr(4) : source;
  log::hide(secret.value(), source == "literal" ? key : named);
}

/// Lines of a dump, each with where its value comes from.
class Dump {
 public:
  explicit Dump(const Config& config) : config_(config) {}

  void title(const std::string& text) { text_ += fmt::format("{}# {}\n", text_.empty() ? "" : "\n", text); }
  void header(const std::string& header, const std::string& origin) {
    text_ += '\n';
    put(header, origin);
  }

  /// Prints each key; the first of `files` that sets it is its origin.
  template <class Struct>
  void keys(const TomlKeys<Struct>& keys, const Struct& from, const std::string& prefix,
            const std::vector<std::string>& files) {
    for (const TomlKey<Struct>& key : keys) {
      const std::string value = key.print ? key.print(from) : std::string();
      if (!value.empty()) put(key.name + " = " + value, origin(prefix + key.name, files));
    }
  }

  /// The same without origins, for tables that are set as a whole.
  template <class Struct>
  void keys(const TomlKeys<Struct>& keys, const Struct& from) {
    for (const TomlKey<Struct>& key : keys) {
      const std::string value = key.print(from);
      if (!value.empty()) text_ += key.name + " = " + value + "\n";
    }
  }

  std::string origin(const std::string& key, const std::vector<std::string>& files) const {
    for (const std::string& file : files) {
      if (const std::int64_t line = config_.line(file, key)) return fmt::format("{}:{}", file, line);
    }
    return "built-in";
  }

  std::string take() { return std::move(text_); }

 private:
  void put(const std::string& line, const std::string& origin) {
    text_ += fmt::format("{:<40}  # {}\n", line, origin);
  }

  const Config& config_;
  std::string text_{};
};

void dump_main(const Config& config, Dump& dump) {
  const std::string file = config.file.string();
  const Environment nothing = [](const std::string&) { return std::nullopt; };
  dump.title(file);
  dump.keys(config_keys(config.file, nothing), config, "", {file});
  for (const AccountConfig& account : config.accounts) {
    dump.header("[[account]]", dump.origin("account." + account.name, {file}));
    dump.keys(account_keys(config.file, nothing), account);
  }
  for (std::size_t i = 0; i < config.alarms.size(); ++i) {
    dump.header("[[alarm]]", dump.origin("alarm." + std::to_string(i), {file}));
    dump.keys(alarm_keys(config.file, nothing), config.alarms[i]);
  }
  dump.header("[limits]", dump.origin("limits", {file}));
  dump.keys(limits_keys(), config.limits, "limits.", {file});
  dump.header("[metrics]", dump.origin("metrics", {file}));
  dump.keys(metrics_keys(), config, "metrics.", {file});
  dump.header("[server]", dump.origin("server", {file}));
  dump.keys(server_keys(), config, "server.", {file});
}

void dump_group(const Config& config, const GroupProfile& profile, const std::string& title, Dump& dump) {
  const std::string& fallback = config.groups.fallback().file;
  const std::vector<std::string> files{profile.file, fallback, config.file.string()};
  dump.title(title);
  dump.keys(group_keys(), profile, "", files);
  for (const Push& push : profile.pushes) {
    dump.header("[[push]]", dump.origin("push", files));
    dump.keys(push_keys(), push);
  }
}

}  // namespace

std::int64_t Config::line(const std::string& in_file, const std::string& key) const {
  const auto keys = lines.find(in_file);
  if (keys == lines.end()) return 0;
  const auto found = keys->second.find(key);
  return found == keys->second.end() ? 0 : found->second;
}

Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

ReadConfig read_config_text(std::string_view text, const fs::path& file, const Environment& environment) {
  Problems problems;
  Config config = read_main(text, file, environment, problems);
  return judged(std::move(config), std::move(problems));
}

ReadConfig read_config(const fs::path& file, const Environment& environment) {
  Problems problems;
  const Result<std::string> text = file_text(file);
  if (!text) {
    add_error(problems, file.string(), 0, "this file " + text.error().detail,
              "name the xueban.toml of your installation");
    return judged(Config{}, std::move(problems));
  }
  Config config = read_main(*text, file, environment, problems);
  read_groups(file.parent_path() / "groups", config, problems);
  return judged(std::move(config), std::move(problems));
}

void hide_secrets(const Config& config) {
  hide(config.database, "database");
  for (const AccountConfig& account : config.accounts) {
    hide(account.token, "token of " + account.name);
    hide(account.secret, "secret of " + account.name);
    hide(account.webhook, "webhook of " + account.name);
    hide(account.aes_key, "key of " + account.name);
  }
  for (const AlarmRoute& route : config.alarms) {
    hide(route.webhook, "webhook of an alarm");
    hide(route.secret, "secret of an alarm");
  }
}

std::string dump_config(const Config& config) {
  Dump dump(config);
  dump_main(config, dump);
  const GroupProfile& fallback = config.groups.fallback();
  dump_group(config, fallback, "groups without a file", dump);
  for (const GroupProfile& profile : config.groups.own()) dump_group(config, profile, profile.file, dump);
  return dump.take();
}

}  // namespace bot
