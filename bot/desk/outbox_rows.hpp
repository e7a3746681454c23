#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/chat/delivery.hpp"
#include "bot/store/migrate.hpp"

/// The outbox's rows: what has to be said, and what became of it. Every function belongs into a transaction.
namespace bot::outbox_rows {

sql::Schema schema();
sql::Schema askers_schema();

/// A new row, planned; its number.
std::int64_t insert(sql::Db& db, const Delivery& delivery, Instant now);
/// The row is the first of several parts.
void join_parts(sql::Db& db, std::int64_t first);
std::optional<Delivery> find(sql::Db& db, std::int64_t row);
/// What was planned or has an unknown outcome, in the order of planning.
std::vector<Delivery> open(sql::Db& db);

/// False when the row was withdrawn meanwhile.
bool begin_sending(sql::Db& db, std::int64_t row, Instant now);
void mark(sql::Db& db, std::int64_t row, std::string_view state, const std::string& reason, Instant now);
void mark_sent(sql::Db& db, std::int64_t row, const std::string& message_id, Instant now);
/// After a start: whatever was on its way is unknown. How many.
std::int64_t lose_track(sql::Db& db, Instant now);

/// What a message that people may quote is about.
void remember_subject(sql::Db& db, const Address& where, const std::string& message_id,
                      const std::string& subject, Instant now);
std::string subject_of(sql::Db& db, const Address& where, const std::string& message_id);

/// Whether one of the latest rows is known to be this message.
bool has_message(sql::Db& db, const Address& where, const std::string& message_id);
/// Whether one of the latest rows was sent there since then and mentions the user.
bool has_mentioned(sql::Db& db, const Address& where, const std::string& user, Instant since);

}  // namespace bot::outbox_rows
