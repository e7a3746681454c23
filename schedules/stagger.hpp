#pragma once

#include <chrono>

#include "bot/base/instant.hpp"
#include "bot/chat/address.hpp"

namespace schedules {

/// The chat's own offset within `spread`: the same for ever, on every machine, at least one second. Not all
/// groups speak at once, and none on the full or half hour, when every other bot does (conversation.md E.4).
std::chrono::seconds offset_of(const bot::Address& chat, std::chrono::seconds spread, bot::LocalTime planned);

}  // namespace schedules
