#include <doctest/doctest.h>

#include <string>

#include "schedules/recurrence.hpp"
#include "tests/support/lines.hpp"
#include "tests/support/wall.hpp"

using support::wall;
using namespace schedules;

namespace {

Lines next(const std::string& expression, const std::string& after, std::size_t count = 5) {
  const auto rule = parse_cron(expression);
  if (!rule) return {rule.error().detail};
  Lines lines;
  for (auto at = wall(after); lines.size() < count;) {
    const auto found = next_after(*rule, at, Workdays());
    lines.push_back(found ? support::written(*found) : "none");
    if (!found) break;
    at = *found;
  }
  return lines;
}

std::string problem(const std::string& expression) {
  const auto rule = parse_cron(expression);
  if (rule) return "";
  CHECK(rule.error().code == bot::Errc::bad_input);
  return rule.error().detail;
}

CronDays days_of(const std::string& expression) {
  return std::get<CronDays>(parse_cron(expression).value().days);
}

}  // namespace

TEST_CASE("cron: every hour with every minute, ascending") {
  CHECK(next("*/15 8-9 * * *", "2026-11-24 08:40") == Lines{"2026-11-24 08:45", "2026-11-24 09:00",
                                                            "2026-11-24 09:15", "2026-11-24 09:30",
                                                            "2026-11-24 09:45"});
  CHECK(next("30,0 20,8 * * *", "2026-11-24 08:00", 4) ==
        Lines{"2026-11-24 08:30", "2026-11-24 20:00", "2026-11-24 20:30", "2026-11-25 08:00"});
  CHECK(next("5/20 0 * * *", "2026-11-24", 4) ==
        Lines{"2026-11-24 00:05", "2026-11-24 00:25", "2026-11-24 00:45", "2026-11-25 00:05"});
  CHECK(next("10-40/15 0 * * *", "2026-11-24", 3) ==
        Lines{"2026-11-24 00:10", "2026-11-24 00:25", "2026-11-24 00:40"});
  CHECK(parse_cron("* * * * *").value().times.size() == 1440);
}

TEST_CASE("cron: weekdays by number and name, Sunday twice") {
  const Lines workweek{"2026-11-27 08:00", "2026-11-30 08:00", "2026-12-01 08:00"};
  CHECK(next("0 8 * * 1-5", "2026-11-26 09:00", 3) == workweek);
  CHECK(next("0 8 * * MON-Fri", "2026-11-26 09:00", 3) == workweek);
  CHECK(days_of("0 8 * * 7").weekdays == days_of("0 8 * * 0").weekdays);
  CHECK(days_of("0 8 * * sun").weekdays == 1);
  CHECK(days_of("0 8 * * 5-7").weekdays == 0b1100001);
  CHECK(days_of("0 8 * * fri-sun").weekdays == 0b1100001);
  CHECK(days_of("0 8 * * sun-tue").weekdays == 0b0000111);
  CHECK(days_of("0 8 * * *").weekdays == 0b1111111);
  CHECK(days_of("0 8 * jan,Dec *").months == (1U << 1U | 1U << 12U));
}

TEST_CASE("cron: a day of the month or a weekday, either suffices") {
  // Friday the thirteenth cannot be said: it is every thirteenth and every Friday.
  CHECK(next("0 8 13 * fri", "2026-11-10", 4) ==
        Lines{"2026-11-13 08:00", "2026-11-20 08:00", "2026-11-27 08:00", "2026-12-04 08:00"});
  CHECK(next("0 8 1 * mon", "2026-11-24", 3) ==
        Lines{"2026-11-30 08:00", "2026-12-01 08:00", "2026-12-07 08:00"});
  // A field that begins with a star does not count as restricted: both must fit.
  CHECK(next("0 8 */2 * mon", "2026-11-24", 3) ==
        Lines{"2026-12-07 08:00", "2026-12-21 08:00", "2027-01-11 08:00"});
  CHECK(next("0 8 1 * *", "2026-11-24", 2) == Lines{"2026-12-01 08:00", "2027-01-01 08:00"});
}

