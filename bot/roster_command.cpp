#include "bot/roster_command.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <ostream>
#include <stdexcept>

#include "bot/app.hpp"
#include "bot/data_folder.hpp"
#include "bot/people/enrolment.hpp"
#include "bot/people/labels.hpp"
#include "bot/people/naming.hpp"
#include "bot/people/plain_words.hpp"
#include "bot/people/roster.hpp"
#include "bot/people/roster_date.hpp"
#include "bot/texts/tokens.hpp"
#include "schedules/phrase_birthday.hpp"

namespace bot {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongestUnit = 30;  // code points

std::string bytes_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error(fmt::format("{} cannot be read", file.string()));
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

/// The groups that people may name.
class Groups {
 public:
  Groups(const Config& config, sql::Db& db) : config_(config) { known_.load(db); }

  /// By chat id or name; absent: there is none, or more than one.
  std::optional<Address> find(const std::string& account, const std::string& named) const {
    const std::string form = compact_form(named);
    std::vector<Address> found;
    const auto consider = [&](const Address& where, const std::string& name) {
      if (where.account != account || (where.chat != named && compact_form(name) != form)) return;
      if (std::ranges::find(found, where) == found.end()) found.push_back(where);
    };
    for (const GroupProfile& group : config_.groups.own())
      consider({group.account, group.chat, false}, group.name);
    for (const KnownGroups::Entry& group : known_.all()) consider(group.where, group.name);
    return found.size() == 1 ? std::optional(found.front()) : std::nullopt;
  }

  std::string name(const Address& where) const {
    const GroupProfile& profile = config_.groups.find(where);
    const std::string name = profile.name.empty() ? known_.name(where) : profile.name;
    return name.empty() ? where.chat : name;
  }

 private:
  const Config& config_;
  KnownGroups known_;
};

/// Rows of the file as the database takes them, with what is wrong in them.
class Translation {
 public:
  Translation(const Config& config, const Texts& texts, const Groups& groups, const RosterImport& order,
              Instant now)
      : config_(config), texts_(texts), groups_(groups), order_(order), now_(now) {}

  people::Enrolment translated(const RosterRow& row) {
    line_ = row.line;
    people::Enrolment into;
    into.who = {account_of(row), row.user};
    into.group = group_of(row, into.who.account);
    into.name = row.name.empty() ? "" : checked("name", row.name, people::fit_for_name(row.name));
    into.category = label("category", row.category);
    into.unit =
        row.unit.empty() ? "" : checked("unit", row.unit, people::plain_words(row.unit, kLongestUnit));
    for (const std::string& tag : row.tags) into.tags.push_back(label("tags", tag));
    into.birthday = birthday_of(row);
    into.role = role_of(row);
    into.joined = day_of(row.joined);
    into.left = day_of(row.left);
    return into;
  }

  const Problems& problems() const noexcept { return problems_; }

 private:
  void complain(const std::string& column, const std::string& what, std::string todo) {
    problems_.push_back({Problem::Weight::error, order_.file.string(), line_,
                         fmt::format("column \"{}\": {}", column, what), std::move(todo)});
  }

  std::string checked(const std::string& column, const std::string& text, bool fits) {
    if (!fits)
      complain(column, fmt::format("\"{}\" cannot be used", text), "only letters and digits, and short");
    return text;
  }
  std::string label(const std::string& column, const std::string& text) {
    return text.empty() ? text : checked(column, text, people::fit_for_label(text));
  }

  std::string account_of(const RosterRow& row) {
    std::string account = row.account.empty() ? order_.account : row.account;
    if (account.empty() && config_.accounts.size() == 1) account = config_.accounts.front().name;
    const auto named = [&](const AccountConfig& each) { return each.name == account; };
    if (std::ranges::none_of(config_.accounts, named))
      complain("account", fmt::format("there is no account \"{}\"", account), "name one with --account");
    return account;
  }

  Address group_of(const RosterRow& row, const std::string& account) {
    const std::string& named = row.group.empty() ? order_.group : row.group;
    if (named.empty()) return {account, {}, false};
    const auto group = groups_.find(account, named);
    if (!group)
      complain("group", fmt::format("no single group of {} is called \"{}\"", account, named),
               "write its chat id; the bot must have seen the group");
    return group.value_or(Address{account, {}, false});
  }

  std::string birthday_of(const RosterRow& row) {
    if (row.birthday.empty()) return {};
    const auto date = read_roster_date(row.birthday);
    const auto today = std::chrono::floor<std::chrono::days>(config_.zone.to_local(now_));
    const auto birthday = schedules::parse_birthday(date ? iso_date(*date) : row.birthday, today);
    if (birthday) return schedules::stored(*birthday);
    complain("birthday", fmt::format("\"{}\" is no birthday", row.birthday),
             "write 1990-03-05 or 3-5, or a lunar day");
    return {};
  }

  /// By its name, or as any language of the bot says it.
  std::optional<Role> role_of(const RosterRow& row) {
    if (row.role.empty()) return std::nullopt;
    Random random(1);
    for (const std::string_view name : kRoleNames) {
      bool said = name == row.role;
      for (const auto& [language, words] : texts_.languages()) {
        const std::string key = "role." + std::string(name);
        said = said || texts_.render(language, Said{key, {}}, random) == row.role;
      }
      if (said && may(Role::secretary, *role_named(name)) && name != "nobody") return role_named(name);
    }
    complain("role", fmt::format("\"{}\" cannot be given here", row.role), "leave it empty, or name a role");
    return std::nullopt;
  }

