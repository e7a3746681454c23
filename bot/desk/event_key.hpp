#pragma once

#include <string>

#include "bot/chat/event.hpp"
#include "bot/store/sql.hpp"

namespace bot {

/// By what a message is known again when a platform delivers it twice (reliability E1). What is stored names
/// nobody.
class EventKey {
 public:
  EventKey(const Event& event, const MessagePosted& posted);

  /// Of memory, never stored.
  const std::string& plain() const noexcept { return plain_; }
  /// Within a transaction: false when the event was booked before.
  bool book(sql::Db& db, const std::string& command, Instant now) const;

 private:
  std::int64_t at_;
  std::string plain_;
};

}  // namespace bot
