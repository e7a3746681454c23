#include "bot/base/random.hpp"

#include <fmt/format.h>

namespace bot {

std::string Random::unique_name() {
  const std::uint64_t high = next();
  const std::uint64_t low = next();
  return fmt::format("{:016x}{:016x}", high, low);
}

}  // namespace bot
