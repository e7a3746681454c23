#include "bot/base/zone.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <stdexcept>

namespace bot {

namespace {

const date::time_zone& zone_of(const void* zone) {
  return *static_cast<const date::time_zone*>(zone);
}

}  // namespace

Result<Zone> Zone::named(std::string_view name) {
  try {
    return Zone(date::locate_zone(std::string(name)));
  } catch (const std::runtime_error&) {
    return Error{Errc::not_found, fmt::format("time zone \"{}\" is unknown", name)};
  }
}

Zone Zone::utc() {
  return Zone(date::locate_zone("Etc/UTC"));
}

std::string Zone::name() const {
  return zone_of(zone_).name();
}

LocalTime Zone::to_local(Instant at) const {
  return LocalTime{zone_of(zone_).to_local(at).time_since_epoch()};
}

Instant Zone::to_instant(LocalTime local) const {
  const date::local_time<Milliseconds> wall{local.time_since_epoch()};
  return zone_of(zone_).to_sys(wall, date::choose::earliest);
}

std::string iso_date(LocalTime local) {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(local)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string clock_time(LocalTime local) {
  const std::chrono::hh_mm_ss time{local - std::chrono::floor<std::chrono::days>(local)};
  return fmt::format("{:02}:{:02}", time.hours().count(), time.minutes().count());
}

unsigned weekday_of(LocalTime local) {
  return std::chrono::weekday{std::chrono::floor<std::chrono::days>(local)}.c_encoding();
}

}  // namespace bot
