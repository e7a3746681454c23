#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "bot/desk/agenda.hpp"
#include "bot/desk/groups.hpp"
#include "bot/desk/known_groups.hpp"
#include "bot/desk/limits.hpp"

namespace schedules {

/// What is due now, for all groups. One line per schedule of a file, not one timer per group.
///
/// After downtime the latest occurrence of a schedule is still sent within its `catch_up`; everything else
/// that fell into the gap, up to 31 days back, is booked as missed. Pushes that fall into the quiet hours
/// wait until these end.
class DueList final : public bot::Agenda {
 public:
  /// References outlive the list. `known` may grow meanwhile.
  DueList(const bot::GroupBook& groups, const bot::KnownGroups& known, const bot::Limits& limits);

  /// Reads how far the previous run had looked and queues what fell into the gap.
  void start(bot::sql::Db& db, bot::Instant now);

  std::vector<bot::Due> due(bot::Instant now) override;
  bool is_booked(bot::sql::Db& db, const bot::Due& due) override;
  void book(bot::sql::Db& db, const bot::Due& due, const bot::Booking& booking) override;
  bot::Instant next(bot::Instant now) const override;
  void checked(bot::sql::Db& db, bot::Instant now) override;
  std::vector<bot::Due> upcoming(bot::Instant from, bot::Instant until) const override;

 private:
  struct Moment {
    std::string label{};
    bot::Instant planned{};  ///< by the rule
    bot::Instant at{};       ///< after quiet hours
  };
  struct Line {
    const bot::GroupProfile* group = nullptr;
    bot::DailyPush push{};
    Moment next{};
  };

  Moment following(const Line& line, bot::Instant after) const;
  bot::Instant after_quiet_hours(bot::LocalTime local, const bot::Zone& zone) const;
  std::vector<bot::Due> targets(const Line& line, const Moment& moment) const;
  Moment first_after(const Line& line, bot::Instant after) const;
  void queue_gap(const Line& line, bot::Instant since, bot::Instant now);
  void queue(std::vector<bot::Due> due);

  const bot::GroupBook& groups_;
  const bot::KnownGroups& known_;
  const bot::Limits& limits_;
  std::vector<Line> lines_;
  std::deque<bot::Due> queue_;
};

}  // namespace schedules
