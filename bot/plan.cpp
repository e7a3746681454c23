#include "bot/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>

#include "bot/app.hpp"
#include "bot/base/log.hpp"
#include "bot/base/utf8.hpp"
#include "bot/copied_database.hpp"
#include "bot/platforms/sandbox/stage.hpp"
#include "bot/texts/moments.hpp"

namespace bot {

namespace {

/// Closer than this, two messages of one chat collide.
constexpr auto kTooClose = std::chrono::minutes(10);
/// More in a day than this is worth a line.
constexpr std::int64_t kManyInADay = 6;
/// How long a push may be on its way from its moment to the group.
constexpr auto kOnTheWay = std::chrono::minutes(1);

/// One message that will be said.
struct Planned {
  Instant at{};
  LocalTime local{};  ///< as people expect it, without the seconds that keep groups apart
  std::string text{};
  bool digest = false;
};

using Plans = std::map<Address, std::vector<Planned>>;

/// The first line; of a digest, whose first line says nothing, the others.
std::string shown_text(const std::string& text, bool digest) {
  const std::size_t end = text.find('\n');
  if (!digest || end == std::string::npos) return utf8::escaped(text.substr(0, end));
  std::string rest(utf8::trimmed(text.substr(end)));
  std::ranges::replace(rest, '\n', ' ');
  return utf8::escaped(rest);
}

/// A plan names the same moments however often it is asked for.
Config without_chance(Config config) {
  config.limits.jitter = std::nullopt;
  return config;
}

/// Plays days and notes what the bot says meanwhile.
class Rehearsal {
 public:
  Rehearsal(const Config& config, std::shared_ptr<const Content> content, sql::Db& db, Instant now)
      : config_(without_chance(config)),
        content_(std::move(content)),
        db_(db),
        clock_(now),
        room_("plan", clock_),
        app_(config_, content_, db, clock_, room_, 1),
        stage_(app_.desk(), room_, clock_) {}

  const App& app() const noexcept { return app_; }

  Plans play(int days, const std::string& any_group) {
    const Instant now = clock_.now();
    go_on_after_restore(now);
    stage_.play(arrival(any_group));
    for (const Due& due : app_.agenda().upcoming(now, now + std::chrono::days(days), std::nullopt)) {
      expected_[due.target][due.at] = expected_at(due, config_.limits);
    }
    stage_.travel(std::chrono::days(days));
    Plans plans;
    for (const Room::Line& line : room_.transcript()) plans[line.where].push_back(planned(line));
    return plans;
  }

 private:
  /// What will be said once an admin lets pushes go on.
  void go_on_after_restore(Instant now) {
    if (app_.agenda().held(now) != "restored") return;
    std::cerr << "a backup was restored: nothing is pushed until an admin says \"resume-pushes\"\n";
    sql::Transaction transaction(db_);
    app_.agenda().resume_pushes(db_, now);
    transaction.commit();
  }

  /// The accounts come up; before the first start one made-up group stands for all.
  std::vector<Event> arrival(const std::string& any_group) const {
    std::vector<Event> events;
    for (const AccountConfig& account : config_.accounts) {
      const Address nowhere{account.name, {}, false};
      events.emplace_back(nowhere, clock_.now(), LinkUp{});
      if (app_.known_groups().all().empty()) {
        GroupsListed listed;
        listed.groups.push_back({"*", any_group});
        events.emplace_back(nowhere, clock_.now(), std::move(listed));
      }
    }
    return events;
  }

  Planned planned(const Room::Line& line) const {
    const bool digest = line.kind == "core.digest";
    const Instant shown = digest ? line.at : expected(line);
    const Zone& zone = config_.groups.find(line.where).zone;
    return {line.at, zone.to_local(shown), shown_text(line.text, digest), digest};
  }

  /// What was due when the line was said; the line's own time when the pace held it up.
  Instant expected(const Room::Line& line) const {
    const auto chat = expected_.find(line.where);
    if (chat == expected_.end()) return line.at;
    const auto later = chat->second.upper_bound(line.at);
    if (later == chat->second.begin()) return line.at;
    const auto& [at, expected] = *std::prev(later);
    return line.at - at < kOnTheWay ? expected : line.at;
  }