TEST_CASE("cron: short months and leap days") {
  CHECK(next("0 8 31 * *", "2026-08-31 08:00", 3) ==
        Lines{"2026-10-31 08:00", "2026-12-31 08:00", "2027-01-31 08:00"});
  CHECK(next("0 8 29 2 *", "2026-01-01", 3) ==
        Lines{"2028-02-29 08:00", "2032-02-29 08:00", "2036-02-29 08:00"});
  CHECK(next("0 8 29 2 *", "2096-02-29 08:00", 1) == Lines{"2104-02-29 08:00"});
  CHECK(next("0 8 31 4,6,9,11 *", "2026-01-01", 1) == Lines{"none"});
  CHECK(next("0 8 30 2 *", "2026-01-01", 1) == Lines{"none"});
}

TEST_CASE("cron: names for common expressions") {
  CHECK(next("@daily", "2026-11-24 08:00", 1) == Lines{"2026-11-25 00:00"});
  CHECK(next("@midnight", "2026-11-24 08:00", 1) == Lines{"2026-11-25 00:00"});
  CHECK(next("@Hourly", "2026-11-24 08:00", 1) == Lines{"2026-11-24 09:00"});
  CHECK(next("@weekly", "2026-11-24 08:00", 1) == Lines{"2026-11-29 00:00"});
  CHECK(next("@monthly", "2026-11-24 08:00", 1) == Lines{"2026-12-01 00:00"});
  CHECK(next("@yearly", "2026-11-24 08:00", 1) == Lines{"2027-01-01 00:00"});
  CHECK(next("@annually", "2026-11-24 08:00", 1) == Lines{"2027-01-01 00:00"});
  CHECK(days_of("@daily").expression == "@daily");
  CHECK(days_of(" 0\t8  * *  1-5 ").expression == "0 8 * * 1-5");
}

TEST_CASE("cron: an error names the field") {
  CHECK(problem("0 25 * * *") == "the field hour: 25 is not 0 to 23");
  CHECK(problem("60 8 * * *") == "the field minute: 60 is not 0 to 59");
  CHECK(problem("0 8 0 * *") == "the field day: 0 is not 1 to 31");
  CHECK(problem("0 8 * 13 *") == "the field month: 13 is not 1 to 12");
  CHECK(problem("0 8 * mon *") == "the field month: mon is not 1 to 12");
  CHECK(problem("0 8 * * 8") == "the field weekday: 8 is not 0 to 7");
  CHECK(problem("0 8 * * monday") == "the field weekday: monday is not 0 to 7");
  CHECK(problem("0 8,,9 * * *") == "the field hour:  is not 0 to 23");
  CHECK(problem("0 -5 * * *") == "the field hour:  is not 0 to 23");
  CHECK(problem("0 9-8 * * *") == "the field hour: 9-8 goes backwards");
  CHECK(problem("0 8 * * fri-mon") == "the field weekday: fri-mon goes backwards");
  CHECK(problem("*/0 8 * * *") == "the field minute: */0 has no step above 0");
  CHECK(problem("*/x 8 * * *") == "the field minute: */x has no step above 0");
  CHECK(problem("*/ 8 * * *") == "the field minute: */ has no step above 0");
  CHECK(problem("0 99999999999999999999 * * *") == "the field hour: 99999999999999999999 is not 0 to 23");
  CHECK(problem("*/99999999999 8 * * *") == "the field minute: */99999999999 has no step above 0");
  CHECK(problem("*/4294967295 8 * * *").empty());
  CHECK(problem("0 8 * *") == "a cron expression has five fields, not 4");
  CHECK(problem("0 8 * * * *") == "a cron expression has five fields, not 6");
  CHECK(problem("") == "a cron expression has five fields, not 0");
  CHECK(problem("@reboot") == "@reboot is not one of @hourly, @daily, @weekly, @monthly and @yearly");
}
