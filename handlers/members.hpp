#pragma once

#include "bot/desk/registry.hpp"

namespace handlers {

/// What a member says of himself or herself: the real name, the birthday, to which of several groups he or
/// she belongs and which one is meant in private; and what is on record of that.
void members(bot::Registry& registry);

}  // namespace handlers
