#pragma once

#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "bot/base/problem.hpp"
#include "bot/desk/agenda.hpp"
#include "bot/desk/known_groups.hpp"
#include "bot/desk/limits.hpp"
#include "schedules/calendar.hpp"
#include "schedules/line.hpp"
#include "schedules/push_hold.hpp"

namespace schedules {

/// What is due now, for all chats: a heap of schedules by their next moment, not a timer each.
///
/// After downtime, or when the clock jumped ahead, the latest occurrence of a schedule is still sent within
/// its `catch_up`; everything else that fell into the gap, up to 31 days and a hundred times of one schedule
/// back, is booked as missed. Pushes
/// that fall into the quiet hours wait until these end.
class DueList final : public bot::Agenda {
 public:
  /// References outlive the list; `known` may grow meanwhile.
  struct Parts {
    const bot::GroupBook& groups;
    bot::KnownGroups& known;
    const bot::Limits& limits;
    const Calendar& calendar;
    /// When a push without a rule of its own is said: a column has its slot. Empty: never.
    std::function<std::string(const bot::Push&)> slot{};
    /// What features say by themselves, in every group.
    std::vector<bot::Push> jobs{};
    /// A clock that shows an earlier time cannot be right (reliability T4).
    bot::Instant built{};
  };
  explicit DueList(Parts parts);

  /// What is wrong with the rules of the files; a schedule with an error is left out.
  const bot::Problems& problems() const noexcept { return problems_; }

  /// Warnings about years of statutory days that are needed soon and not announced; after start().
  bot::Problems unannounced(bot::Instant now) const;

  /// Reads what chats have planned and how far the previous run had looked.
  void start(bot::sql::Db& db, bot::Instant now);

  std::vector<bot::Due> due(bot::Instant now) override;
  bool is_booked(bot::sql::Db& db, const bot::Due& due) const override;
  void book(bot::sql::Db& db, const bot::Due& due, const bot::Booking& booking) override;
  void give_up(bot::sql::Db& db, const bot::Address& where, const std::string& schedule,
               bot::Instant due_at) override;
  bot::Instant next(bot::Instant now) const override;
  void checked(bot::sql::Db& db, bot::Instant now) override;
  std::vector<bot::Due> upcoming(bot::Instant from, bot::Instant until,
                                 const std::optional<bot::Address>& where) const override;
  std::string clock_doubt(bot::Instant now) const override;
  void trust_clock(bot::sql::Db& db, bot::Instant now) override;
  std::string held(bot::Instant now) const override;
  void resume_pushes(bot::sql::Db& db, bot::Instant now) override;

  std::int64_t plan(bot::sql::Db& db, const bot::Address& where, const bot::Push& push, const std::string& by,
                    bot::Instant now) override;
  bool replan(bot::sql::Db& db, const bot::Address& where, std::int64_t number, const bot::Push& push,
              bot::Instant now) override;
  bool pause(bot::sql::Db& db, const bot::Address& where, std::int64_t number, bot::Instant now) override;
  bool resume(bot::sql::Db& db, const bot::Address& where, std::int64_t number, bot::Instant now) override;
  bool cancel(bot::sql::Db& db, const bot::Address& where, std::int64_t number, bot::Instant now) override;
  void keep_outcomes(bot::sql::Db& db, std::int64_t last_row, bot::Instant settled_before) override;
  std::int64_t prune(bot::sql::Db& db, bot::Instant now, std::int64_t most) override;
  void reread(bot::sql::Db& db, const bot::Address& where, bot::Instant now) override;

  std::vector<bot::Scheduled> scheduled(bot::sql::Db& db, const bot::Address& where) const override;
  std::vector<bot::Occurred> occurred(bot::sql::Db& db, const bot::Address& where, std::int64_t number,
                                      std::size_t most) const override;
  std::vector<bot::Instant> coming(bot::sql::Db& db, const bot::Scheduled& scheduled, bot::Instant after,
                                   std::size_t count) const override;
  std::vector<int> unannounced_years(const bot::Scheduled& scheduled, bot::Instant now) const override;

 private:
  /// A line at its place in the heap. `version` tells entries of the heap that are no longer meant.
  struct Entry {
    Line line{};
    std::optional<Moment> next{};
    std::uint32_t version = 0;
    bool live = true;
  };
  struct Armed {
    bot::Instant at{};
    std::size_t entry = 0;
    std::uint32_t version = 0;
  };

  void warn_if_quiet(const Line& line, const std::string& file);
  void add_file_lines(const bot::GroupProfile& group);
  std::optional<Line> file_line(const bot::Push& push, const bot::GroupProfile& group) const;
  std::optional<Line> chat_line(const bot::Scheduled& scheduled) const;
  std::size_t add(Line line);
  void remove(std::size_t entry);
  void arm(std::size_t entry, bot::Instant after);
  void rearm(std::size_t entry);
  void ripen(bot::Instant now);
  void ripen(Entry& entry, bot::Instant now);
  void wait(bot::Due due);
  bool is_stale(const bot::Due& due) const;
  bool is_silenced(const bot::Due& due) const;
  std::vector<std::size_t> entries_of(const std::optional<bot::Address>& where) const;
  std::vector<bot::Due> targets(const Line& line, const Moment& moment,
                                const std::optional<bot::Address>& only = {}) const;
  void withdraw_orphans(bot::sql::Db& db, bot::Instant now);
  bool is_followed(const bot::Address& where, const std::string& schedule) const;
  bot::Due due_of(const Line& line, const Moment& moment, const bot::Address& chat,
                  const std::string& name) const;
  const bot::GroupProfile& profile(const bot::Address& where) const;
  bool change_status(bot::sql::Db& db, const bot::Address& where, std::int64_t number, bool paused,
                     bool ended, bot::Instant now);

  Parts parts_;
  Moments moments_;
  bot::Problems problems_{};
  std::vector<Entry> entries_{};
  std::size_t file_entries_ = 0;  // the first ones, which stay
  std::vector<std::size_t> free_{};
  std::unordered_map<bot::Address, std::map<std::int64_t, std::size_t>, bot::AddressHash> chats_{};
  std::vector<Armed> armed_{};       // a heap, earliest first
  std::vector<bot::Due> waiting_{};  // a heap, earliest first
  std::optional<bot::Instant> checked_{};
  PushHold hold_{};
  bot::Instant started_{};
};

}  // namespace schedules
