#include "schedules/rule_words.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/support/wall.hpp"

using support::day;
using namespace schedules;
using namespace std::chrono_literals;

namespace {

const bot::Texts& texts() {
  static const bot::Texts shipped = [] {
    bot::Problems problems;
    auto loaded = bot::Texts::load(std::filesystem::path(XUEBAN_SOURCE) / "content/words", problems);
    REQUIRE(problems.empty());
    return loaded;
  }();
  return shipped;
}

std::string words(const std::string& language, const Rule& rule) {
  bot::Random random(1);
  return rule_words(rule, [&](std::string key, bot::Values values) {
    REQUIRE(texts().has(language, key));
    return texts().render(language, {std::move(key), std::move(values)}, random);
  });
}

void check(const Rule& rule, const std::string& chinese, const std::string& english) {
  CHECK(words("zh-CN", rule) == chinese);
  CHECK(words("en", rule) == english);
}

/// At 08:00.
Rule at_eight(Days days, int offset = 0) {
  return {std::move(days), offset, {8h}};
}

}  // namespace

TEST_CASE("rules in words: days and weeks") {
  check(at_eight(EveryDay{}), "每天 08:00", "every day 08:00");
  check({EveryDay{}, 0, {8h, 20h + 5min}}, "每天 08:00、20:05", "every day 08:00, 20:05");
  check({EveryDay{}, 0, {8h}, 60min}, "每天 08:00–09:00之间", "every day between 08:00 and 09:00");
  check({EveryDay{}, 0, {8h, 23h + 30min}, 60min}, "每天 08:00–09:00、23:30–00:30之间",
        "every day between 08:00 and 09:00, 23:30 and 00:30");
  check({EveryDay{}, 0, {24h}}, "每天 24:00", "every day 24:00");
  check({EachWorkday{}, 0, {17h + 50min}}, "每个工作日 17:50", "every workday 17:50");
  check(at_eight(EachDayOff{}), "每个休息日 08:00", "every day off 08:00");
  check(at_eight(EachWorkday{}, -1), "每个工作日前1天 08:00", "1 day before every workday 08:00");
  check(at_eight(Weekly{0b0101010}), "每周一、三、五 08:00", "every Monday, Wednesday, Friday 08:00");
  check(at_eight(Weekly{0b1000001}), "每周六、日 08:00", "every Saturday, Sunday 08:00");
  check(at_eight(Weekly{0b0100000}, -1), "每周五前1天 08:00", "1 day before every Friday 08:00");
  check(at_eight(Weekly{0b0000100, 2}), "每两周周二 08:00", "every second week on Tuesday 08:00");
  check(at_eight(Weekly{0b0010100, 3}), "每三周周二、四 08:00",
        "every third week on Tuesday, Thursday 08:00");
  check(at_eight(Weekly{0b0000010, 4}), "每4周周一 08:00", "every 4 weeks on Monday 08:00");
}

TEST_CASE("rules in words: months") {
  check(at_eight(MonthDay{1}), "每月1日 08:00", "on day 1 of every month 08:00");
  check(at_eight(MonthDay{-1}), "每月最后一天 08:00", "on the last day of every month 08:00");
  check(at_eight(MonthDay{-2}), "每月倒数第2天 08:00", "on day 2 from the end of every month 08:00");
  check(at_eight(NthWeekday{-1, 5}), "每月最后一个周五 08:00", "on the last Friday of every month 08:00");
  check(at_eight(NthWeekday{2, 3}), "每月第2个周三 08:00", "on the second Wednesday of every month 08:00");
  check(at_eight(NthWeekday{5, 0}), "每月第5个周日 08:00", "on the fifth Sunday of every month 08:00");
  check(at_eight(EachWorkday{1}), "每月第1个工作日 08:00", "on the first workday of every month 08:00");
  check(at_eight(EachWorkday{-1}), "每月最后一个工作日 08:00", "on the last workday of every month 08:00");
  check(at_eight(EachWorkday{12}), "每月第12个工作日 08:00", "on workday 12 of every month 08:00");
  check(at_eight(Lunar{0, 1}), "每月农历初一 08:00", "on lunar day 1 of every month 08:00");
  check(at_eight(MonthDay{1, {3, 1}}), "每季度第一天 08:00", "on the first day of every quarter 08:00");
  check(at_eight(MonthDay{-1, {3, 3}}), "每季度最后一天 08:00", "on the last day of every quarter 08:00");
  check(at_eight(MonthDay{15, {6, 1}}), "每年1月、7月的15日 08:00",
        "every year on day 15 of January, July 08:00");
  check(at_eight(NthWeekday{1, 1, {12, 9}}), "每年9月的第1个周一 08:00",
        "every year on the first Monday of September 08:00");
}