  std::optional<Instant> day_of(const std::string& text) const {
    const auto date = read_roster_date(text);
    if (!date || !date->year) return std::nullopt;
    const std::chrono::year_month_day day(*date->year, date->day.month(), date->day.day());
    return config_.zone.to_instant(LocalTime(std::chrono::local_days(day)));
  }

  const Config& config_;
  const Texts& texts_;
  const Groups& groups_;
  const RosterImport& order_;
  Instant now_;
  std::int64_t line_ = 0;
  Problems problems_;
};

struct Counts {
  std::size_t added = 0;
  std::size_t changed = 0;
  std::size_t unchanged = 0;
  std::size_t left_out = 0;
};

Counts take_all(sql::Db& db, const std::vector<people::Enrolment>& rows, Instant now) {
  Counts counts;
  for (const people::Enrolment& row : rows) {
    switch (people::take(db, row, now)) {
      case people::Taken::added:
        ++counts.added;
        break;
      case people::Taken::changed:
        ++counts.changed;
        break;
      case people::Taken::unchanged:
        ++counts.unchanged;
        break;
    }
  }
  return counts;
}

/// Whether there is nothing that forbids to go on.
bool print(const Problems& problems, const fs::path& file) {
  for (const Problem& problem : problems) std::cerr << printed(problem) << '\n';
  if (!has_errors(problems)) return true;
  std::cerr << fmt::format("nothing of {} was imported\n", file.string());
  return false;
}

std::string shown_day(const Config& config, const std::optional<Instant>& at) {
  return at ? iso_date(config.zone.to_local(*at)) : std::string();
}

std::string shown_birthday(const std::string& kept) {
  const auto birthday = schedules::restored_birthday(kept);
  return birthday ? schedules::written(*birthday) : std::string();
}

RosterRow row_of(const Config& config, const Texts& texts, const Groups& groups,
                 const people::Enrolment& each) {
  Random random(1);
  RosterRow row;
  row.name = each.name;
  row.account = each.who.account;
  row.user = each.who.user;
  row.group = groups.name(each.group);
  row.category = each.category;
  row.tags = each.tags;
  row.unit = each.unit;
  row.birthday = shown_birthday(each.birthday);
  row.joined = shown_day(config, each.joined);
  row.left = shown_day(config, each.left);
  if (each.role)
    row.role = texts.render(config.language, Said{"role." + std::string(role_name(*each.role)), {}}, random);
  return row;
}

std::vector<Address> groups_with_members(sql::Db& db) {
  std::vector<Address> groups;
  for (const sql::Row& row :
       db.query("SELECT DISTINCT account, chat FROM memberships ORDER BY account, chat"))
    groups.push_back({row.text(0), row.text(1), false});
  return groups;
}

}  // namespace

int run_roster_import(const Config& config, const fs::path& content_path, const RosterImport& order,
                      std::ostream& out, Instant now) {
  const ReadRoster read = read_roster(bytes_of(order.file), order.file.string());
  if (!print(read.problems, order.file)) return 1;
  Problems ignored;
  const auto content = load_content(content_path, ignored);
  DataFolder folder(config.data, config.database, SystemClock());
  bring_up_to_date(folder.db(), now);
  const Groups groups(config, folder.db());
  Translation translation(config, content->texts, groups, order, now);
  std::vector<people::Enrolment> rows;
  for (const RosterRow& row : read.rows) {
    if (!row.user.empty()) rows.push_back(translation.translated(row));
  }
  if (!print(translation.problems(), order.file)) return 1;
  sql::Transaction transaction(folder.db());
  Counts counts = take_all(folder.db(), rows, now);
  counts.left_out = read.rows.size() - rows.size();
  if (!order.dry_run) transaction.commit();
  out << fmt::format("{}: {} new, {} changed, {} unchanged, {} left out because they have no id{}\n",
                     order.file.string(), counts.added, counts.changed, counts.unchanged, counts.left_out,
                     order.dry_run ? "; nothing was written" : "");
  return 0;
}

int run_roster_export(const Config& config, const fs::path& content_path, const RosterExport& order,
                      std::ostream& out, Instant) {
  Problems ignored;
  const auto content = load_content(content_path, ignored);
  const auto db = open_to_look(config.data, config.database);
  refuse_newer(*db);
  const Groups groups(config, *db);
  std::vector<RosterRow> rows;
  for (const Address& group : groups_with_members(*db)) {
    const bool asked = order.group.empty() || groups.find(group.account, order.group) == group;
    if (!asked) continue;
    for (const people::Enrolment& each : people::enrolments(*db, group))
      rows.push_back(row_of(config, content->texts, groups, each));
  }
  const std::string table = write_roster(rows, config.language);
  if (!order.to) {
    out << table;
    return 0;
  }
  std::ofstream stream(*order.to, std::ios::binary);
  stream << table;
  stream.close();
  if (!stream) throw std::runtime_error(fmt::format("{} cannot be written", order.to->string()));
  out << fmt::format("{}: {} rows\n", order.to->string(), rows.size());
  return 0;
}

}  // namespace bot
