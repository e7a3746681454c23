#include "schedules/due.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "schedules/book.hpp"
#include "schedules/occurrences.hpp"
#include "schedules/stored_rule.hpp"

namespace schedules {

using bot::Address;
using bot::Due;
using bot::Instant;

namespace {

constexpr std::size_t kAtOnce = 500;
constexpr auto kLongestGap = std::chrono::hours(24 * 31);
constexpr std::size_t kMostOfGap = 100;
/// The State Council announces a year in November.
constexpr auto kSoon = std::chrono::days(60);

bool is_later(const Due& left, const Due& right) {
  return std::tie(left.at, left.planned) > std::tie(right.at, right.planned);
}

constexpr auto is_armed_later = [](const auto& left, const auto& right) { return left.at > right.at; };

std::string line_name(const bot::Scheduled& scheduled) {
  return scheduled.number == 0 ? file_schedule_name(*scheduled.push)
                               : chat_schedule_name(scheduled.where, scheduled.number);
}

bool is_same(const Line& line, const bot::Scheduled& row) {
  return line.since == row.since && *line.push == *row.push;
}

Day local_day(const bot::Zone& zone, Instant at) {
  return std::chrono::floor<std::chrono::days>(zone.to_local(at));
}

}  // namespace

DueList::DueList(Parts parts) : parts_(std::move(parts)), moments_(parts_.limits, parts_.calendar.workdays) {
  add_file_lines(parts_.groups.fallback());
  for (const bot::GroupProfile& group : parts_.groups.own()) add_file_lines(group);
  file_entries_ = entries_.size();
}

// ---- lines ----------------------------------------------------------------------------------------------

std::optional<Line> DueList::file_line(const bot::Push& push, const bot::GroupProfile& group) const {
  auto rule = rule_of(push.when.empty() && parts_.slot ? parts_.slot(push) : push.when);
  if (!rule) return std::nullopt;
  Line line{
      std::make_shared<const bot::Push>(push), std::move(*rule), file_schedule_name(push), 0, &group, {}, {}};
  if (&group != &parts_.groups.fallback()) line.target = Address{group.account, group.chat, false};
  return line;
}

void DueList::add_file_lines(const bot::GroupProfile& group) {
  if (!group.enabled) return;
  const bot::GroupProfile& fallback = parts_.groups.fallback();
  for (const bot::Push& push : group.pushes) {
    // What the group has from default.toml is wrong there, and once.
    const bool inherited =
        &group != &fallback && std::ranges::find(fallback.pushes, push) != fallback.pushes.end();
    const bool said = inherited && fallback.enabled;
    if (auto line = file_line(push, group)) {
      if (!said) warn_if_quiet(*line, inherited ? fallback.file : group.file);
      add(std::move(*line));
    } else if (!said) {
      problems_.push_back({bot::Problem::Weight::error, inherited ? fallback.file : group.file, push.line,
                           push.when.empty() ? "this push has no time, and its column has no slot"
                                             : "\"" + push.when + "\" is no time that repeats",
                           "write for example when = \"every workday 08:00\""});
    }
  }
  for (const bot::Push& job : parts_.jobs) {
    if (auto line = file_line(job, group)) add(std::move(*line));
  }
}

void DueList::warn_if_quiet(const Line& line, const std::string& file) {
  if (is_unrestrained(*line.push) || line.push->line == 0) return;
  for (const std::chrono::minutes time : line.rule.times) {
    const bot::LocalTime local = bot::LocalTime{} + time;
    const bot::LocalTime allowed = bot::after_quiet_hours(parts_.limits, local);
    if (allowed == local) continue;
    problems_.push_back(
        {bot::Problem::Weight::warning, file, line.push->line,
         "this push at " + bot::clock_time(local) + " lies in the quiet hours",
         "it waits until " + bot::clock_time(allowed) + "; move one of the two, or write urgent = true"});
  }
}

bot::Problems DueList::unannounced(Instant now) const {
  std::set<int> years;
  for (const Entry& entry : entries_) {
    if (!entry.live) continue;
    const Day today = local_day(entry.line.group->zone, now);
    for (const int year :
         schedules::unannounced_years(entry.line.rule, today, today + kSoon, parts_.calendar.workdays)) {
      years.insert(year);
    }
  }
  bot::Problems warnings;
  for (const int year : years) {
    warnings.push_back({bot::Problem::Weight::warning, "content/calendar/" + std::to_string(year) + ".json",
                        0, "schedules that keep to workdays need this year's days off",
                        "put the announced days there; until then Monday to Friday count as workdays"});
  }
  return warnings;
}

const bot::GroupProfile& DueList::profile(const Address& where) const {
  return where.direct ? parts_.groups.fallback() : parts_.groups.find(where);
}

std::optional<Line> DueList::chat_line(const bot::Scheduled& scheduled) const {
  auto rule = rule_of(scheduled.push->when);
  const bot::GroupProfile& group = profile(scheduled.where);
  if (!rule || !group.enabled) return std::nullopt;
  return Line{scheduled.push, std::move(*rule), line_name(scheduled), scheduled.number,
              &group,         scheduled.where,  scheduled.since};
}

std::size_t DueList::add(Line line) {
  if (free_.empty()) {
    entries_.push_back({std::move(line), {}, 0, true});
    return entries_.size() - 1;
  }
  const std::size_t place = free_.back();
  free_.pop_back();
  entries_[place] = {std::move(line), {}, entries_[place].version + 1, true};
  return place;
}

void DueList::remove(std::size_t entry) {
  entries_[entry].live = false;
  free_.push_back(entry);
}

void DueList::arm(std::size_t entry, Instant after) {
  entries_[entry].next = moments_.first_after(entries_[entry].line, after);
  rearm(entry);
}

void DueList::rearm(std::size_t entry) {
  if (!entries_[entry].next) return;
  armed_.push_back({entries_[entry].next->at, entry, entries_[entry].version});
  std::ranges::push_heap(armed_, is_armed_later);
}

void DueList::start(bot::sql::Db& db, Instant now) {
  started_ = now;
  checked_ = checked_until(db);
  hold_ = push_hold(db);
  const Instant since = std::max(checked_.value_or(now), now - kLongestGap);
  for (const bot::Scheduled& row : open_rows(db)) {
    if (row.paused) continue;
    if (auto line = chat_line(row)) chats_[row.where].emplace(row.number, add(std::move(*line)));
  }
  for (std::size_t entry = 0; entry < entries_.size(); ++entry) arm(entry, since);
  withdraw_orphans(db, now);
}

bool DueList::is_followed(const Address& where, const std::string& schedule) const {
  if (!profile(where).enabled) return false;
  const auto places = entries_of(where);
  return std::ranges::any_of(places, [&](std::size_t place) {
    const Line& line = entries_[place].line;
    return line.name == schedule && (line.target || parts_.groups.follows(where));
  });
}

/// What a file planned before it was changed is not said any more (P10).
void DueList::withdraw_orphans(bot::sql::Db& db, Instant now) {
  for (const Unsaid& unsaid : unsaid_schedules(db)) {
    if (!is_followed(unsaid.where, unsaid.schedule)) withdraw(db, unsaid.where, unsaid.schedule, now);
  }
}

void DueList::reread(bot::sql::Db& db, const Address& where, Instant now) {
  hold_ = push_hold(db);
  std::map<std::int64_t, std::size_t> before = std::move(chats_[where]);
  std::map<std::int64_t, std::size_t>& after = chats_[where] = {};
  for (const bot::Scheduled& row : open_rows(db, where)) {
    const auto known = before.find(row.number);
    if (!row.paused && known != before.end() && is_same(entries_[known->second].line, row)) {
      after.insert(before.extract(known));
      continue;
    }
    if (row.paused) continue;
    if (auto line = chat_line(row)) {
      const std::size_t entry = add(std::move(*line));
      after.emplace(row.number, entry);
      // After a rollback the row owes as before, also what waited for the chat's offset.
      arm(entry, now - moments_.spread(entries_[entry].line) - bot::Milliseconds(1));
    }
  }
  for (const auto& [number, entry] : before) remove(entry);
}

// ---- what is due ----------------------------------------------------------------------------------------

Due DueList::due_of(const Line& line, const Moment& moment, const Address& chat,
                    const std::string& name) const {
  const Instant at = moments_.at(line, moment, chat);
  return {line.push,
          line.name,
          line.number,
          line.group,
          chat,
          name.empty() ? chat.chat : name,
          moment.label,
          moment.planned,
          at,
          at + line.push->catch_up,
          at + line.push->expires.value_or(line.push->catch_up),
          {}};
}

std::vector<Due> DueList::targets(const Line& line, const Moment& moment,
                                  const std::optional<Address>& only) const {
  std::vector<Due> targets;
  if (line.target) {
    targets.push_back(due_of(line, moment, *line.target, line.group->name));
    return targets;
  }
  if (only) {
    if (parts_.known.knows(*only) && parts_.groups.follows(*only)) {
      targets.push_back(due_of(line, moment, *only, parts_.known.name(*only)));
    }
    return targets;
  }
  for (const bot::KnownGroups::Entry& entry : parts_.known.all()) {
    if (parts_.groups.follows(entry.where) && entry.since <= moment.at) {
      targets.push_back(due_of(line, moment, entry.where, entry.name));
    }
  }
  return targets;
}

void DueList::wait(Due due) {
  waiting_.push_back(std::move(due));
  std::ranges::push_heap(waiting_, is_later);
}

void DueList::ripen(Instant now) {
  while (!armed_.empty() && armed_.front().at <= now) {
    const Armed armed = armed_.front();
    std::ranges::pop_heap(armed_, is_armed_later);
    armed_.pop_back();
    Entry& entry = entries_[armed.entry];
    if (!entry.live || entry.version != armed.version) continue;
    ripen(entry, now);
    rearm(armed.entry);
  }
}

void DueList::ripen(Entry& entry, Instant now) {
  std::vector<Moment> moments;
  for (; entry.next && entry.next->at <= now; entry.next = moments_.after(entry.line, *entry.next)) {
    if (moments.size() == kMostOfGap) moments.erase(moments.begin());
    moments.push_back(*entry.next);
  }
  const bool coalesce = entry.line.push->coalesce;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    const bool overtaken = coalesce && i + 1 < moments.size();
    for (Due& due : targets(entry.line, moments[i])) {
      const char* const why = due.at <= started_ ? "downtime" : "clock";
      if (overtaken) due.missed = due.at <= started_ ? "downtime" : "overtaken";
      if (due.latest <= now) due.missed = why;
      if (due.at <= hold_.until) due.missed = "restored";
      wait(std::move(due));
    }
  }
}

