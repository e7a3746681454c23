#pragma once

#include "bot/desk/registry.hpp"

namespace handlers {

/// Two accounts of one person are bound (features D21): one gives a code, the other types it in private, sees
/// what will come together and confirms. It can be taken back for ten minutes.
void binding(bot::Registry& registry);

}  // namespace handlers
