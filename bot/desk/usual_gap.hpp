#pragma once

#include <array>
#include <optional>

#include "bot/base/instant.hpp"

/// How long a chat is usually silent.
namespace bot {

/// The usual time between two messages of a group: a median that every gap moves by a twentieth, so that one
/// night does not count for more than one message, and what was a few hundred messages ago is forgotten.
class UsualGap {
 public:
  void add(Milliseconds gap);
  /// 10 minutes until a first gap is known; never below a second.
  Milliseconds value() const noexcept { return value_; }

 private:
  Milliseconds value_ = std::chrono::minutes(10);
  bool known_ = false;
};

/// How long the silences are that reach into each hour of the day, as a mean over about four days: nobody
/// has to say when the night is.
class SilentHours {
 public:
  /// A silence that has ended.
  void add(Instant begin, Instant end);
  /// Of the hour that `at` lies in; nothing until most of such an hour was heard.
  std::optional<Milliseconds> usual(Instant at) const;

 private:
  struct Hour {
    Milliseconds seen{0};
    Milliseconds usual{0};
  };
  static std::size_t index(Instant at) noexcept;

  std::array<Hour, 24> hours_{};
};

}  // namespace bot
