#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bot/desk/digest.hpp"
#include "bot/desk/outbox.hpp"
#include "bot/desk/outbox_rows.hpp"
#include "bot/store/sqlite.hpp"
#include "schedules/book.hpp"
#include "schedules/due.hpp"
#include "schedules/occurrences.hpp"
#include "schedules/stored_rule.hpp"
#include "tests/support/lines.hpp"

/// What is due, on a database in memory, at times that the test names.
namespace support {

inline bot::LocalTime wall(int year, unsigned month, unsigned day, std::chrono::milliseconds time) {
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  return bot::LocalTime{std::chrono::local_days(date)} + time;
}

inline bot::Zone zone(std::string_view name) {
  return bot::Zone::named(name).value();
}

inline bot::Instant in(std::string_view zone_name, int year, unsigned month, unsigned day,
                       std::chrono::milliseconds time) {
  return zone(zone_name).to_instant(wall(year, month, day, time));
}

/// A moment of March 2026 in Shanghai; the 6th is a Friday.
inline bot::Instant march(unsigned day, std::chrono::milliseconds time) {
  return in("Asia/Shanghai", 2026, 3, day, time);
}

using Times = std::vector<std::chrono::minutes>;

inline schedules::Rule every_day(Times times) {
  schedules::Rule rule;
  rule.times = std::move(times);
  return rule;
}

inline schedules::Rule hourly(std::chrono::minutes past = {}) {
  Times times;
  for (int hour = 0; hour < 24; ++hour) times.push_back(std::chrono::hours(hour) + past);
  return every_day(std::move(times));
}

inline bot::Push push(const schedules::Rule& rule, std::string subject = "daily") {
  return {.occasion = "lesson", .subject = std::move(subject), .when = schedules::stored(rule)};
}

inline bot::Push daily(std::chrono::minutes at, std::string subject = "daily") {
  return push(every_day({at}), std::move(subject));
}

inline bot::GroupProfile profile(std::string chat, std::vector<bot::Push> pushes,
                                 std::string_view zone_name = "Asia/Shanghai") {
  bot::GroupProfile group;
  group.account = "qq";
  group.chat = std::move(chat);
  group.zone = zone(zone_name);
  group.pushes = std::move(pushes);
  return group;
}

/// Groups, the ledger and what is due; without quiet hours and stagger unless a test sets them.
struct Plan {
  explicit Plan(bot::GroupProfile fallback = profile("", {})) : groups(std::move(fallback)) {
    bot::sql::migrate(
        *db,
        {bot::KnownGroups::schema(), bot::outbox_rows::schema(), bot::outbox_rows::askers_schema(),
         bot::Digest::schema(), schedules::occurrence_schema(), schedules::book_schema(),
         schedules::push_hold_schema()},
        {});
    limits.quiet_hours = std::nullopt;
    limits.stagger = std::nullopt;
  }

  void know(const std::string& chat, bot::Instant since) {
    bot::sql::Transaction transaction(*db);
    known.add(*db, {"qq", chat, false}, "", since);
    transaction.commit();
  }

  /// The program starts anew on the same database.
  schedules::DueList& start(bot::Instant now) {
    list = std::make_unique<schedules::DueList>(schedules::DueList::Parts{.groups = groups,
                                                                          .known = known,
                                                                          .limits = limits,
                                                                          .calendar = calendar,
                                                                          .slot = slot,
                                                                          .built = built});
    list->start(*db, now);
    return *list;
  }

  void checked(bot::Instant at) {
    bot::sql::Transaction transaction(*db);
    list->checked(*db, at);
    transaction.commit();
  }

  /// As at the end of a run that had looked at everything.
  void stopped(bot::Instant at) {
    bot::sql::Transaction transaction(*db);
    schedules::set_checked_until(*db, at);
    transaction.commit();
  }

  /// Books what is due, and says what was due as "label chat subject", and why when it is missed.
  Lines run(bot::Instant now) {
    Lines lines;
    for (const bot::Due& due : list->due(now)) {
      if (list->is_booked(*db, due)) continue;
      CHECK(due.at <= now);
      const std::string why = due.missed.empty() ? "" : " " + due.missed;
      lines.push_back(due.label + " " + due.target.chat + " " + due.push->subject + why);
      book(due, now);
    }
    return lines;
  }

  void book(const bot::Due& due, bot::Instant now, std::int64_t outbox = 0) {
    list->book(*db, due, {due.missed.empty() ? "planned" : "missed", due.missed, outbox, now});
  }

  /// As the desk does: to each moment at which something falls due, until `until`.
  Lines walk(bot::Instant from, bot::Instant until) {
    Lines lines;
    for (bot::Instant now = from; now <= until; now = std::max(list->next(now), now)) {
      for (std::string& line : run(now)) lines.push_back(std::move(line));
      if (list->next(now) == bot::Instant::max()) break;
    }
    return lines;
  }

  /// What the ledger says, as "label chat schedule state reason".
  Lines ledger() {
    Lines lines;
    for (const bot::sql::Row& row : db->query("SELECT label || ' ' || chat || ' ' || schedule || ' ' || "
                                              "state || ' ' || reason FROM occurrences "
                                              "ORDER BY due_at, chat, schedule, label")) {
      lines.push_back(row.text(0));
    }
    return lines;
  }

  std::unique_ptr<bot::sql::Db> db = bot::sql::open_sqlite_in_memory();
  bot::GroupBook groups;
  bot::KnownGroups known{};
  bot::Limits limits{};
  schedules::Calendar calendar{};
  std::function<std::string(const bot::Push&)> slot{};
  bot::Instant built{};
  std::unique_ptr<schedules::DueList> list{};
};

}  // namespace support
