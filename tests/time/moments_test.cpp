#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/zone.hpp"
#include "schedules/phrases.hpp"

using bot::LocalTime;
using schedules::parse_moment;
using namespace std::chrono_literals;

namespace {

LocalTime wall(unsigned month, unsigned day, std::chrono::minutes time) {
  const std::chrono::year_month_day date{std::chrono::year(2026), std::chrono::month(month),
                                         std::chrono::day(day)};
  return LocalTime{std::chrono::local_days(date)} + time;
}

/// How a phrase is understood on Friday 2026-03-06 at 12:00: as "date time", or "nothing".
std::string read(std::string_view phrase) {
  const auto at = parse_moment(phrase, wall(3, 6, 12h));
  return at ? bot::iso_date(*at) + " " + bot::clock_time(*at) : "nothing";
}

struct Phrase {
  std::string_view typed;
  std::string_view means;
};

void check_all(const std::vector<Phrase>& phrases) {
  for (const Phrase& phrase : phrases) {
    CAPTURE(phrase.typed);
    CHECK(read(phrase.typed) == phrase.means);
  }
}

}  // namespace

TEST_CASE("phrases: days and times") {
  check_all({{"明天 08:00", "2026-03-07 08:00"},
             {"明天08:00", "2026-03-07 08:00"},
             {"今天 8:05", "2026-03-06 08:05"},
             {"后天晚上8点半", "2026-03-08 20:30"},
             {"大后天 下午3点", "2026-03-09 15:00"},
             {"昨天 8点", "2026-03-05 08:00"},
             {"明天", "2026-03-07 00:00"},
             {"tomorrow 9:30", "2026-03-07 09:30"},
             {"TODAY 24:00", "2026-03-07 00:00"},
             {"明天早上7点5分", "2026-03-07 07:05"},
             {"明天上午 10点30", "2026-03-07 10:30"},
             {"明天凌晨1点", "2026-03-07 01:00"},
             {"明天中午12点", "2026-03-07 12:00"},
             {"明天中午1点", "2026-03-07 13:00"},
             {"明天晚上20点", "2026-03-07 20:00"},
             {"　明天　８：００　", "2026-03-07 08:00"},
             {"後天下午3點", "2026-03-08 15:00"}});
}

TEST_CASE("phrases: a time alone is the next one") {
  check_all({{"12:01", "2026-03-06 12:01"},
             {"12:00", "2026-03-07 12:00"},
             {"08:00", "2026-03-07 08:00"},
             {"下午1点半", "2026-03-06 13:30"},
             {"24:00", "2026-03-07 00:00"},
             {"0:00", "2026-03-07 00:00"}});
}

TEST_CASE("phrases: weekdays are those of this week, or of the next when they are over") {
  check_all({{"周五", "2026-03-06 00:00"},
             {"周五 18:00", "2026-03-06 18:00"},
             {"周六 9点", "2026-03-07 09:00"},
             {"周日", "2026-03-08 00:00"},
             {"周天", "2026-03-08 00:00"},
             {"星期天 9点", "2026-03-08 09:00"},
             {"周四", "2026-03-12 00:00"},
             {"週一", "2026-03-09 00:00"},
             {"下周一 9点", "2026-03-09 09:00"},
             {"下周五", "2026-03-13 00:00"},
             {"下周日 9:00", "2026-03-15 09:00"},
             {"下星期天", "2026-03-15 00:00"}});
  const auto sunday = parse_moment("周日 9点", wall(3, 8, 8h));
  CHECK(sunday == wall(3, 8, 9h));
}

TEST_CASE("phrases: dates") {
  check_all({{"2026-03-06 18:00", "2026-03-06 18:00"},
             {"2026-3-6 8点", "2026-03-06 08:00"},
             {"2028-02-29", "2028-02-29 00:00"},
             {"2040-01-01 00:00", "2040-01-01 00:00"},
             {"1999-12-31 23:59", "1999-12-31 23:59"}});
}

TEST_CASE("phrases: so much from now") {
  check_all({{"+3d", "2026-03-09 12:00"},
             {"+90m", "2026-03-06 13:30"},
             {"+12h", "2026-03-07 00:00"},
             {"+60s", "2026-03-06 12:01"},
             {"＋１Ｄ", "2026-03-07 12:00"},
             {"+0d", "2026-03-06 12:00"},
             {"+100000m", "2026-05-14 22:40"}});
}

TEST_CASE("phrases: what is not understood is nothing, never a guess") {
  for (const std::string_view phrase : {"",
                                        "　",
                                        "今日一课",
                                        "8",
                                        "0800",
                                        "3d",
                                        "-3d",
                                        "+3",
                                        "+d",
                                        "+1.5h",
                                        "+-5d",
                                        "+100001m",
                                        "+3d 8:00",
                                        "25:00",
                                        "24:01",
                                        "8:60",
                                        "8点60",
                                        "8:",
                                        ":30",
                                        "08:00:00",
                                        "8点一刻",
                                        "8点30分钟后",
                                        "明天早上",
                                        "明天 明天",
                                        "明天 今天 8:00",
                                        "周八",
                                        "周末",
                                        "下周",
                                        "周",
                                        "礼拜",
                                        "2026-02-29",
                                        "2026-13-01",
                                        "2026-00-10",
                                        "2026-03-00",
                                        "2026-03",
                                        "2026-03-06T18:00",
                                        "1899-12-31",
                                        "99999999999-01-01",
                                        "2026--3-06",
                                        "99999999999:00",
                                        "8点半5",
                                        "明天8:00吗",
                                        "yesterday"}) {
    CAPTURE(phrase);
    CHECK(read(phrase) == "nothing");
  }
}

TEST_CASE("phrases: a week without its day is not understood") {
  for (const std::string_view phrase : {"下周 9点", "周 9:00", "周10:00", "下星期8点", "下周 2026-03-20"}) {
    CAPTURE(phrase);
    CHECK(read(phrase) == "nothing");
  }
}

TEST_CASE("phrases: numbers that fit no date are not cut until they do") {
  for (const std::string_view phrase : {"2026-03-262", "2026-259-06", "67562-03-06", "2026-03-262 8:00"}) {
    CAPTURE(phrase);
    CHECK(read(phrase) == "nothing");
  }
}

TEST_CASE("phrases: parts of the day say which half of the clock is meant") {
  check_all({{"今天中午11点半", "2026-03-06 11:30"},
             {"明天晚上12点", "2026-03-08 00:00"},
             {"明天下午12点半", "2026-03-07 12:30"}});
}

TEST_CASE("phrases: a part of the day that contradicts its hour is not understood") {
  for (const std::string_view phrase :
       {"上午下午3点", "明天凌晨15点", "明天上午15点", "明天晚上0点", "明天下午0点"}) {
    CAPTURE(phrase);
    CHECK(read(phrase) == "nothing");
  }
}
