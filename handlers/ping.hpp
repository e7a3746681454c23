#pragma once

#include "bot/desk/registry.hpp"

namespace handlers {

/// `ping TEXT` → `pong TEXT`: anyone, any chat; for health checks from outside.
void ping(bot::Registry& registry);

}  // namespace handlers
