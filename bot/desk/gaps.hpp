#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bot/chat/event.hpp"
#include "bot/store/migrate.hpp"

namespace bot {

/// The times in which an account heard nothing, and what was said meanwhile, read from the platform's history
/// afterwards (reliability E4). Only the desk's thread uses it.
class Gaps {
 public:
  /// Messages of a chat that one reading asks for.
  static constexpr std::size_t kReading = 200;

  static sql::Schema schema();

  /// Within a transaction: accounts that hear, and have no gap to read back, heard everything so far; called
  /// now and then.
  void note_heard(sql::Db& db, Instant now);
  /// Within a transaction: the account hears nothing from now on.
  void begin(sql::Db& db, const std::string& account, Instant now);
  /// Within a transaction: the account hears again. If it ever did before, the gap becomes a row and the
  /// chats are read back one after another. A gap that was half read when the next one began is one with it.
  void end(sql::Db& db, const std::string& account, const std::vector<Address>& chats, Instant now);

  /// Chats whose history is to be asked for now, at most one of each account at a time.
  std::vector<Address> due(SteadyTime steady);
  /// When due() has more; SteadyTime::max() when nothing waits for time.
  SteadyTime next() const;

  /// What a history holds of the chat's part of the gap, the oldest first. Nothing when the gap did not ask
  /// for it, or when it is a shorter reading that somebody else asked for.
  std::vector<Event> missed(const Address& chat, const HistoryRead& history);
  /// A message of the gap was booked after all, or was a command too old to be executed.
  void count(const Address& chat, bool executed);

  /// A chat whose gap brought something.
  struct MadeUp {
    Address chat{};
    Milliseconds lasted{};
    std::int64_t booked = 0;
    std::int64_t skipped = 0;
  };
  bool has_finished() const;
  /// Within a transaction: gaps that are read back completely, since the last call.
  std::vector<MadeUp> finished(sql::Db& db, Instant now);

 private:
  struct Counts {
    std::int64_t booked = 0;
    std::int64_t skipped = 0;
  };
  struct Catching {
    std::int64_t row = 0;
    Instant from{};
    Instant until{};
    std::deque<Address> chats{};
    std::optional<Address> asked{};
    SteadyTime given_up{};
    std::int64_t unread = 0;  ///< chats that the platform remembers nothing of
    std::map<std::string, Counts> counts{};
  };

  static void store(sql::Db& db, const std::string& account, Catching& catching);
  static bool is_over(const Catching& catching) { return !catching.asked && catching.chats.empty(); }

  std::set<std::string> hearing_{};
  std::map<std::string, Catching> catching_{};
  std::map<std::string, Catching> half_read_{};  ///< of accounts that went deaf again
};

}  // namespace bot
