// Linked into xueban_crowded: the features of Xueban, and a hundred commands more. The linker's --wrap leads
// the one call of register_features here.
#include <fmt/format.h>

#include "handlers/features.hpp"

void all_features(bot::Registry& registry) asm("__real__ZN8handlers17register_featuresERN3bot8RegistryE");
void crowded_features(bot::Registry& registry) asm("__wrap__ZN8handlers17register_featuresERN3bot8RegistryE");

void crowded_features(bot::Registry& registry) {
  all_features(registry);
  for (int number = 1; number <= 100; ++number) {
    const bot::Wake wake = number % 2 == 0 ? bot::Wake::bare : bot::Wake::needed;
    registry.command({.name = fmt::format("crowd.c{:03}", number), .wake = wake, .run = [](bot::Turn&) {
                        return bot::Reply::silence();
                      }});
  }
}
