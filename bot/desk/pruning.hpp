#pragma once

#include <chrono>
#include <cstdint>

#include "bot/base/instant.hpp"
#include "bot/desk/agenda.hpp"
#include "bot/store/migrate.hpp"

namespace bot {

/// How long the desk's rows stay, in whole nights. What a schedule's occurrences are kept for is the
/// agenda's.
namespace kept {
/// A platform delivers a message again within minutes, after a reconnect within days.
inline constexpr auto inbox = std::chrono::days(7);
/// Messages that were sent or given up, and the tries to send them. No limit counts further back.
inline constexpr auto outbox = std::chrono::days(90);
/// What messages that people may quote are about.
inline constexpr auto said = std::chrono::days(90);
/// Times in which an account heard nothing.
inline constexpr auto gaps = std::chrono::days(90);
}  // namespace kept

/// Deletes what is older, by night and in rounds of a few thousand rows, so that no commit takes long.
/// Messages that may still be sent stay, and one that was sent again for another as long as that other.
class Pruning {
 public:
  /// Indexes by which it finds what is old.
  static sql::Schema schema();

  /// Whether a night has begun since the last round, or that round left something.
  bool is_due(Instant now) const;
  /// How many rows went in the latest night.
  std::int64_t gone() const noexcept { return last_gone_; }
  /// Within a transaction: one round. When a night's last round is over, the log tells what is gone.
  void prune(sql::Db& db, Agenda& agenda, Instant now);

 private:
  struct Counts {
    std::int64_t inbox = 0;
    std::int64_t outbox = 0;
    std::int64_t said = 0;
    std::int64_t gaps = 0;
    std::int64_t archive = 0;
    std::int64_t agenda = 0;
    std::int64_t all() const noexcept { return inbox + outbox + said + gaps + archive + agenda; }
  };

  static Counts round(sql::Db& db, Agenda& agenda, Instant night);

  Instant last_{};
  bool more_ = false;
  Counts gone_{};
  std::int64_t last_gone_ = 0;
};

}  // namespace bot
