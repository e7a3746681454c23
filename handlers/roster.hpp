#pragma once

#include "bot/desk/registry.hpp"

namespace handlers {

/// What those who run a group keep about its people: the list of names, tags and categories in the group's
/// own words, real names set for others, and what somebody was called before.
void roster(bot::Registry& registry);

}  // namespace handlers
