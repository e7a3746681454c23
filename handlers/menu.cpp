#include "handlers/menu.hpp"

#include "bot/desk/turn.hpp"

namespace handlers {

namespace {

bot::Reply show_menu(bot::Turn& turn) {
  const bot::Words& words = turn.content().texts.words(turn.group().language);
  std::vector<bot::Values> items;
  bot::Question question;
  for (const bot::Command& command : turn.registry().commands()) {
    const auto help = words.help.find(command.name);
    const auto verbs = words.verbs.find(command.name);
    if (help == words.help.end() || verbs == words.verbs.end() || !may(turn.member().role, command.needs))
      continue;
    const std::string number = std::to_string(items.size() + 1);
    items.push_back({{"number", number}, {"help", help->second}});
    question.options.push_back({number, verbs->second.front()});
  }
  turn.ask(std::move(question));
  return bot::Reply::say("menu.list", {{"items", std::move(items)}});
}

}  // namespace

void menu(bot::Registry& registry) {
  registry.command({.name = "menu",
                    .effect = bot::Effect::writes,
                    .wake = bot::Wake::bare,
                    .only_shows = true,
                    .run = show_menu});
}

}  // namespace handlers
