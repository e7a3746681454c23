#include "handlers/features.hpp"

#include "handlers/health.hpp"
#include "handlers/lessons.hpp"
#include "handlers/menu.hpp"
#include "handlers/ping.hpp"

namespace handlers {

void register_features(bot::Registry& registry) {
  lessons(registry);
  menu(registry);
  health(registry);
  ping(registry);
}

}  // namespace handlers
