#pragma once

#include "bot/desk/registry.hpp"

namespace handlers {

/// A lesson a day (origins 1.7, 2.27, 3.8): pushed at its hour, shown when asked for, in full by its number,
/// and counted when a member says so by a word or by quoting it.
///
/// The lesson of a day is chosen when it is first pushed or learned in a group: the lowest number that the
/// group has not had for 180 days, else the one that is longest ago. Reading never changes it.
void lessons(bot::Registry& registry);

}  // namespace handlers
