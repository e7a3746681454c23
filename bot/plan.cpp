#include "bot/plan.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "bot/app.hpp"
#include "bot/base/log.hpp"
#include "bot/platforms/sandbox/stage.hpp"
#include "bot/store/sqlite.hpp"
#include "bot/texts/moments.hpp"

namespace bot {

namespace {

/// A copy of the database in a folder that vanishes with the object; an empty one before the first start.
class CopiedDatabase {
 public:
  explicit CopiedDatabase(const std::filesystem::path& original) {
    std::string pattern = (std::filesystem::temp_directory_path() / "xueban-plan-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder: " + pattern);
    folder_ = pattern;
    const auto copy = folder_ / "xueban.db";
    if (std::filesystem::exists(original)) {
      sql::open_sqlite_read_only(original)->execute("VACUUM INTO $1", {copy.string()});
    }
    db_ = sql::open_sqlite(copy);
  }
  ~CopiedDatabase() {
    db_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  CopiedDatabase(const CopiedDatabase&) = delete;
  CopiedDatabase& operator=(const CopiedDatabase&) = delete;

  sql::Db& db() noexcept { return *db_; }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<sql::Db> db_;
};

/// Plays days and prints what the bot says meanwhile.
class Rehearsal {
 public:
  Rehearsal(const Config& config, std::shared_ptr<const Content> content, sql::Db& db, Instant now)
      : config_(config),
        content_(std::move(content)),
        clock_(now),
        room_("plan", clock_),
        app_(config_, content_, db, clock_, room_, 1),
        stage_(app_.desk(), room_, clock_) {}

  void play(int days) {
    std::vector<Event> events;
    for (const AccountConfig& account : config_.accounts) {
      const Address nowhere{account.name, {}, false};
      events.emplace_back(nowhere, clock_.now(), LinkUp{});
      if (app_.known_groups().all().empty()) {
        GroupsListed listed;
        listed.groups.push_back({"*", worded("sandbox.plan_any_group")});
        events.emplace_back(nowhere, clock_.now(), std::move(listed));
      }
    }
    stage_.play(std::move(events));
    stage_.travel(std::chrono::days(days));
  }

  void print(std::ostream& out) {
    for (const Room::Line& line : room_.transcript()) {
      const GroupProfile& group = config_.groups.find(line.where.account, line.where.chat);
      const std::string_view text(line.text);
      out << fmt::format("{} ({})  {} ({}/{})  {}\n",
                         worded_moment(content_->texts, config_.language, group.zone, line.at, random_),
                         group.zone.name(), name(line.where, group), line.where.account, line.where.chat,
                         text.substr(0, text.find('\n')));
    }
    if (room_.transcript().empty()) out << worded("sandbox.plan_nothing") << '\n';
  }

 private:
  std::string worded(std::string key, Values values = {}) {
    return content_->texts.render(config_.language, Said{std::move(key), std::move(values)}, random_);
  }

  std::string name(const Address& where, const GroupProfile& group) const {
    if (!group.name.empty()) return group.name;
    for (const auto& entry : app_.known_groups().all()) {
      if (entry.where == where && !entry.name.empty()) return entry.name;
    }
    return where.chat;
  }

  const Config& config_;
  std::shared_ptr<const Content> content_;
  TravelClock clock_;
  Room room_;
  App app_;
  Stage stage_;
  Random random_{1};
};

}  // namespace

int run_plan(const Config& config, const std::filesystem::path& content_path, int days, std::ostream& out) {
  log::to_nowhere();
  Problems problems;
  auto content = load_content(content_path, problems);
  for (const Problem& problem : problems) std::cerr << printed(problem) << '\n';
  if (config.accounts.empty())
    std::cerr << "no account is configured, so nothing can be pushed — add an [[account]]\n";
  CopiedDatabase copy(config.data / "xueban.db");
  Rehearsal rehearsal(config, std::move(content), copy.db(), SystemClock().now());
  rehearsal.play(days);
  rehearsal.print(out);
  return 0;
}

}  // namespace bot