bool DueList::is_stale(const Due& due) const {
  if (due.number == 0) return false;
  const auto chat = chats_.find(due.target);
  if (chat == chats_.end()) return true;
  const auto entry = chat->second.find(due.number);
  return entry == chat->second.end() || entries_[entry->second].line.push != due.push;
}

bool DueList::is_silenced(const Due& due) const {
  return due.push->cheerful && parts_.calendar.is_solemn(local_day(due.group->zone, due.at));
}

std::vector<Due> DueList::due(Instant now) {
  if (!held(now).empty()) return {};
  ripen(now);
  std::vector<Due> taken;
  while (!waiting_.empty() && waiting_.front().at <= now && taken.size() < kAtOnce) {
    std::ranges::pop_heap(waiting_, is_later);
    Due due = std::move(waiting_.back());
    waiting_.pop_back();
    if (is_stale(due)) continue;
    if (due.missed.empty() && due.latest <= now) due.missed = "clock";
    if (due.missed.empty() && is_silenced(due)) due.missed = "solemn";
    taken.push_back(std::move(due));
  }
  return taken;
}

void DueList::give_up(bot::sql::Db& db, const Address& where, const std::string& schedule, Instant due_at) {
  schedules::give_up(db, where, schedule, due_at);
}

Instant DueList::next(Instant now) const {
  if (!held(now).empty()) return Instant::max();
  Instant next = Instant::max();
  if (!armed_.empty()) next = armed_.front().at;
  if (!waiting_.empty()) next = std::min(next, waiting_.front().at);
  return next;
}

