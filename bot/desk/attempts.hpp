#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bot/base/instant.hpp"
#include "bot/store/migrate.hpp"

/// The tries to send the outbox's rows. Every function belongs into the transaction that changes the row.
namespace bot::attempts {

/// Steps of the table, for the outbox's schema.
std::string_view table();

/// Before the first byte. Throws when the row's last attempt has no verdict yet (reliability P6).
void begin(sql::Db& db, std::int64_t row, const std::string& echo, Instant now);

/// The verdict on the row's open attempt; nothing happens when there is none.
void decide(sql::Db& db, std::int64_t row, std::string_view verdict, const std::string& reason, Instant now);

/// Verdicts, as stored.
inline constexpr std::string_view kSent = "sent";
inline constexpr std::string_view kNotSent = "not sent";
inline constexpr std::string_view kRefused = "refused";
inline constexpr std::string_view kUnresolved = "unresolved";

/// The row whose open attempt has this echo.
std::optional<std::int64_t> row_of(sql::Db& db, const std::string& echo);

/// When the row's open attempt began.
std::optional<Instant> open_since(sql::Db& db, std::int64_t row);

}  // namespace bot::attempts
