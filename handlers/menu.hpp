#pragma once

#include "bot/desk/registry.hpp"

namespace handlers {

/// The menu: what the member may do here, numbered; a number within two minutes does it.
void menu(bot::Registry& registry);

}  // namespace handlers
