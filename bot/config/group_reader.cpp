#include "bot/config/group_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include "bot/config/forms.hpp"
#include "bot/config/limits_reader.hpp"

namespace bot {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view default_name = "default.toml";

std::string ledger_name(const Push& push) {
  return push.occasion + ":" + push.subject;
}

TomlForm<std::optional<std::chrono::minutes>> optional_minutes(std::string example) {
  const auto form = minutes_form(std::move(example));
  using Minutes = std::optional<std::chrono::minutes>;
  return {[form](const TomlValue& value) -> std::optional<Minutes> {
            const auto read = form.read(value);
            return read ? std::optional<Minutes>(*read) : std::nullopt;
          },
          [form](const Minutes& held) { return held ? form.print(*held) : std::string(); }};
}

/// Read only: another key prints the member.
TomlForm<std::string> silent_form(TomlForm<std::string> form) {
  form.print = [](const std::string&) { return std::string(); };
  return form;
}

std::optional<Push> read_push(const TomlValue& table) {
  if (table.kind() != TomlValue::Kind::table) {
    table.error("push must be a list of tables", "write [[push]] with two brackets");
    return std::nullopt;
  }
  Push push;
  const KeyLines set = read_table(table, push_keys(), push);
  if (set.contains("column") && set.contains("text")) {
    table.error("this push has a column and a text", "delete one of the two");
    return std::nullopt;
  }
  if (push.occasion.empty()) push.occasion = set.contains("text") ? "reminder" : "lesson";
  if (push.subject.empty() && push.occasion == "lesson") push.subject = "daily";
  if (set.contains("text") && !set.contains("when")) {
    table.error("this push has no time", "add when = \"every workday 17:50\"");
    return std::nullopt;
  }
  push.line = table.line();
  return push;
}

std::vector<Push> read_pushes(const TomlValue& list) {
  std::vector<Push> pushes;
  if (list.kind() != TomlValue::Kind::list) {
    list.error("push must be a list of tables", "write [[push]] with two brackets, once for each push");
    return pushes;
  }
  for (const TomlValue& table : list.items()) {
    auto push = read_push(table);
    if (!push) continue;
    const std::string name = ledger_name(*push);
    if (std::ranges::any_of(pushes, [&](const Push& other) { return ledger_name(other) == name; })) {
      table.error(fmt::format("{} \"{}\" is planned twice", push->occasion, push->subject),
                  "write all its times into one, such as when = \"every day 08:00, 20:00\"");
    }
    pushes.push_back(std::move(*push));
  }
  return pushes;
}

/// Reading of one group file.
class GroupFile {
 public:
  GroupFile(const fs::path& file, Config& config, Problems& problems)
      : name_(file.string()), config_(config), problems_(problems) {}

  /// The profile that `inherited` becomes by this text. nullopt when the text is not TOML.
  std::optional<GroupProfile> read(std::string_view text, const GroupProfile& inherited) {
    const auto document = TomlDocument::parse(text, name_, problems_);
    if (!document) return std::nullopt;
    GroupProfile profile = inherited;
    profile.file = name_;
    lines_ = read_table(document->root(), group_keys(), profile);
    config_.lines[name_] = lines_;
    if (lines_.contains("language")) check_language(config_, profile.language, name_, problems_);
    return profile;
  }

  void refuse(const std::string& key) {
    if (lines_.contains(key))
      error(key, key + " has no place in default.toml", "move it into the group's own file");
  }

  void check_address(GroupProfile& profile) {
    require("account", "account = \"qq\"");
    // The one chat of a webhook has no id.
    if (profile.chat.empty() && only_speaks_by(profile.account)) profile.chat = profile.account;
    if (profile.chat.empty()) require("chat", "chat = \"123456789\"");
    if (!profile.push_account.empty() && profile.push_chat.empty()) profile.push_chat = usual_chat(profile);
    if (!profile.account.empty()) check_account("account", profile.account);
    if (!profile.push_account.empty()) check_account("push_account", profile.push_account);
    if (!profile.push_chat.empty() && profile.push_account.empty())
      error("push_chat", "push_chat means nothing without push_account", "add push_account, or delete it");
  }

  /// Whether the chat is known and no other file describes it; reports the other file.
  bool is_new(const GroupProfile& profile) {
    if (profile.account.empty() || profile.chat.empty()) return false;
    const GroupBook& book = config_.groups;
    if (!book.has_file(profile.account, profile.chat)) return true;
    error("chat",
          fmt::format("chat {} of account \"{}\" already has the file {}", profile.chat, profile.account,
                      book.find(profile.account, profile.chat).file),
          "delete one of the two files");
    return false;
  }

 private:
  void require(const std::string& key, const std::string& example) {
    if (!lines_.contains(key)) error(key, "this group has no " + key, "add " + example);
  }

  bool only_speaks_by(const std::string& account) const {
    return std::ranges::any_of(config_.accounts, [&](const AccountConfig& each) {
      return each.name == account && only_speaks(each);
    });
  }

  void check_account(const std::string& key, const std::string& account) {
    std::vector<std::string> names;
    std::ranges::transform(config_.accounts, std::back_inserter(names), &AccountConfig::name);
    if (std::ranges::find(names, account) != names.end()) return;
    error(key, fmt::format("account \"{}\" is not in {}", account, config_.file.string()),
          names.empty() ? "add an [[account]] there" : suggestion(account, names));
  }

  /// A webhook has one chat, which needs no name; another account of the same platform is in the same chat.
  std::string usual_chat(const GroupProfile& profile) const {
    return only_speaks_by(profile.push_account) ? profile.push_account : profile.chat;
  }

