#pragma once

#include <string>

#include "bot/chat/address.hpp"

namespace bot {

/// The sender's name as it may stand in a message of the bot, whatever the platform lets people call
/// themselves: one line without control characters and turned writing, at most 32 code points and then "…";
/// the id when nothing remains.
std::string shown_name(const Sender& sender);

}  // namespace bot
