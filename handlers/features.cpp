#include "handlers/features.hpp"

#include "handlers/binding.hpp"
#include "handlers/health.hpp"
#include "handlers/lessons.hpp"
#include "handlers/members.hpp"
#include "handlers/menu.hpp"
#include "handlers/ping.hpp"
#include "handlers/privacy.hpp"
#include "handlers/quiet.hpp"
#include "handlers/records.hpp"
#include "handlers/reminders.hpp"
#include "handlers/roster.hpp"

namespace handlers {

void register_features(bot::Registry& registry) {
  lessons(registry);
  reminders(registry);
  members(registry);
  binding(registry);
  roster(registry);
  menu(registry);
  records(registry);
  quiet(registry);
  health(registry);
  privacy(registry);
  ping(registry);
}

}  // namespace handlers