  void error(const std::string& key, std::string what, std::string todo) {
    const auto line = lines_.find(key);
    problems_.push_back({Problem::Weight::error, name_, line == lines_.end() ? 0 : line->second,
                         std::move(what), std::move(todo)});
  }

  std::string name_;
  Config& config_;
  Problems& problems_;
  KeyLines lines_{};
};

std::vector<fs::path> group_files(const fs::path& folder, Problems& problems) {
  std::vector<fs::path> files;
  std::error_code error;
  if (!fs::exists(folder, error)) return files;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const fs::path& file = entry->path();
    const bool hidden = file.filename().string().starts_with('.');
    if (file.extension() == ".toml" && !hidden && file.filename() != default_name) files.push_back(file);
  }
  if (error) {
    problems.push_back({Problem::Weight::error, folder.string(), 0, "this folder cannot be read",
                        "it holds one file for each group; see default.toml"});
  }
  std::ranges::sort(files);
  return files;
}

std::optional<std::string> text_of(const fs::path& file, Problems& problems) {
  Result<std::string> text = file_text(file);
  if (text) return std::move(*text);
  problems.push_back({Problem::Weight::error, file.string(), 0, "this file " + text.error().detail,
                      "let the bot's user read it, or remove it"});
  return std::nullopt;
}

std::vector<std::string> languages_in(const fs::path& words) {
  std::vector<std::string> languages;
  std::error_code error;
  for (fs::directory_iterator entry(words, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->is_directory(error)) languages.push_back(entry->path().filename().string());
  }
  std::ranges::sort(languages);
  return languages;
}

}  // namespace

GroupProfile built_in_group(const Zone& zone, const std::string& language) {
  GroupProfile profile;
  profile.language = language;
  profile.zone = zone;
  profile.pushes = {Push{.occasion = "lesson", .subject = "daily"}};
  return profile;
}

TomlKeys<Push> push_keys() {
  return {
      toml_key("occasion", &Push::occasion, word_form("lesson")),
      toml_key("column", &Push::subject, name_form("daily")),
      toml_key("text", &Push::subject, silent_form(name_form("Fill in the log"))),
      toml_key("when", &Push::when, name_form("every workday 08:00")),
      toml_key("catch_up", &Push::catch_up, minutes_form("2h")),
      toml_key("expires", &Push::expires, optional_minutes("4h")),
      toml_key("coalesce", &Push::coalesce, flag_form()),
      toml_key("sharp", &Push::sharp, flag_form()),
      toml_key("cheerful", &Push::cheerful, flag_form()),
      toml_key("urgent", &Push::urgent, flag_form()),
      toml_key("everyone", &Push::everyone, flag_form()),
      toml_key("unsure", &Push::unsure, choice_form({"again", "tell"})),
  };
}

TomlKeys<GroupProfile> group_keys() {
  const auto read = [](const TomlValue& value, GroupProfile& into) { into.pushes = read_pushes(value); };
  return {
      toml_key("name", &GroupProfile::name, name_form("Study group 1")),
      toml_key("account", &GroupProfile::account, word_form("qq")),
      toml_key("chat", &GroupProfile::chat, id_form("123456789")),
      toml_key("push_account", &GroupProfile::push_account, word_form("hook")),
      toml_key("push_chat", &GroupProfile::push_chat, id_form("123456789")),
      toml_key("answer_at", &GroupProfile::answer_at, name_form("the QQ group 123456789")),
      toml_key("language", &GroupProfile::language, word_form("zh-CN")),
      toml_key("timezone", &GroupProfile::zone, zone_form()),
      toml_key("admins", &GroupProfile::admins, ids_form("10001")),
      toml_key("nicknames", &GroupProfile::nicknames, names_form("Xueban")),
      toml_key("enabled", &GroupProfile::enabled, flag_form()),
      toml_section<GroupProfile>("push", read),
  };
}

void read_default_group(std::string_view text, const fs::path& file, Config& config, Problems& problems) {
  Problems found;
  GroupFile reading(file, config, found);
  if (auto profile = reading.read(text, config.groups.fallback())) {
    for (const char* key : {"name", "account", "chat", "push_account", "push_chat", "answer_at"})
      reading.refuse(key);
    config.groups = GroupBook(std::move(*profile));
  }
  append_by_line(problems, std::move(found));
}

void read_group(std::string_view text, const fs::path& file, Config& config, Problems& problems) {
  Problems found;
  GroupFile reading(file, config, found);
  if (auto profile = reading.read(text, config.groups.fallback())) {
    reading.check_address(*profile);
    if (reading.is_new(*profile)) config.groups.add(std::move(*profile));
  }
  append_by_line(problems, std::move(found));
}

void read_groups(const fs::path& folder, Config& config, Problems& problems) {
  std::error_code ignored;
  const fs::path first = folder / default_name;
  if (fs::exists(first, ignored)) {
    if (const auto text = text_of(first, problems)) read_default_group(*text, first, config, problems);
  }
  for (const fs::path& file : group_files(folder, problems)) {
    if (const auto text = text_of(file, problems)) read_group(*text, file, config, problems);
  }
}

void check_language(const Config& config, const std::string& language, const std::string& file,
                    Problems& problems) {
  if (config.content.empty()) return;
  const std::vector<std::string> known = languages_in(config.content / "words");
  if (known.empty() || std::ranges::find(known, language) != known.end()) return;
  problems.push_back({Problem::Weight::error, file, config.line(file, "language"),
                      fmt::format("the content has no words in \"{}\"", language),
                      suggestion(language, known)});
}

}  // namespace bot
