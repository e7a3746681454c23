#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/desk/groups.hpp"
#include "bot/store/sql.hpp"

namespace bot {

/// One planned push to one group on one day.
struct Due {
  DailyPush push{};
  const GroupProfile* group = nullptr;
  Address target{};
  std::string group_name{};
  std::string label{};   ///< the local day, "2026-03-06": with schedule and target it happens once (P1)
  Instant at{};          ///< when it falls due
  Instant expires{};     ///< not to be sent after this
  std::string missed{};  ///< why it will not be sent any more; empty when it shall be
};

/// How an occurrence ended, or that its message is in the outbox, whose row tells the rest.
struct Booking {
  std::string state{};   ///< "planned", "skipped" (nothing to say) or "missed"
  std::string reason{};  ///< why skipped or missed
  std::int64_t outbox = 0;
  Instant at{};
};

/// What the desk asks about time. Implemented in schedules/; used by the desk's thread.
class Agenda {
 public:
  virtual ~Agenda() = default;
  /// What is due and not yet booked, at most 50 at a time, missed ones included.
  virtual std::vector<Due> due(Instant now) = 0;
  /// Whether this occurrence has been handled before: then leave it alone.
  virtual bool is_booked(sql::Db& db, const Due& due) = 0;
  /// Within a transaction.
  virtual void book(sql::Db& db, const Due& due, const Booking& booking) = 0;
  /// When due() will have something; Instant::max() when nothing is planned.
  virtual Instant next(Instant now) const = 0;
  /// Within a transaction: everything up to `now` has been looked at, so that downtime begins here.
  virtual void checked(sql::Db& db, Instant now) = 0;
  /// What will fall due in [from, until), by time.
  virtual std::vector<Due> upcoming(Instant from, Instant until) const = 0;
};

}  // namespace bot
