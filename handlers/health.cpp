#include "handlers/health.hpp"

#include <fmt/format.h>

#include "bot/desk/turn.hpp"

namespace handlers {

namespace {

std::vector<bot::Values> account_lines(bot::Turn& turn, const bot::Health& state) {
  std::vector<bot::Values> lines;
  for (const bot::AccountHealth& account : state.accounts) {
    lines.push_back({{"name", account.name},
                     {"up", account.up},
                     {"since", turn.moment(account.since)},
                     {"reason", account.reason}});
  }
  return lines;
}

std::vector<bot::Values> push_lines(bot::Turn& turn, const bot::Health& state) {
  std::vector<bot::Values> lines;
  for (const bot::Due& due : state.next) {
    const bot::Column* column = turn.content().library.column(due.push->subject);
    lines.push_back({{"when", turn.moment(due.at)},
                     {"what", column == nullptr ? due.push->subject : column->name},
                     {"group", due.group_name},
                     {"named", turn.where().direct && !due.group_name.empty()}});
  }
  return lines;
}

bot::Reply report(bot::Turn& turn) {
  const bot::Health state = turn.health();
  bot::Values values;
  values.set("started", turn.moment(state.started));
  values.set("accounts", account_lines(turn, state));
  values.set("waiting", state.waiting);
  values.set("unknown", state.unknown);
  values.set("deciding", state.deciding).set("checking", state.deciding > 0);
  values.set("refused", state.refused);
  values.set("missed", state.missed);
  values.set("muted", state.muted).set("is_muted", state.muted > 0);
  values.set("database",
             fmt::format("{:.1f}", static_cast<double>(state.database_bytes) / (1024.0 * 1024.0)));
  values.set("is_quiet", state.quiet_until.has_value());
  values.set("quiet_until", state.quiet_until ? turn.moment(*state.quiet_until) : std::string());
  values.set("pruned", state.pruned).set("has_pruned", state.pruned > 0);
  values.set("pushes", push_lines(turn, state));
  values.set("none", state.next.empty());
  values.set("behind", state.held == "behind_last_run");
  values.set("before_build", state.held == "before_build");
  values.set("restored", state.held == "restored");
  return bot::Reply::say("health.report", std::move(values));
}

/// Only against a clock that the last run was ahead of; one before the build is wrong in any case.
bot::Reply trust_clock(bot::Turn& turn) {
  const std::string doubt = turn.agenda().clock_doubt(turn.now());
  bot::Values values{{"now", turn.moment(turn.now())}};
  if (doubt.empty()) return bot::Reply::say("health.clock_fine", std::move(values));
  if (doubt == "before_build") return bot::Reply::say("health.clock_impossible", std::move(values));
  turn.agenda().trust_clock(turn.db(), turn.now());
  return bot::Reply::say("health.clock_trusted", std::move(values));
}

/// After a restore. Not by a clock in doubt, whose time would say what is never sent.
bot::Reply resume_pushes(bot::Turn& turn) {
  bot::Values values{{"now", turn.moment(turn.now())}};
  const std::string held = turn.agenda().held(turn.now());
  if (held.empty()) return bot::Reply::say("health.not_held");
  if (held != "restored") return bot::Reply::say("health.clock_first", std::move(values));
  turn.agenda().resume_pushes(turn.db(), turn.now());
  return bot::Reply::say("health.resumed", std::move(values));
}

}  // namespace

void health(bot::Registry& registry) {
  registry.command({.name = "health", .needs = bot::Role::manager, .wake = bot::Wake::bare, .run = report});
  registry.command({.name = "health.clock",
                    .needs = bot::Role::manager,
                    .effect = bot::Effect::writes,
                    .run = trust_clock});
  registry.command({.name = "health.resume",
                    .needs = bot::Role::manager,
                    .effect = bot::Effect::writes,
                    .run = resume_pushes});
}

}  // namespace handlers
