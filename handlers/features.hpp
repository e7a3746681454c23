#pragma once

#include "bot/desk/registry.hpp"

namespace handlers {

/// Everything that Xueban can do: one line per feature, in the order of the menu.
void register_features(bot::Registry& registry);

}  // namespace handlers
