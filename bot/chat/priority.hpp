#pragma once

namespace bot {

/// What leaves first when not everything may leave, the most pressing first.
enum class Priority {
  urgent,  ///< a person decided that it must be said now
  reply,   ///< an answer that somebody waits for
  merged,  ///< an answer that is told together with others
  push,    ///< unasked
};

}  // namespace bot
