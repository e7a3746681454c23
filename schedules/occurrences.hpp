#pragma once

#include <optional>
#include <string>

#include "bot/desk/agenda.hpp"
#include "bot/store/migrate.hpp"

/// The ledger: one row per schedule, local day and target, by a UNIQUE rule of the database. Not a timer but
/// this row is what makes a push happen once (reliability P1, finding 9).
namespace schedules {

bot::sql::Schema occurrence_schema();

/// "lesson:daily": a change of the hour keeps the name, so what was pushed today is not pushed again (P10).
std::string schedule_name(const bot::DailyPush& push);

bool is_booked(bot::sql::Db& db, const bot::Due& due);
void book(bot::sql::Db& db, const bot::Due& due, const bot::Booking& booking);

/// Until when everything has been looked at; nullopt before the first start.
std::optional<bot::Instant> checked_until(bot::sql::Db& db);
void set_checked_until(bot::sql::Db& db, bot::Instant until);

}  // namespace schedules
