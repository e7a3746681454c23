#pragma once

#include "bot/desk/registry.hpp"

namespace handlers {

/// What is stored about people, for those people: shown, erased, and never archived unless the group wants
/// it (features D23).
void privacy(bot::Registry& registry);

}  // namespace handlers
