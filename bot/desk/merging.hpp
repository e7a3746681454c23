#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/chat/address.hpp"
#include "bot/desk/limits.hpp"
#include "bot/store/migrate.hpp"
#include "bot/texts/texts.hpp"

namespace bot {

/// Answers that are told together (conversation.md E.4, reply mode merged): who was answered is kept as rows
/// until the merge window ends, which begins with the first of them; then one message names them all.
class Merging {
 public:
  /// What the answers have in common.
  struct Topic {
    Address where{};
    std::string sentence{};  ///< key of the answer's sentence, such as "lesson.learnt"
    std::string subject{};   ///< what it is about, such as "L12"; may be empty

    auto operator<=>(const Topic&) const = default;
  };
  /// Who was answered. Nobody is counted twice.
  struct Person {
    std::string user{};
    std::string name{};
  };
  /// Whom the message is about.
  struct Together {
    std::vector<std::string> names{};  ///< the first of them, in order of their answers
    std::int64_t count = 0;            ///< all of them

    /// For the sentence: `count`; `people`, a list of `name` and whether it is the `last` of the names; and
    /// `more` when some are not named.
    Values values() const;
  };

  static sql::Schema schema();

  explicit Merging(const Limits& limits) : window_(limits.merge_window), names_(limits.merge_names) {}

  /// Reads what was begun before a restart.
  void load(sql::Db& db);

  /// False when answers are not merged ("off"): tell each at once.
  bool on() const noexcept { return window_.has_value(); }

  /// Within a transaction.
  void add(sql::Db& db, const Topic& topic, const Person& person, Instant now);
  /// Within a transaction: the people so far, who are then forgotten. Nobody when the turns that added them
  /// were undone, or all was given up.
  Together take(sql::Db& db, const Topic& topic);
  /// Within a transaction: nothing that was collected is ever told.
  static void give_up(sql::Db& db);

  /// When a window ends next; Instant::max() when none is open.
  Instant next() const;
  /// The topics whose windows ended, at most `most`, the longest waiting first.
  std::vector<Topic> due(Instant now, std::size_t most) const;
  /// The clock was set: no window lasts longer than it would from now.
  void clock_set(Instant now);

 private:
  void open(const Topic& topic, Instant until);

  std::optional<Limits::Duration> window_;
  std::optional<std::int64_t> names_;
  std::map<Topic, Instant> ends_{};
  std::set<std::pair<Instant, Topic>> order_{};  // the same by time
};

}  // namespace bot
