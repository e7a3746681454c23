#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "bot/desk/push.hpp"
#include "bot/desk/reply.hpp"
#include "bot/desk/rights.hpp"
#include "bot/store/migrate.hpp"

namespace bot {

class Turn;

using Handler = std::function<Reply(Turn&)>;

/// How much a person did, by all of his or her accounts; worded with {{count}}.
struct Tally {
  std::string sentence{};
  std::function<std::int64_t(sql::Db&, people::PersonId)> count{};
};

/// What a command does to the database. A reading turn cannot write: its answer leaves without waiting for
/// the disk, and is owed to nobody.
enum class Effect { reads, writes };

/// Whether a command needs to be addressed to the bot in a group.
enum class Wake {
  needed,
  bare,          ///< the word alone, perhaps with an id, is enough
  bare_id_text,  ///< the same, with any text behind the id
  bare_text,     ///< the word with any text behind it is enough
};

struct Command {
  std::string name{};  ///< "lesson.done"; verbs and help stand under it in content/words
  Role needs = Role::member;
  Effect effect = Effect::reads;
  Wake wake = Wake::needed;
  bool anywhere = false;     ///< the verb may stand in the middle of what is said to the bot
  bool counts_late = false;  ///< booked with its own time even when it arrives late; others are not executed
  bool only_shows = false;   ///< writes no more than its question: late, it is as if it was never said
  bool outside_manners = false;  ///< no cooldown, no repeat check: for health checks
  bool everyday = false;  ///< people say its verbs to each other: never suggested, and without a wake whoever
                          ///< may not is met with silence
  bool joined = false;    ///< text may follow the verb without a space: "安静2小时"
  bool alone =
      false;  ///< may share a verb with a command about an object: meant when none is named or quoted
  Handler run{};
};

/// What features register at start. Duplicates and missing parts throw std::logic_error.
class Registry {
 public:
  void command(Command command);
  /// `L12` alone runs the command.
  void identifier(char letter, std::string command);
  /// What a due schedule calls; its reply goes to the group.
  void occasion(std::string kind, Handler run);
  /// The same for what may better be said twice than not at all; it says so the second time.
  void repeatable_occasion(std::string kind, Handler run);
  /// What the feature says by itself, in every group; `when` is a rule as people write it.
  void job(Push push);
  void schema(sql::Schema schema);
  /// What the feature tells a person of himself or herself.
  void tally(Tally tally);

  const Command* find(const std::string& name) const;
  const Command* by_identifier(char letter) const;
  const Handler* occasion(const std::string& kind) const;
  bool is_repeatable(const std::string& kind) const { return repeatable_.contains(kind); }
  /// In the order of registration.
  const std::vector<Command>& commands() const noexcept { return commands_; }
  const std::vector<Push>& jobs() const noexcept { return jobs_; }
  const std::vector<Tally>& tallies() const noexcept { return tallies_; }
  const std::vector<sql::Schema>& schemas() const noexcept { return schemas_; }

 private:
  std::vector<Command> commands_;
  std::unordered_map<std::string, std::size_t> index_;
  std::map<char, std::string> identifiers_;
  std::map<std::string, Handler> occasions_;
  std::set<std::string> repeatable_;
  std::vector<Push> jobs_;
  std::vector<Tally> tallies_;
  std::vector<sql::Schema> schemas_;
};

}  // namespace bot