bool DueList::is_booked(bot::sql::Db& db, const Due& due) const {
  return schedules::is_booked(db, due);
}

void DueList::book(bot::sql::Db& db, const Due& due, const bot::Booking& booking) {
  schedules::book(db, due, booking);
  const auto chat = chats_.find(due.target);
  if (due.number == 0 || chat == chats_.end()) return;
  const auto entry = chat->second.find(due.number);
  if (entry == chat->second.end() || entries_[entry->second].next) return;
  set_status(db, due.target, due.number, Status::ended, booking.at);
}

void DueList::checked(bot::sql::Db& db, Instant now) {
  if (!held(now).empty()) return;
  Instant until = now;
  for (const Due& due : waiting_) until = std::min(until, due.planned - bot::Milliseconds(1));
  // What waited when the program stopped is found again by its plan, which may lie before the last check.
  set_checked_until(db, until);
  checked_ = std::max(checked_.value_or(until), until);
}

std::string DueList::clock_doubt(Instant now) const {
  if (now < parts_.built) return "before_build";
  return checked_ && now < *checked_ - clock_tolerance ? "behind_last_run" : "";
}

void DueList::trust_clock(bot::sql::Db& db, Instant now) {
  checked_ = now;
  set_checked_until(db, now);
  parts_.known.not_since_after(db, now);
  rows_not_since_after(db, now);
  withdraw_future(db, now);
  armed_.clear();
  waiting_.clear();
  for (std::size_t entry = 0; entry < entries_.size(); ++entry) {
    Entry& known = entries_[entry];
    known.line.since = std::min(known.line.since, now);
    if (known.live) arm(entry, now - moments_.spread(known.line) - bot::Milliseconds(1));
  }
}

