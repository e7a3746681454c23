#pragma once

#include <cstdint>

#include "bot/base/instant.hpp"
#include "bot/base/random.hpp"

namespace bot {

/// How long to wait before the next connection attempt (reliability N2): full jitter from 0 to
/// min(30 s, 0.5 s · 2ⁿ), where n counts the attempts since the connection was last stable. So the first
/// attempt after a drop comes within half a second, and many clients do not come back in step.
class Backoff {
 public:
  explicit Backoff(std::uint64_t seed) : random_(seed) {}

  /// After a failed attempt (`lived` is 0) or after a connection that lived that long. 60 s count as stable.
  Milliseconds after_loss(Milliseconds lived);
  /// After the other side refused us (a wrong token): at least 30 s, growing to between half a minute and
  /// five minutes, because asking again soon cannot help.
  Milliseconds after_refusal();

 private:
  Milliseconds jitter(Milliseconds bound);

  Random random_;
  unsigned losses_ = 0;
  unsigned refusals_ = 0;
};

}  // namespace bot
