#pragma once

#include <string>
#include <string_view>

#include "bot/base/instant.hpp"
#include "bot/base/result.hpp"

namespace bot {

/// An IANA time zone such as "Asia/Shanghai". Independent of the host's TZ. A cheap value. Daylight saving is
/// known as far as the system's zone files list it, which is up to 2037.
class Zone {
 public:
  /// Errc::not_found names the zone that the system does not know.
  static Result<Zone> named(std::string_view name);
  static Zone utc();

  std::string name() const;
  LocalTime to_local(Instant at) const;
  /// A local time that a spring gap skips becomes the first instant after the gap; one that happens twice
  /// becomes its first occurrence (reliability T2).
  Instant to_instant(LocalTime local) const;

 private:
  explicit Zone(const void* zone) noexcept : zone_(zone) {}
  const void* zone_;  // date::time_zone, owned by the zone database for the life of the process
};

/// "2026-03-06"
std::string iso_date(LocalTime local);
/// "18:00"
std::string clock_time(LocalTime local);
/// 0 = Sunday … 6 = Saturday
unsigned weekday_of(LocalTime local);

}  // namespace bot
