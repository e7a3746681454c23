#pragma once

#include "bot/desk/registry.hpp"

namespace handlers {

/// Self-check for admins: accounts, queue, database, next pushes.
void health(bot::Registry& registry);

}  // namespace handlers
