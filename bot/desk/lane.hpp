#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "bot/chat/delivery.hpp"
#include "bot/desk/undecided.hpp"

namespace bot {

/// What one account has to say, and what of it is under way.
class Lane {
 public:
  struct Flight {
    Undecided::Send send{};
    bool reply = false;
    std::string seen{};  ///< its message id, when the account's own message was reported before the answer
  };
  enum class Fate { leave, wait, drop, end };
  using Judge = std::function<Fate(Delivery&)>;
  using Watcher = std::function<bool(const Delivery&)>;

  static constexpr std::array kPriorities{Priority::urgent, Priority::reply, Priority::merged,
                                          Priority::push};

  bool up = false;
  SteadyTime not_before{};
  std::map<std::int64_t, Flight> in_flight{};  ///< by row: answers are awaited

  /// Answers take turns by who asked: nobody's second waits before somebody else's first, so that a
  /// flood of one member holds up that member alone. Of answers that nobody is owed a person has no more than
  /// twenty waiting; further ones are dropped.
  void add(Delivery delivery);
  /// Rows keep the order of their numbers.
  void give_back(Delivery delivery);
  /// Asks about what waits at this priority, in order, until the answer is `end` or a thousand were kept;
  /// returns what leaves. What is to be dropped is forgotten.
  std::vector<Delivery> take(Priority priority, const Judge& judge);
  /// Shows what take() would ask about, until the watcher has seen enough.
  void show(Priority priority, const Watcher& wants_more) const;

  using Test = std::function<bool(const Delivery&)>;
  bool any_waits(const Test& test) const;
  /// Takes out of the queues what the test is true of.
  std::vector<Delivery> forget(const Test& test);

  std::size_t waiting() const noexcept;
  /// Answers that are awaited, of replies or of everything else.
  std::size_t flying(bool replies) const;
  bool flies_to(const Address& chat) const;
  /// Whether an own message with this id was reported for one of them.
  bool has_seen(const Address& chat, const std::string& message_id) const;

  /// Parts of one message stay together: whether somebody else's turn must wait for the rest of it.
  bool is_between_parts(const Delivery& delivery) const;
  /// It left or was dropped.
  void passed(const Delivery& delivery);

 private:
  void add_in_turn(std::deque<Delivery>& waiting, Delivery delivery);
  std::deque<Delivery>& queue(Priority priority) { return queues_[static_cast<std::size_t>(priority)]; }

  std::array<std::deque<Delivery>, kPriorities.size()> queues_{};
  std::unordered_map<Address, std::int64_t, AddressHash> unfinished_{};  // chat → row of the first part
};

}  // namespace bot
