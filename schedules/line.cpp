#include "schedules/line.hpp"

#include <algorithm>

#include "schedules/stagger.hpp"

namespace schedules {

using bot::Instant;
using bot::LocalTime;

namespace {

std::string label_of(const Rule& rule, LocalTime local) {
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const auto time = std::chrono::duration_cast<std::chrono::minutes>(local - day);
  const auto place = std::ranges::lower_bound(rule.times, time) - rule.times.begin();
  const std::string label = bot::iso_date(local);
  return place == 0 ? label : label + "#" + std::to_string(place + 1);
}

}  // namespace

std::string file_schedule_name(const bot::Push& push) {
  return push.occasion + ":" + push.subject;
}

std::string chat_schedule_name(const bot::Address& where, std::int64_t number) {
  return (where.direct ? "private:T" : "T") + std::to_string(number);
}

bool is_unrestrained(const bot::Push& push) {
  return push.urgent || !push.person.empty();
}

LocalTime Moments::after_quiet_hours(const bot::Push& push, LocalTime local) const {
  return is_unrestrained(push) ? local : bot::after_quiet_hours(limits_, local);
}

std::optional<Moment> Moments::next(const Line& line, LocalTime after) const {
  const auto local = next_after(line.rule, after, workdays_);
  if (!local) return std::nullopt;
  const bot::Zone& zone = line.group->zone;
  return Moment{*local, zone.to_instant(*local), zone.to_instant(after_quiet_hours(*line.push, *local)),
                label_of(line.rule, *local)};
}

std::optional<Moment> Moments::after(const Line& line, const Moment& moment) const {
  return next(line, moment.local);
}

std::optional<Moment> Moments::first_after(const Line& line, Instant after) const {
  // Quiet hours move a moment by less than a day; a repeated hour hides one of an hour ago.
  const bool can_be_moved = (limits_.quiet_hours || limits_.noon_quiet) && !is_unrestrained(*line.push);
  const auto back = can_be_moved ? std::chrono::hours(26) : std::chrono::hours(2);
  auto moment = next(line, line.group->zone.to_local(after - back));
  while (moment && (moment->at <= after || moment->planned <= line.since)) moment = next(line, moment->local);
  return moment;
}

std::chrono::seconds Moments::spread(const Line& line) const {
  if (line.rule.window > std::chrono::minutes(0)) return line.rule.window;
  if (line.push->sharp || !line.push->person.empty() || !limits_.stagger) return std::chrono::seconds(0);
  return std::chrono::duration_cast<std::chrono::seconds>(*limits_.stagger);
}

Instant Moments::at(const Line& line, const Moment& moment, const bot::Address& chat) const {
  const LocalTime own = moment.local + offset_of(chat, spread(line), moment.local);
  const LocalTime allowed = after_quiet_hours(*line.push, moment.local);
  const bool moved = allowed != moment.local;
  // An offset alone does not carry it over into the quiet hours, and so into the next day.
  if (!moved && after_quiet_hours(*line.push, own) != own) return moment.planned;
  const LocalTime end = moved ? allowed + offset_of(chat, spread(line), allowed) : own;
  // The offset is counted in real time: what a spring gap moved keeps its distance.
  return moved ? line.group->zone.to_instant(end) : moment.planned + (own - moment.local);
}

}  // namespace schedules
