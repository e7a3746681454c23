#pragma once

#include "bot/desk/registry.hpp"

namespace handlers {

/// What the bot refrains from: a group that is left in peace for a while, people who are not mentioned,
/// people whose commands are ignored.
void quiet(bot::Registry& registry);

}  // namespace handlers
