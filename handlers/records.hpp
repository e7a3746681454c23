#pragma once

#include "bot/desk/registry.hpp"

namespace handlers {

/// What was sent by itself, and why something was not (conversation.md E.2: why). For admins, from the ledger
/// of occurrences, in plain words.
void records(bot::Registry& registry);

}  // namespace handlers