std::string DueList::held(Instant now) const {
  const std::string doubt = clock_doubt(now);
  return doubt.empty() && hold_.holds ? "restored" : doubt;
}

void DueList::resume_pushes(bot::sql::Db& db, Instant now) {
  release_push_hold(db, now);
  hold_ = {false, now};
}

// ---- what is planned in chats ---------------------------------------------------------------------------

std::int64_t DueList::plan(bot::sql::Db& db, const Address& where, const bot::Push& push,
                           const std::string& by, Instant now) {
  const std::int64_t number = add_row(db, where, push, by, now);
  reread(db, where, now);
  return number;
}

bool DueList::replan(bot::sql::Db& db, const Address& where, std::int64_t number, const bot::Push& push,
                     Instant now) {
  if (!change_row(db, where, number, push, now)) return false;
  withdraw(db, where, chat_schedule_name(where, number), now);
  reread(db, where, now);
  return true;
}

bool DueList::change_status(bot::sql::Db& db, const Address& where, std::int64_t number, bool paused,
                            bool ended, Instant now) {
  const Status status = ended ? Status::ended : paused ? Status::paused : Status::on;
  if (!set_status(db, where, number, status, now)) return false;
  if (status != Status::on) withdraw(db, where, chat_schedule_name(where, number), now);
  reread(db, where, now);
  return true;
}

