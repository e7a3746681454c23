#pragma once

#include <chrono>
#include <cstdint>

namespace bot {

/// So many within a span of time.
struct Rate {
  std::int64_t count = 1;
  std::chrono::milliseconds window{1000};
  bool operator==(const Rate&) const = default;
};

}  // namespace bot