TEST_CASE("rules in words: years") {
  check(at_eight(Yearly{7, 1}), "每年7月1日 08:00", "every year on 1 July 08:00");
  check(at_eight(Yearly{2, 29, LeapDay::february_28}), "每年2月29日（平年2月28日） 08:00",
        "every year on 29 February (28 February in other years) 08:00");
  check(at_eight(Yearly{2, 29, LeapDay::march_1}), "每年2月29日（平年3月1日） 08:00",
        "every year on 29 February (1 March in other years) 08:00");
  check(at_eight(Lunar{8, 15}), "每年农历八月十五 08:00", "every year on lunar 8-15 08:00");
  check(at_eight(Lunar{12, 30}), "每年农历腊月三十 08:00", "every year on lunar 12-30 08:00");
  check(at_eight(Lunar{1, 1}), "每年农历正月初一 08:00", "every year on lunar 1-1 08:00");
  check(at_eight(Lunar{11, 21}), "每年农历冬月廿一 08:00", "every year on lunar 11-21 08:00");
  check(at_eight(Lunar{6, 10, true}), "每年农历闰六月初十 08:00", "every year on lunar leap 6-10 08:00");
  check(at_eight(SolarTerm{6}), "每年清明 08:00", "every year on the solar term Qingming 08:00");
  check(at_eight(SolarTerm{0}), "每年小寒 08:00", "every year on the solar term Xiaohan 08:00");
  check(at_eight(SolarTerm{23}), "每年冬至 08:00", "every year on the solar term Dongzhi 08:00");
}

TEST_CASE("rules in words: days before and after") {
  check(at_eight(SolarTerm{6}, -2), "每年清明前2天 08:00",
        "every year 2 days before the solar term Qingming 08:00");
  check(at_eight(Lunar{8, 15}, -1), "每年农历八月十五前1天 08:00",
        "every year 1 day before lunar 8-15 08:00");
  check(at_eight(NthWeekday{-1, 5}, 3), "每月最后一个周五后3天 08:00",
        "3 days after the last Friday of every month 08:00");
  check(at_eight(MonthDay{1}, 1), "每月1日后1天 08:00", "1 day after day 1 of every month 08:00");
  check(at_eight(MonthDay{-1, {3, 3}}, -5), "每季度最后一天前5天 08:00",
        "5 days before the last day of every quarter 08:00");
  check(at_eight(Yearly{7, 1}, -10), "每年7月1日前10天 08:00", "every year 10 days before 1 July 08:00");
}

TEST_CASE("rules in words: once and cron") {
  check({Once{day("2026-11-24")}, 0, {15h}}, "2026-11-24（周二）15:00", "once on 2026-11-24 (Tuesday) 15:00");
  check({Once{day("2026-11-24")}, -1, {15h}}, "2026-11-23（周一）15:00", "once on 2026-11-23 (Monday) 15:00");
  check(parse_cron("0 8 * * 1-5").value(), "cron 0 8 * * 1-5", "cron 0 8 * * 1-5");
}

TEST_CASE("rules in words: what no person would write is still written") {
  check(at_eight(SolarTerm{99}), "每年100 08:00", "every year on the solar term 100 08:00");
  check(at_eight(Lunar{13, 31}), "每年农历1331 08:00", "every year on lunar 13-31 08:00");
  check(at_eight(NthWeekday{0, 9}), "每月0周10 08:00", "on the 0 10 of every month 08:00");
}