bool DueList::pause(bot::sql::Db& db, const Address& where, std::int64_t number, Instant now) {
  return change_status(db, where, number, true, false, now);
}
bool DueList::resume(bot::sql::Db& db, const Address& where, std::int64_t number, Instant now) {
  return change_status(db, where, number, false, false, now);
}
bool DueList::cancel(bot::sql::Db& db, const Address& where, std::int64_t number, Instant now) {
  return change_status(db, where, number, false, true, now);
}

void DueList::keep_outcomes(bot::sql::Db& db, std::int64_t last_row, Instant settled_before) {
  schedules::keep_outcomes(db, last_row, settled_before);
}

std::int64_t DueList::prune(bot::sql::Db& db, Instant now, std::int64_t most) {
  return prune_occurrences(db, now, most) + prune_rows(db, now, most);
}

// ---- what will be due -----------------------------------------------------------------------------------

std::vector<bot::Scheduled> DueList::scheduled(bot::sql::Db& db, const Address& where) const {
  std::vector<bot::Scheduled> all = open_rows(db, where);
  const bot::GroupProfile& group = profile(where);
  if (where.direct || !group.enabled) return all;
  for (const bot::Push& push : group.pushes) {
    if (auto line = file_line(push, group)) {
      bot::Push said = push;
      said.when = stored(line->rule);
      all.push_back({0, where, std::make_shared<const bot::Push>(std::move(said)), false, {}, {}});
    }
  }
  return all;
}

std::vector<bot::Occurred> DueList::occurred(bot::sql::Db& db, const Address& where, std::int64_t number,
                                             std::size_t most) const {
  return latest(db, where, number == 0 ? std::string() : chat_schedule_name(where, number), most);
}

std::vector<Instant> DueList::coming(bot::sql::Db& db, const bot::Scheduled& scheduled, Instant after,
                                     std::size_t count) const {
  std::vector<Instant> times;
  const auto line = chat_line(scheduled);
  if (!line) return times;
  for (auto moment = moments_.first_after(*line, after); moment && times.size() < count;
       moment = moments_.after(*line, *moment)) {
    if (!schedules::is_booked(db, scheduled.where, line->name, moment->label)) {
      times.push_back(moment->planned);
    }
  }
  return times;
}

std::vector<int> DueList::unannounced_years(const bot::Scheduled& scheduled, Instant now) const {
  const auto rule = rule_of(scheduled.push->when);
  if (!rule) return {};
  const Day today = local_day(profile(scheduled.where).zone, now);
  return schedules::unannounced_years(*rule, today, today + kSoon, parts_.calendar.workdays);
}

/// The places of the schedules that can concern a chat, or of all.
std::vector<std::size_t> DueList::entries_of(const std::optional<Address>& where) const {
  std::vector<std::size_t> places;
  const std::size_t seen = where ? file_entries_ : entries_.size();
  for (std::size_t place = 0; place < seen; ++place) {
    const Entry& entry = entries_[place];
    const bool others = where && entry.line.target && *entry.line.target != *where;
    if (entry.live && !others) places.push_back(place);
  }
  if (!where) return places;
  const auto chat = chats_.find(*where);
  if (chat == chats_.end()) return places;
  for (const auto& [number, place] : chat->second) places.push_back(place);
  return places;
}

std::vector<Due> DueList::upcoming(Instant from, Instant until, const std::optional<Address>& where) const {
  std::vector<Due> all;
  for (const std::size_t place : entries_of(where)) {
    const Line& line = entries_[place].line;
    const Instant before = from - moments_.spread(line) - bot::Milliseconds(1);
    for (auto moment = moments_.first_after(line, before); moment && moment->at < until;
         moment = moments_.after(line, *moment)) {
      for (Due& due : targets(line, *moment, where)) {
        const bool meant = !where || due.target == *where;
        const bool in_time = due.at >= from && due.at < until;
        if (meant && in_time && !is_silenced(due)) all.push_back(std::move(due));
      }
    }
  }
  std::ranges::sort(all, {}, [](const Due& due) { return std::tie(due.at, due.target, due.schedule); });
  return all;
}

}  // namespace schedules
