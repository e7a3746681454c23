#pragma once

#include <optional>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/base/rate.hpp"
#include "bot/chat/text_limit.hpp"

namespace bot {

/// What an account hears in a chat.
enum class Hears {
  everything,
  mentions,  ///< only what is addressed to the bot
  nothing,   ///< the account only speaks
};

/// What one chat of an account allows. The platform knows it, and the desk asks before it words anything.
/// The rates are the platform's own; they count besides the settings, so that the stricter wins.
struct Capabilities {
  bool push = true;  ///< messages that answer nobody
  Hears hears = Hears::everything;
  bool mention = true;      ///< of single people
  bool mention_all = true;  ///< as long as the platform's quota lasts
  bool history = true;      ///< what was said before can be read
  bool members = false;     ///< who is in a group can be read
  bool recall = false;      ///< own messages can be taken back
  bool pictures = true;
  bool buttons = false;
  std::optional<Milliseconds> reply_window{};  ///< an answer is possible for so long; absent: always
  TextLimit text{3000, TextLimit::Unit::characters};
  std::vector<Rate> per_chat{};
  std::vector<Rate> per_account{};
};

}  // namespace bot
