#include "schedules/due.hpp"

#include <algorithm>
#include <tuple>

#include "schedules/occurrences.hpp"
#include "schedules/recurrence.hpp"

namespace schedules {

using bot::Due;
using bot::Instant;

namespace {

bot::LocalTime next_daily(std::chrono::minutes at, bot::LocalTime after) {
  const auto day = std::chrono::floor<std::chrono::days>(after);
  const bot::LocalTime today = day + at;
  return today > after ? today : day + std::chrono::days(1) + at;
}

constexpr std::size_t kAtOnce = 50;
constexpr auto kLongestGap = std::chrono::hours(24 * 31);

}  // namespace

DueList::DueList(const bot::GroupBook& groups, const bot::KnownGroups& known, const bot::Limits& limits)
    : groups_(groups), known_(known), limits_(limits) {
  const auto add = [this](const bot::GroupProfile& group) {
    for (const bot::DailyPush& push : group.pushes) {
      if (group.enabled) lines_.push_back({&group, push, {}});
    }
  };
  add(groups_.fallback());
  for (const bot::GroupProfile& group : groups_.own()) add(group);
}

void DueList::start(bot::sql::Db& db, Instant now) {
  const Instant since = std::max(checked_until(db).value_or(now), now - kLongestGap);
  for (Line& line : lines_) {
    queue_gap(line, since, now);
    line.next = first_after(line, now);
  }
}

DueList::Moment DueList::first_after(const Line& line, Instant after) const {
  // Quiet hours move a moment by less than a day.
  Moment moment = following(line, after - std::chrono::hours(24));
  while (moment.at <= after) moment = following(line, moment.planned);
  return moment;
}

void DueList::queue_gap(const Line& line, Instant since, Instant now) {
  std::vector<Moment> moments;
  for (Moment moment = first_after(line, since); moment.at <= now; moment = following(line, moment.planned)) {
    moments.push_back(moment);
  }
  for (std::size_t i = 0; i < moments.size(); ++i) {
    std::vector<Due> missed_or_late = targets(line, moments[i]);
    const bool still_sent = i + 1 == moments.size() && moments[i].at + line.push.catch_up > now;
    if (!still_sent) {
      for (Due& due : missed_or_late) due.missed = "downtime";
    }
    queue(std::move(missed_or_late));
  }
}

void DueList::queue(std::vector<Due> due) {
  queue_.insert(queue_.end(), std::make_move_iterator(due.begin()), std::make_move_iterator(due.end()));
}

DueList::Moment DueList::following(const Line& line, Instant after) const {
  const bot::Zone& zone = line.group->zone;
  const bot::LocalTime local = next_daily(line.push.at, zone.to_local(after));
  return {bot::iso_date(local), zone.to_instant(local), after_quiet_hours(local, zone)};
}

Instant DueList::after_quiet_hours(bot::LocalTime local, const bot::Zone& zone) const {
  if (!limits_.quiet_hours) return zone.to_instant(local);
  const auto [from, until] = *limits_.quiet_hours;
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const auto time = local - day;
  if (from > until && time >= from) return zone.to_instant(day + std::chrono::days(1) + until);
  const bool quiet = from > until ? time < until : time >= from && time < until;
  return zone.to_instant(quiet ? day + until : local);
}

std::vector<Due> DueList::targets(const Line& line, const Moment& moment) const {
  std::vector<Due> targets;
  const auto add = [&](const bot::Address& where, const std::string& name) {
    targets.push_back({line.push,
                       line.group,
                       where,
                       name.empty() ? where.chat : name,
                       moment.label,
                       moment.at,
                       moment.at + line.push.catch_up,
                       {}});
  };
  if (line.group != &groups_.fallback()) {
    add({line.group->account, line.group->chat, false}, line.group->name);
    return targets;
  }
  for (const bot::KnownGroups::Entry& entry : known_.all()) {
    const bool follows = !groups_.has_file(entry.where.account, entry.where.chat);
    if (follows && entry.since <= moment.at) add(entry.where, entry.name);
  }
  return targets;
}

std::vector<Due> DueList::due(Instant now) {
  for (Line& line : lines_) {
    for (; line.next.at <= now; line.next = following(line, line.next.planned))
      queue(targets(line, line.next));
  }
  std::vector<Due> taken;
  while (!queue_.empty() && taken.size() < kAtOnce) {
    taken.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return taken;
}

bool DueList::is_booked(bot::sql::Db& db, const Due& due) {
  return schedules::is_booked(db, due);
}

void DueList::book(bot::sql::Db& db, const Due& due, const bot::Booking& booking) {
  schedules::book(db, due, booking);
}

Instant DueList::next(Instant now) const {
  if (!queue_.empty()) return now;
  Instant next = Instant::max();
  for (const Line& line : lines_) next = std::min(next, line.next.at);
  return next;
}

void DueList::checked(bot::sql::Db& db, Instant now) {
  if (queue_.empty()) set_checked_until(db, now);
}

std::vector<Due> DueList::upcoming(Instant from, Instant until) const {
  std::vector<Due> all;
  for (const Line& line : lines_) {
    const Instant before = from - std::chrono::milliseconds(1);
    for (Moment moment = first_after(line, before); moment.at < until;
         moment = following(line, moment.planned)) {
      for (Due& due : targets(line, moment)) all.push_back(std::move(due));
    }
  }
  std::ranges::sort(all, {}, [](const Due& due) { return std::tie(due.at, due.target, due.push.subject); });
  return all;
}

}  // namespace schedules
