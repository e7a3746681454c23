#pragma once

#include <optional>
#include <string>

#include "bot/desk/agenda.hpp"
#include "bot/store/migrate.hpp"

/// The ledger: one row per schedule, local day and target, by a UNIQUE rule of the database. Not a timer but
/// this row is what makes a push happen once (reliability P1, finding 9).
namespace schedules {

bot::sql::Schema occurrence_schema();

bool is_booked(bot::sql::Db& db, const bot::Due& due);
bool is_booked(bot::sql::Db& db, const bot::Address& chat, const std::string& schedule,
               const std::string& label);
void book(bot::sql::Db& db, const bot::Due& due, const bot::Booking& booking);
/// The latest of a chat, newest first; of one schedule, or of all when the name is empty.
std::vector<bot::Occurred> latest(bot::sql::Db& db, const bot::Address& chat, const std::string& schedule,
                                  std::size_t most);
/// What was held for the digest came too late.
void give_up(bot::sql::Db& db, const bot::Address& chat, const std::string& schedule, bot::Instant due_at);

/// Schedules of which something waits in the outbox or for the digest.
struct Unsaid {
  bot::Address where{};
  std::string schedule{};
};
std::vector<Unsaid> unsaid_schedules(bot::sql::Db& db);
/// Takes back what waits in the outbox for a time that is still to come by the clock as it is now, and
/// forgets that it was planned.
void withdraw_future(bot::sql::Db& db, bot::Instant now);
/// Takes back what the schedule has in the outbox and has not sent.
void withdraw(bot::sql::Db& db, const bot::Address& chat, const std::string& schedule, bot::Instant now);

/// How long an occurrence stays: of what comes once a year, the last time is still there when the next one is
/// over.
inline constexpr auto occurrences_kept = std::chrono::days(400);
/// Messages up to this row of the outbox that were settled before that moment leave it: from now on the
/// ledger itself tells what became of them.
void keep_outcomes(bot::sql::Db& db, std::int64_t last_row, bot::Instant settled_before);
/// Deletes the oldest of those that are kept no longer; how many.
std::int64_t prune_occurrences(bot::sql::Db& db, bot::Instant now, std::int64_t most);

/// Until when everything has been looked at; nullopt before the first start.
std::optional<bot::Instant> checked_until(bot::sql::Db& db);
void set_checked_until(bot::sql::Db& db, bot::Instant until);
/// A clock that is further behind the last run is not trusted (reliability T4).
inline constexpr bot::Milliseconds clock_tolerance = std::chrono::hours(1);

}  // namespace schedules
