#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace bot {

/// Chance as a parameter: tests seed it, the program takes entropy. One thread per object.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  static Random from_entropy() {
    std::random_device device;
    return Random((static_cast<std::uint64_t>(device()) << 32U) | device());
  }
  /// Evenly from 0 to `bound` - 1; 0 when `bound` is 0.
  std::uint64_t below(std::uint64_t bound) {
    return bound == 0 ? 0 : std::uniform_int_distribution<std::uint64_t>(0, bound - 1)(engine_);
  }
  std::uint64_t next() { return engine_(); }
  /// 128 bits as 32 hexadecimal digits: a name that nothing else ever gets.
  std::string unique_name();

 private:
  std::mt19937_64 engine_;
};

}  // namespace bot
