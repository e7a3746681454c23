#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/chat/event.hpp"

/// How a typed message is read before anybody looks for a command in it (conversation.md E.1).
namespace bot {

/// "L12": ids carry their type.
struct ObjectId {
  char letter = 0;  ///< upper case
  std::int64_t number = 0;
  bool operator==(const ObjectId&) const = default;
};

/// Why a message with a wake word may still be meant for others: a command is obeyed, the rest is talk.
enum class Doubt {
  none,
  sign,  ///< "/" and "#" also begin paths, topics, a platform's own chains and the commands of other robots
  /// The name runs on into the next word, as it does in talk about the bot: "学伴今天怎么没发课"; or others
  /// are mentioned behind it.
  name,
};

/// What a message says once the wake word is gone.
struct Reading {
  bool woken = false;  ///< addressed to the bot: mentioned, called by name, "/" or "#", or in private
  std::string said{};  ///< as typed, without the wake word; empty when the bot was only called
  Doubt doubt = Doubt::none;
  bool confirmed = false;  ///< the person has answered with the code that was asked for
};

/// nullopt when the message cannot be for the bot: it is addressed to others and not to the bot first, says
/// nothing, or is neither addressed nor short enough to be a bare command.
std::optional<Reading> read_message(const MessagePosted& posted, bool direct,
                                    const std::vector<std::string>& nicknames);

/// The compact form and what remains of it as trailing politeness is taken away, longest first.
std::vector<std::string> polite_forms(std::string_view text);

/// A compact form such as "l12", or with Chinese numerals behind the letter.
std::optional<ObjectId> object_id(std::string_view compact);
std::string printed(const ObjectId& id);

/// The first word as typed and what stands behind it.
struct FirstWord {
  std::string_view word{};
  std::string_view rest{};
};
FirstWord first_word(std::string_view text) noexcept;

}  // namespace bot
