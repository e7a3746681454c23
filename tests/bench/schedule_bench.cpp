// What ten thousand groups with five schedules each cost, without a network: the desk, the database with full
// sync on a real disk, the shipped content. Times are of this machine; compare runs of one day.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <optional>

#include "bot/app.hpp"
#include "bot/platforms/sandbox/clock.hpp"
#include "bot/store/sqlite.hpp"
#include "schedules/line.hpp"
#include "schedules/phrases.hpp"
#include "schedules/stored_rule.hpp"
#include "tests/bench/resident.hpp"
#include "tests/bench/table.hpp"

namespace {

using bot::Instant;
using Wall = std::chrono::steady_clock;

constexpr int kGroups = 10'000;
constexpr std::array<const char*, 5> kRules = {
    "every day 08:00", "every workday 17:50", "on the last Friday of every month 15:00",
    "every year on lunar 8-15 09:00", "every second week on Tuesday 19:00"};

double seconds_since(Wall::time_point begin) {
  return std::chrono::duration<double>(Wall::now() - begin).count();
}

/// Takes what leaves and forgets it, like a platform that never answers.
class Sink final : public bot::Postman {
 public:
  void send(std::vector<bot::Delivery> leaving) override {
    if (!first_push_ && std::ranges::any_of(leaving, &bot::Delivery::push)) first_push_ = Wall::now();
  }
  void read_history(const bot::Address&, std::size_t) override {}
  const std::optional<Wall::time_point>& first_push() const noexcept { return first_push_; }

 private:
  std::optional<Wall::time_point> first_push_;
};

struct Setting {
  explicit Setting(const std::filesystem::path& path, Instant now) : folder(path), clock(now) {
    std::filesystem::create_directories(folder);
    db = bot::sql::open_sqlite(folder / "xueban.db");
    bot::Problems problems;
    content = bot::load_content(bot::content_folder(config), problems);
    config.limits.stagger = std::nullopt;
  }
  ~Setting() {
    db.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  double start() {
    app.reset();
    const auto begin = Wall::now();
    app = std::make_unique<bot::App>(config, content, *db, clock, sink, 1);
    return seconds_since(begin);
  }

  void connect() {
    std::vector<bot::Event> events;
    events.emplace_back(bot::Address{"qq", {}, false}, clock.now(), bot::LinkUp{"10001", "bench"});
    app->desk().handle(std::move(events));
  }

  std::int64_t count(const char* sql) { return db->query(sql, {}).front().integer(0); }

  std::filesystem::path folder;
  bot::Config config = bot::default_config();
  bot::TravelClock clock;
  Sink sink;
  std::shared_ptr<const bot::Content> content;
  std::unique_ptr<bot::sql::Db> db;
  std::unique_ptr<bot::App> app;
};

/// Groups that the bot knows, each with its own five schedules, as if admins had typed them.
void fill(Setting& setting) {
  std::vector<bot::Event> events;
  bot::GroupsListed listed;
  for (int group = 0; group < kGroups; ++group)
    listed.groups.push_back({std::to_string(900'000 + group), "g"});
  events.emplace_back(bot::Address{"qq", "", false}, setting.clock.now(), std::move(listed));
  setting.app->desk().handle(std::move(events));
  bot::sql::Transaction transaction(*setting.db);
  for (int group = 0; group < kGroups; ++group) {
    for (std::size_t rule = 0; rule < kRules.size(); ++rule) {
      setting.db->execute(
          "INSERT INTO schedules (account, chat, direct, number, occasion, subject, rule, person, catch_up, "
          "sharp, urgent, paused, ended, made_by, made_at, since) VALUES ('qq', $1, 0, $2, 'reminder', "
          "'fill in the log', $3, '', 120, 0, 0, 0, 0, '1', 0, 0)",
          {std::to_string(900'000 + group), static_cast<std::int64_t>(rule + 1),
           schedules::stored(*schedules::parse_rule(kRules[rule]))});
    }
  }
  transaction.commit();
}

/// All times of a year, of every schedule of every group.
std::size_t year_of_occurrences(const bot::Config& config, const schedules::Calendar& calendar,
                                Instant from) {
  const schedules::Moments moments(config.limits, calendar.workdays);
  std::size_t count = 0;
  for (int group = 0; group < kGroups; ++group) {
    for (const char* rule : kRules) {
      schedules::Line line;
      line.push = std::make_shared<const bot::Push>();
      line.rule = *schedules::parse_rule(rule);
      line.group = &config.groups.fallback();
      for (auto moment = moments.first_after(line, from);
           moment && moment->at < from + std::chrono::days(365); moment = moments.after(line, *moment)) {
        ++count;
      }
    }
  }
  return count;
}

}  // namespace

int main(int count, char** arguments) {
  const std::filesystem::path folder =
      std::filesystem::path(count > 1 ? arguments[1] : ".") / fmt::format("schedules-{}", getpid());
  const auto zone = bot::Zone::named("Asia/Shanghai");
  const Instant morning =
      zone->to_instant(std::chrono::local_days(std::chrono::year(2026) / 11 / 24) + std::chrono::hours(8));
  Setting setting(folder, morning - std::chrono::hours(1));
  setting.start();
  fill(setting);
  bench::Table table;

  const double armed = setting.start();
  table.judge("50,000 schedules, start to armed", fmt::format("{:.2f} s", armed), "", "", "<= 1 s",
              armed <= 1);

  setting.connect();
  setting.clock.advance(std::chrono::hours(1));
  const auto begin = Wall::now();
  int rounds = 0;
  for (; setting.app->desk().next_due() <= setting.clock.now(); ++rounds) setting.app->desk().handle({});
  const double told = seconds_since(begin);
  const auto rows = setting.count("SELECT count(*) FROM outbox WHERE push = 1");
  table.judge(fmt::format("08:00 in {} groups, {} rows in the outbox", kGroups, rows),
              fmt::format("{:.2f} s", told), "", "", "<= 2 s", told <= 2);
  table.note("  commits with full sync", std::to_string(rounds));
  const auto first = setting.sink.first_push();
  const double late = first ? std::chrono::duration<double>(*first - begin).count() : told;
  table.judge("  the first of them with the platform", fmt::format("{:.2f} s", late), "", "", "<= 1 s",
              first && late <= 1);

  bot::Problems problems;
  const auto calendar = schedules::load_calendar(bot::content_folder(setting.config) / "calendar", problems);
  const auto year_begin = Wall::now();
  const std::size_t occurrences = year_of_occurrences(setting.config, calendar, morning);
  const double year = seconds_since(year_begin);
  table.judge(fmt::format("a year of all: {} occurrences", occurrences), fmt::format("{:.2f} s", year), "",
              "", "<= 5 s", year <= 5);
  const double memory = bench::resident_mib();
  table.judge("memory", fmt::format("{:.0f} MiB", memory), "", "", "<= 150", memory <= 150);
  std::cout << table.text();
  return 0;
}
