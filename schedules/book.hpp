#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bot/desk/agenda.hpp"
#include "bot/store/migrate.hpp"

/// The rows of what was planned in chats. A chat's latest row is never deleted, so that numbers are never
/// given twice.
namespace schedules {

bot::sql::Schema book_schema();

enum class Status { on, paused, ended };

/// All that have not ended, of every chat.
std::vector<bot::Scheduled> open_rows(bot::sql::Db& db);
/// Those of one chat, by number.
std::vector<bot::Scheduled> open_rows(bot::sql::Db& db, const bot::Address& where);

/// The number of the new row.
std::int64_t add_row(bot::sql::Db& db, const bot::Address& where, const bot::Push& push,
                     const std::string& by, bot::Instant now);
/// A clock that was ahead has left times behind that are still to come.
void rows_not_since_after(bot::sql::Db& db, bot::Instant now);
/// False when there is no such open row. A change of the rule or of the status sets `since` to now.
bool change_row(bot::sql::Db& db, const bot::Address& where, std::int64_t number, const bot::Push& push,
                bot::Instant now);
bool set_status(bot::sql::Db& db, const bot::Address& where, std::int64_t number, Status status,
                bot::Instant now);

/// How long a row stays that has ended: as long as its occurrences.
inline constexpr auto ended_kept = std::chrono::days(400);
/// Deletes some of those that are kept no longer; how many.
std::int64_t prune_rows(bot::sql::Db& db, bot::Instant now, std::int64_t most);

}  // namespace schedules
