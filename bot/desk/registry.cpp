#include "bot/desk/registry.hpp"

#include <stdexcept>

namespace bot {

void Registry::command(Command command) {
  if (!command.run) throw std::logic_error("command without a handler: " + command.name);
  if (!index_.emplace(command.name, commands_.size()).second) {
    throw std::logic_error("command registered twice: " + command.name);
  }
  commands_.push_back(std::move(command));
}

void Registry::identifier(char letter, std::string command) {
  if (!identifiers_.emplace(letter, std::move(command)).second) {
    throw std::logic_error(std::string("identifier registered twice: ") + letter);
  }
}

void Registry::occasion(std::string kind, Handler run) {
  if (!occasions_.emplace(kind, std::move(run)).second) {
    throw std::logic_error("occasion registered twice: " + kind);
  }
}

void Registry::repeatable_occasion(std::string kind, Handler run) {
  repeatable_.insert(kind);
  occasion(std::move(kind), std::move(run));
}

void Registry::job(Push push) {
  jobs_.push_back(std::move(push));
}

void Registry::schema(sql::Schema schema) {
  schemas_.push_back(std::move(schema));
}

void Registry::tally(Tally tally) {
  tallies_.push_back(std::move(tally));
}

const Command* Registry::find(const std::string& name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &commands_[found->second];
}

const Command* Registry::by_identifier(char letter) const {
  const auto found = identifiers_.find(letter);
  return found == identifiers_.end() ? nullptr : find(found->second);
}

const Handler* Registry::occasion(const std::string& kind) const {
  const auto found = occasions_.find(kind);
  return found == occasions_.end() ? nullptr : &found->second;
}

}  // namespace bot
