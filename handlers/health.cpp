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
    const bot::Column* column = turn.content().library.column(due.push.subject);
    lines.push_back({{"when", turn.moment(due.at)},
                     {"what", column == nullptr ? due.push.subject : column->name},
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
  values.set("refused", state.refused);
  values.set("missed", state.missed);
  values.set("database",
             fmt::format("{:.1f}", static_cast<double>(state.database_bytes) / (1024.0 * 1024.0)));
  values.set("pushes", push_lines(turn, state));
  values.set("none", state.next.empty());
  return bot::Reply::say("health.report", std::move(values));
}

}  // namespace

void health(bot::Registry& registry) {
  registry.command({.name = "health", .needs = bot::Rank::admin, .wake = bot::Wake::bare, .run = report});
}

}  // namespace handlers
