#pragma once

#include "bot/base/instant.hpp"
#include "bot/store/migrate.hpp"

/// Whether the database is a restored backup. Its rows do not know what was sent after the backup was made,
/// so nothing of that time may be sent again (reliability S5).
namespace schedules {

bot::sql::Schema push_hold_schema();

struct PushHold {
  bool holds = false;    ///< pushes wait for an admin
  bot::Instant until{};  ///< what was due up to here is never sent: it may have been
};

PushHold push_hold(bot::sql::Db& db);

/// Holds pushes from now on. What was on its way when the backup was made becomes unknown, what was held for
/// a digest missed. One transaction of its own.
void mark_restored(bot::sql::Db& db, bot::Instant now);

/// Within a transaction: pushes go on, for what is due after `now`.
void release_push_hold(bot::sql::Db& db, bot::Instant now);

}  // namespace schedules
