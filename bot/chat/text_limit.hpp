#pragma once

#include <cstddef>

namespace bot {

/// How long one message of a platform may be.
struct TextLimit {
  enum class Unit {
    bytes,       ///< of UTF-8
    characters,  ///< code points
  };
  std::size_t count = 0;
  Unit unit = Unit::characters;
};

}  // namespace bot
