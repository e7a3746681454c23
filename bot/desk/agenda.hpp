#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/desk/groups.hpp"
#include "bot/desk/limits.hpp"
#include "bot/store/sql.hpp"

namespace bot {

/// One planned push to one chat.
struct Due {
  std::shared_ptr<const Push> push{};
  std::string schedule{};   ///< name in the ledger, which a change of the rule does not change
  std::int64_t number = 0;  ///< T number in its chat; 0: not planned in the chat
  const GroupProfile* group = nullptr;
  Address target{};
  std::string group_name{};
  std::string label{};   ///< the local day, "2026-03-06": with schedule and target it happens once (P1)
  Instant planned{};     ///< by the rule
  Instant at{};          ///< after quiet hours and the group's own offset
  Instant latest{};      ///< not begun after this
  Instant expires{};     ///< not sent after this
  std::string missed{};  ///< why it will not be sent any more; empty when it shall be
};

/// When people expect it: the time by the rule, or the end of the quiet hours in which that lies. The seconds
/// by which groups are kept apart are left out.
Instant expected_at(const Due& due, const Limits& limits);

/// How an occurrence ended, or that its message is in the outbox, whose row tells the rest.
struct Booking {
  std::string state{};   ///< "planned", "skipped" (nothing to say), "held" (for the digest) or "missed"
  std::string reason{};  ///< why skipped, held or missed
  std::int64_t outbox = 0;
  Instant at{};
};

/// What became of an occurrence, for people who ask.
struct Occurred {
  std::string schedule{};  ///< name in the ledger: "T3", "lesson:daily"
  Instant due{};
  std::string state{};   ///< as booked; while "planned", the state of its message: "sent", "unknown" …
  std::string reason{};  ///< as booked, or why its message did not go out
  Instant settled{};     ///< when the message went out or was given up
};

/// A schedule of one chat, as people see it.
struct Scheduled {
  std::int64_t number = 0;  ///< T number; 0: from a file
  Address where{};
  std::shared_ptr<const Push> push{};
  bool paused = false;
  std::string by{};  ///< user id of whoever planned it
  Instant since{};   ///< occurrences up to here are not owed
};

/// What the desk and the features ask about time. Implemented in schedules/; used by the desk's thread.
class Agenda {
 public:
  virtual ~Agenda() = default;
  /// What is due and not yet booked, some hundreds at a time, missed ones included. Nothing while pushes
  /// are held.
  virtual std::vector<Due> due(Instant now) = 0;
  /// Whether this occurrence has been handled before: then leave it alone.
  virtual bool is_booked(sql::Db& db, const Due& due) const = 0;
  /// Within a transaction.
  virtual void book(sql::Db& db, const Due& due, const Booking& booking) = 0;
  /// Within a transaction: what was held for the digest came too late.
  virtual void give_up(sql::Db& db, const Address& where, const std::string& schedule, Instant due_at) = 0;
  /// When due() will have something; Instant::max() when nothing is planned.
  virtual Instant next(Instant now) const = 0;
  /// Within a transaction: everything up to `now` has been looked at, so that downtime begins here.
  virtual void checked(sql::Db& db, Instant now) = 0;
  /// What will fall due in [from, until), by time; of one chat, or of all. What a solemn day silences is left
  /// out.
  virtual std::vector<Due> upcoming(Instant from, Instant until,
                                    const std::optional<Address>& where) const = 0;

  /// Why the clock cannot be right (reliability T4): "before_build" or "behind_last_run"; empty when it can.
  virtual std::string clock_doubt(Instant now) const = 0;
  /// Why all pushes are held: a clock_doubt(), or "restored" until an admin confirms a restored backup
  /// (reliability S5); empty when they are not.
  virtual std::string held(Instant now) const = 0;
  /// Within a transaction: an admin says that pushes go on after a restore. What was due up to now is booked
  /// as missed and never sent: it may have been.
  virtual void resume_pushes(sql::Db& db, Instant now) = 0;
  /// Within a transaction: an admin says that the clock is right although the last run was ahead of it.
  virtual void trust_clock(sql::Db& db, Instant now) = 0;

  /// Within a transaction, all of these: what is planned in a chat. Numbers count per chat and are never
  /// given twice. What a change or an end leaves behind in the outbox is withdrawn, so the old version says
  /// no more (reliability P10).
  virtual std::int64_t plan(sql::Db& db, const Address& where, const Push& push, const std::string& by,
                            Instant now) = 0;
  /// False when there is no such number in this chat, here and below.
  virtual bool replan(sql::Db& db, const Address& where, std::int64_t number, const Push& push,
                      Instant now) = 0;
  virtual bool pause(sql::Db& db, const Address& where, std::int64_t number, Instant now) = 0;
  virtual bool resume(sql::Db& db, const Address& where, std::int64_t number, Instant now) = 0;
  virtual bool cancel(sql::Db& db, const Address& where, std::int64_t number, Instant now) = 0;

  /// Within a transaction: messages up to this row of the outbox that were settled before that moment are
  /// about to be deleted there; what became of them stays known to occurred().
  virtual void keep_outcomes(sql::Db& db, std::int64_t last_row, Instant settled_before) = 0;
  /// Within a transaction: of what is over for so long that nobody asks for it any more, at most so many rows
  /// of each kind are deleted. How many.
  virtual std::int64_t prune(sql::Db& db, Instant now, std::int64_t most) = 0;

  /// A transaction that planned something was rolled back: forget it.
  virtual void reread(sql::Db& db, const Address& where, Instant now) = 0;

  /// All schedules of a chat: those planned in it by number, then those of its file.
  virtual std::vector<Scheduled> scheduled(sql::Db& db, const Address& where) const = 0;
  /// The latest occurrences of a chat, newest first; of one schedule planned there, or of all (0).
  virtual std::vector<Occurred> occurred(sql::Db& db, const Address& where, std::int64_t number,
                                         std::size_t most) const = 0;
  /// The next times by the rule, those left out that the ledger has already.
  virtual std::vector<Instant> coming(sql::Db& db, const Scheduled& scheduled, Instant after,
                                      std::size_t count) const = 0;
  /// The years of statutory days that it needs within a year from `now` and that are not announced.
  virtual std::vector<int> unannounced_years(const Scheduled& scheduled, Instant now) const = 0;
};

}  // namespace bot
