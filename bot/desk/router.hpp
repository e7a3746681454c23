#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "bot/desk/reading.hpp"
#include "bot/desk/registry.hpp"
#include "bot/texts/texts.hpp"

namespace bot {

/// A command as a person gave it.
struct Order {
  const Command* command = nullptr;
  std::optional<ObjectId> object{};  ///< typed or, for a quote, what the quoted message is about
  std::string text{};                ///< what stands behind the verb, as typed
  std::string before{};              ///< what stands before a verb that may stand anywhere, as typed
  std::string said{};                ///< the whole, as typed, without the wake word
  bool confirmed = false;            ///< with the code that was asked for
  bool woken = false;                ///< addressed to the bot beyond doubt
  const Command* alone = nullptr;    ///< what the verb means instead when no quote names an object
};

/// Addressed to the bot, but no command; nothing was heard when it was only called.
struct Miss {
  std::string heard{};                   ///< as typed, shortened
  std::optional<std::string> nearest{};  ///< a verb that one slip turns into what was typed
};

/// Finds the command in what was said. Built once from the registry and the verbs of all languages; its cost
/// does not grow with the number of commands.
class Router {
 public:
  /// A verb that means two commands is a problem.
  Router(const Registry& registry, const Texts& texts, Problems& problems);

  /// nullopt: nothing for the bot.
  std::optional<std::variant<Order, Miss>> route(const Reading& reading) const;

 private:
  bool begins_like_a_command(std::string_view said) const;
  const Command* by_verb(const std::string& form) const;
  std::optional<Order> whole_message(const Reading& reading, const std::vector<std::string>& forms) const;
  std::optional<Order> verb_with_text(const Reading& reading) const;
  std::optional<Order> verb_joined(const std::string& said) const;
  std::optional<Order> verb_with_id(const std::vector<std::string>& forms) const;
  std::optional<Order> verb_grown_to_id(const std::string& word, std::string rest) const;
  std::optional<Order> verb_anywhere(const std::string& said) const;
  Miss missed(const Reading& reading, const std::vector<std::string>& forms) const;

  const Registry& registry_;
  std::unordered_map<std::string, const Command*> verbs_;         // compact form → command
  std::unordered_map<std::string, const Command*> alone_;         // the same, of commands without an object
  std::unordered_set<char32_t> first_letters_;                    // of verbs and identifiers
  std::vector<std::pair<std::string, const Command*>> joined_;    // normal form → command
  std::vector<std::pair<std::string, const Command*>> anywhere_;  // normal form → command
  std::vector<std::string> spoken_;                               // verbs as written, for suggestions
};

}  // namespace bot
