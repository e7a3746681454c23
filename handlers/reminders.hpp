#pragma once

#include "bot/desk/registry.hpp"

namespace handlers {

/// Reminders (conversation.md E.1, E.2; features D20): a member plans one for himself or herself, an admin
/// for everybody in the group, once or by any rule that repeats. Each has a T number, which is never given
/// twice; it can be stopped, started, changed and ended by whoever made it and by admins. A text in a group's
/// file says the same words by the same occasion, "reminder".
void reminders(bot::Registry& registry);

}  // namespace handlers
