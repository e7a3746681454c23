#include "handlers/ping.hpp"

#include "bot/desk/turn.hpp"

namespace handlers {

namespace {

bot::Reply pong(bot::Turn& turn) {
  return bot::Reply::say("ping.pong", {{"text", turn.text()}});
}

}  // namespace

void ping(bot::Registry& registry) {
  registry.command({.name = "ping", .wake = bot::Wake::bare_text, .outside_manners = true, .run = pong});
}

}  // namespace handlers