  const Config config_;
  std::shared_ptr<const Content> content_;
  sql::Db& db_;
  TravelClock clock_;
  Room room_;
  App app_;
  Stage stage_;
  std::map<Address, std::map<Instant, Instant>> expected_;
};

/// Says a plan in the operator's language, chat by chat.
class Print {
 public:
  Print(const Config& config, const Texts& texts, std::ostream& out)
      : config_(config), texts_(texts), out_(out) {}

  std::string worded(std::string key, Values values = {}) {
    return texts_.render(config_.language, Said{std::move(key), std::move(values)}, random_);
  }

  void all(const Plans& plans, const KnownGroups& known) {
    bool first = true;
    for (const auto& [where, lines] : plans) {
      if (!first) out_ << '\n';
      first = false;
      header(where, known);
      for (std::size_t place = 0; place < lines.size(); ++place) push(lines, place);
      busy_days(lines);
    }
    if (plans.empty()) out_ << worded("sandbox.plan_nothing") << '\n';
  }

 private:
  void header(const Address& where, const KnownGroups& known) {
    const GroupProfile& group = config_.groups.find(where);
    const std::string name = group.name.empty() ? known.name(where) : group.name;
    Values values{{"name", utf8::escaped(name.empty() ? where.chat : name)},
                  {"chat", where.account + "/" + where.chat},
                  {"zone", group.zone.name()}};
    out_ << worded(where.direct ? "sandbox.plan_private" : "sandbox.plan_group", std::move(values)) << '\n';
  }

  void push(const std::vector<Planned>& lines, std::size_t place) {
    const Planned& line = lines[place];
    Values values = day(line.local);
    values.set("time", clock_time(line.local)).set("text", line.text).set("digest", line.digest);
    values.set("clashes", clashes(lines, place));
    out_ << "  " << worded("sandbox.plan_push", std::move(values)) << '\n';
  }

  /// With the message before and the one behind.
  static std::vector<Values> clashes(const std::vector<Planned>& lines, std::size_t place) {
    std::vector<Values> clashes;
    const auto add = [&](const Planned& other) { clashes.push_back({{"other", clock_time(other.local)}}); };
    if (place > 0 && lines[place].at - lines[place - 1].at < kTooClose) add(lines[place - 1]);
    if (place + 1 < lines.size() && lines[place + 1].at - lines[place].at < kTooClose) add(lines[place + 1]);
    return clashes;
  }

  void busy_days(const std::vector<Planned>& lines) {
    std::map<std::chrono::local_days, std::int64_t> counts;
    for (const Planned& line : lines) ++counts[std::chrono::floor<std::chrono::days>(line.local)];
    for (const auto& [date, count] : counts) {
      if (count <= kManyInADay) continue;
      Values values = day(date);
      values.set("count", count).set("most", kManyInADay);
      out_ << "  " << worded("sandbox.plan_busy_day", std::move(values)) << '\n';
    }
  }

  Values day(LocalTime local) {
    return {{"weekday", worded_weekday(texts_, config_.language, local, random_)}, {"date", iso_date(local)}};
  }

  const Config& config_;
  const Texts& texts_;
  std::ostream& out_;
  Random random_{1};
};

void print_problems(const Problems& problems) {
  for (const Problem& problem : problems) std::cerr << printed(problem) << '\n';
}

}  // namespace

int run_plan(const Config& config, const std::filesystem::path& content_path, int days, std::ostream& out,
             Instant now) {
  log::to_nowhere();
  Problems problems;
  const auto content = load_content(content_path, problems);
  print_problems(problems);
  if (config.accounts.empty())
    std::cerr << "no account is configured, so nothing can be pushed \u2014 add an [[account]]\n";
  CopiedDatabase copy(config.data, config.database, now);
  Rehearsal rehearsal(config, content, copy.db(), now);
  print_problems(rehearsal.app().problems());
  Print print(config, content->texts, out);
  const Plans plans = rehearsal.play(days, print.worded("sandbox.plan_any_group"));
  print.all(plans, rehearsal.app().known_groups());
  return 0;
}

}  // namespace bot
