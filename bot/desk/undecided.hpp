#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/chat/address.hpp"
#include "bot/desk/read_back.hpp"

namespace bot {

/// The sends whose outcome nobody knows yet: when the platform's history is to be read, and what the
/// readings amount to. Waits on the steady clock.
class Undecided {
 public:
  /// Messages of a chat that one reading asks for.
  static constexpr std::size_t kReading = 100;

  struct Waits {
    Milliseconds settle{std::chrono::seconds(15)};      ///< until the platform shows what it accepted
    Milliseconds look_again{std::chrono::seconds(30)};  ///< between two readings that are to prove an absence
    Milliseconds undecided{std::chrono::minutes(10)};   ///< then it stays unknown for good
  };
  struct Send {
    std::int64_t row = 0;
    Address where{};
    std::string text{};
    Instant started{};
  };
  enum class Verdict { sent, not_sent, unresolved };
  struct Decided {
    std::int64_t row = 0;
    Verdict verdict{};
    std::string message_id{};
    std::string reason{};
  };

  explicit Undecided(Waits waits) : waits_(waits) {}

  void add(Send send, Instant now, SteadyTime steady);
  void remove(std::int64_t row) { entries_.erase(row); }
  bool contains(std::int64_t row) const { return entries_.contains(row); }
  std::size_t size() const noexcept { return entries_.size(); }
  /// Start of the oldest.
  std::optional<Instant> oldest() const;
  std::vector<Send> in(const Address& where) const;

  /// Whether later messages of the chat wait for one of these: a minute at most (reliability P13).
  bool holds(const Address& where, SteadyTime steady) const;

  /// Chats of the account whose history is to be read now; they are not named again until the reading has
  /// come or half a minute has passed.
  std::vector<Address> due(const std::string& account, SteadyTime steady);
  /// When due() or holds() will say something else; SteadyTime::max() when nothing waits.
  SteadyTime next(const std::string& account, SteadyTime steady) const;

  /// What the reading decides. The decided ones are forgotten. A shorter reading, which somebody else asked
  /// for, can show that a message arrived and nothing more.
  std::vector<Decided> judge(const Address& where, const HistoryRead& history, SteadyTime steady,
                             const std::function<bool(const std::string&)>& is_taken);

 private:
  struct Entry {
    Send send{};
    SteadyTime settled_at{};
    SteadyTime look_at{};
    SteadyTime holds_until{};
    SteadyTime given_up{};
    bool asked = false;  ///< a reading is on its way for it
    int absences = 0;
  };

  std::optional<Decided> judged(Entry& entry, const Finding& finding, const HistoryRead& history,
                                SteadyTime steady) const;

  Waits waits_;
  std::map<std::int64_t, Entry> entries_;
};

}  // namespace bot
