/// Times as people type them. The phrases and their meanings stand in phrases.tsv.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bot/base/zone.hpp"
#include "schedules/phrases.hpp"
#include "schedules/rule_words.hpp"

using bot::LocalTime;
using schedules::Day;
using schedules::Phrase;
using schedules::PhraseError;
using schedules::Rule;
using std::chrono::minutes;
using namespace std::chrono_literals;

namespace {

constexpr Day day(int year, unsigned month, unsigned day) {
  return Day(
      std::chrono::year_month_day{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)});
}

const LocalTime kNow = LocalTime(day(2026, 11, 23)) + 10h;

constexpr std::array<const char*, 7> kWeekdays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

std::string months(const schedules::Months& rule) {
  return rule == schedules::Months{} ? "" : fmt::format(" /{}@{}", rule.every, rule.first);
}

/// A rule's days in the short form of the table.
struct Short {
  std::string operator()(const schedules::EveryDay&) const { return "daily"; }
  std::string operator()(const schedules::Weekly& rule) const {
    std::string text = "weekly";
    if (rule.every > 1) text += fmt::format("/{}@{}", rule.every, bot::iso_date(rule.anchor));
    char mark = ' ';
    for (const unsigned each : {1U, 2U, 3U, 4U, 5U, 6U, 0U}) {
      if ((rule.days >> each & 1U) == 0) continue;
      text += mark;
      text += kWeekdays[each];
      mark = ',';
    }
    return text;
  }
  std::string operator()(const schedules::MonthDay& rule) const {
    return fmt::format("month {}{}", rule.day, months(rule.months));
  }
  std::string operator()(const schedules::NthWeekday& rule) const {
    return fmt::format("nth {} {}{}", rule.nth, kWeekdays[rule.weekday], months(rule.months));
  }
  std::string operator()(const schedules::Yearly& rule) const {
    const bool march = rule.leap_day == schedules::LeapDay::march_1;
    return fmt::format("yearly {:02}-{:02}{}", rule.month, rule.day, march ? "/march" : "");
  }
  std::string operator()(const schedules::EachWorkday& rule) const {
    return rule.nth == 0 ? "workday" : fmt::format("workday {}", rule.nth);
  }
  std::string operator()(const schedules::EachDayOff&) const { return "dayoff"; }
  std::string operator()(const schedules::Lunar& rule) const {
    return fmt::format("lunar {}{}-{}", rule.leap ? "leap " : "", rule.month, rule.day);
  }
  std::string operator()(const schedules::SolarTerm& rule) const { return fmt::format("term {}", rule.term); }
  std::string operator()(const schedules::Once& rule) const { return "once " + bot::iso_date(rule.day); }
  std::string operator()(const schedules::CronDays&) const { return "cron"; }
};

std::string shown(const Rule& rule) {
  std::string text = std::visit(Short{}, rule.days);
  char mark = ' ';
  for (const minutes time : rule.times) {
    text += fmt::format("{}{:02}:{:02}", mark, time / 1h, time % 1h / 1min);
    mark = ',';
  }
  if (rule.window > 0min) text += fmt::format(" +{}m", rule.window.count());
  if (rule.offset != 0) text += fmt::format(" {:+}d", rule.offset);
  return text;
}

std::string shown(const schedules::AroundEvent& around) {
  return fmt::format("event {} {:+}m", around.event, around.offset.count());
}

std::string shown(const Phrase& phrase) {
  if (!phrase.when) return phrase.error == PhraseError::past ? "past" : "none";
  const std::string text = std::visit([](const auto& what) { return shown(what); }, phrase.when->what);
  return phrase.when->no_time ? text + " *" : text;
}

struct Line {
  std::string typed{};
  std::string means{};
};

std::vector<Line> table() {
  std::ifstream file(XUEBAN_SOURCE "/tests/time/phrases.tsv");
  std::vector<Line> lines;
  for (std::string line; std::getline(file, line);) {
    const std::size_t tab = line.find('\t');
    if (line.starts_with('#') || tab == std::string::npos) continue;
    lines.push_back({line.substr(0, tab), line.substr(tab + 1)});
  }
  return lines;
}

std::string ruled(std::string_view text) {
  const auto rule = schedules::parse_rule(text);
  return rule ? shown(*rule) : "none";
}

/// "what it means | the rest"
std::string split(std::string_view sentence) {
  const schedules::Timed timed = schedules::split_time(sentence, kNow);
  return shown(timed.phrase) + " | " + timed.rest;
}

}  // namespace

TEST_CASE("phrases: each line of the table means what it says") {
  const std::vector<Line> lines = table();
  CHECK(lines.size() >= 350);
  for (const Line& line : lines) {
    CAPTURE(line.typed);
    CHECK(shown(schedules::parse_when(line.typed, kNow)) == line.means);
  }
}

TEST_CASE("phrases: too much, nothing and damaged bytes are not understood") {
  for (const std::string& text :
       {std::string(), std::string(" "), std::string("　"), std::string(5000, '8'), std::string("\xff\xfe"),
        std::string("8点\xe5"), std::string(20000, ' ') + "8", std::string("\0", 1)}) {
    CHECK(shown(schedules::parse_when(text, kNow)) == "none");
    CHECK(shown(schedules::split_time(text, kNow).phrase) == "none");
    CHECK(ruled(text) == "none");
  }
}

TEST_CASE("phrases: the moment that is now is over, the next minute is not") {
  CHECK(shown(schedules::parse_when("今天10点", kNow)) == "past");
  CHECK(shown(schedules::parse_when("今天10:00", kNow - 1ms)) == "once 2026-11-23 10:00");
  CHECK(shown(schedules::parse_when("10分钟后", kNow + 29s)) == "once 2026-11-23 10:10");
  CHECK(shown(schedules::parse_when("10分钟后", kNow + 30s)) == "once 2026-11-23 10:11");
  CHECK(shown(schedules::parse_when("1小时后", LocalTime(day(2026, 12, 31)) + 23h + 30min)) ==
        "once 2027-01-01 00:30");
  CHECK(shown(schedules::parse_when("一个月后", LocalTime(day(2027, 1, 31)) + 8h)) ==
        "once 2027-02-28 09:00 *");
  CHECK(shown(schedules::parse_when("下周一", LocalTime(day(2026, 11, 29)) + 8h)) ==
        "once 2026-11-30 09:00 *");
  CHECK(shown(schedules::parse_when("春节", LocalTime(day(2027, 2, 6)) + 8h)) == "once 2027-02-06 09:00 *");
  CHECK(shown(schedules::parse_when("春节", LocalTime(day(2027, 2, 6)) + 9h)) == "once 2028-01-26 09:00 *");
}

TEST_CASE("rules in files: what means the same at any time, with a time of day") {
  const std::vector<Line> lines = {
      {"每天 08:00", "daily 08:00"},
      {"每个工作日 17:50", "workday 17:50"},
      {"每两周周二 19:00", "weekly/2@2024-01-01 tue 19:00"},
      {"every 3 weeks on Monday 8:00", "weekly/3@2024-01-01 mon 08:00"},
      {"2026-01-01 08:00", "once 2026-01-01 08:00"},
      {"2026年1月1日 8点", "once 2026-01-01 08:00"},
      {"2026-11-24（周二）15:00", "once 2026-11-24 15:00"},
      {"once on 2026-11-24 (Tuesday) 15:00", "once 2026-11-24 15:00"},
      {"cron 0 8 * * 1-5", "cron 08:00"},
      {"每年清明前2天 08:00", "term 6 08:00 -2d"},
      {"每天", "none"},
      {"每天中午", "none"},
      {"每周五前", "none"},
      {"明天 08:00", "none"},
      {"周五 08:00", "none"},
      {"08:00", "none"},
      {"3月8日 08:00", "none"},
      {"清明 08:00", "none"},
      {"明年3月8日 08:00", "none"},
      {"下个月3号 08:00", "none"},
      {"月底 08:00", "none"},
      {"10分钟后", "none"},
      {"三天后 08:00", "none"},
      {"开会前10分钟", "none"},
      {"tomorrow 15:00", "none"},
      {"on Friday 15:00", "none"},
      {"end of the month 15:00", "none"},
      {"in 10 minutes", "none"},
      {"", "none"},
  };
  for (const Line& line : lines) {
    CAPTURE(line.typed);
    CHECK(ruled(line.typed) == line.means);
  }
}

TEST_CASE("rules in files: parse_rule agrees with parse_when wherever both understand") {
  for (const Line& line : table()) {
    const auto rule = schedules::parse_rule(line.typed);
    if (!rule || line.means == "past" || line.means.find('@') != std::string::npos) continue;
    CAPTURE(line.typed);
    CHECK(shown(*rule) == line.means);
  }
}

TEST_CASE("sentences: a time at the beginning or at the end, and the rest") {
  const std::vector<Line> lines = {
      {"明天下午3点交报告", "once 2026-11-24 15:00 | 交报告"},
      {"明天下午3点 交报告", "once 2026-11-24 15:00 | 交报告"},
      {"明天下午3点，交报告", "once 2026-11-24 15:00 | 交报告"},
      {"明天下午3点：交报告。", "once 2026-11-24 15:00 | 交报告。"},
      {"每个工作日17:50填日志", "workday 17:50 | 填日志"},
      {"submit the report tomorrow at 15:00", "once 2026-11-24 15:00 | submit the report"},
      {"tomorrow at 15:00 submit the report", "once 2026-11-24 15:00 | submit the report"},
      {"call Mum in 10 minutes", "once 2026-11-23 10:10 | call Mum"},
      {"Stand-up every workday 9:30", "workday 09:30 | Stand-up"},
      {"every Monday 8:00 Stand-up", "weekly mon 08:00 | Stand-up"},
      {"下周一早上8点半开会", "once 2026-11-30 08:30 | 开会"},
      {"30分钟后关火", "once 2026-11-23 10:30 | 关火"},
      {"半小时后喝水", "once 2026-11-23 10:30 | 喝水"},
      {"周五前交材料", "once 2026-11-26 18:00 * | 交材料"},
      {"周五17点前交材料", "once 2026-11-27 17:00 | 交材料"},
      {"3点半开会前10分钟带电脑", "once 2026-11-23 15:20 | 带电脑"},
      {"开会前10分钟带电脑", "event 开会 -10m | 带电脑"},
      {"带电脑，开会前10分钟", "event 开会 -10m | 带电脑"},
      {"bring the laptop, 10 minutes before the meeting", "event the meeting -10m | bring the laptop"},
      {"提醒我明天8点起床", "none | 提醒我明天8点起床"},
      {"交报告 明天下午3点", "once 2026-11-24 15:00 | 交报告"},
      {"交报告，明天下午3点", "once 2026-11-24 15:00 | 交报告"},
      {"交报告明天下午3点", "once 2026-11-24 15:00 | 交报告"},
      {"开会在下周一早上8点", "once 2026-11-30 08:00 | 开会"},
      {"每天早上8点背单词", "daily 08:00 | 背单词"},
      {"背单词每天早上8点", "daily 08:00 | 背单词"},
      {"每周一三五晚上8点打卡", "weekly mon,wed,fri 20:00 | 打卡"},
      {"每月最后一个周五下午3点写总结", "nth -1 fri 15:00 | 写总结"},
      {"每年清明前两天早上8点订票", "term 6 08:00 -2d | 订票"},
      {"每年2月29日（平年3月1日）8点祝寿", "yearly 02-29/march 08:00 | 祝寿"},
      {"农历八月十五晚上7点赏月", "once 2027-09-15 19:00 | 赏月"},
      {"2026-12-01 15:00 答辩", "once 2026-12-01 15:00 | 答辩"},
      {"12月1日15:00答辩", "once 2026-12-01 15:00 | 答辩"},
      {"明天交作业", "once 2026-11-24 09:00 * | 交作业"},
      {"今天8点交作业", "past | 交作业"},
      {"每天8点到9点之间读书", "daily 08:00 +60m | 读书"},
      {"8点半价票开抢", "once 2026-11-24 08:00 | 半价票开抢"},
      {"明天下午3点", "once 2026-11-24 15:00 | "},
      {"  明天8点  Code Review  ", "once 2026-11-24 08:00 | Code Review"},
      {"明天8點交報告", "once 2026-11-24 08:00 | 交報告"},
      {"明天３点　交ＡＢＣ", "once 2026-11-24 15:00 | 交ＡＢＣ"},
      {"3点开会", "once 2026-11-23 15:00 | 开会"},
      {"八点三十开会", "once 2026-11-24 08:30 | 开会"},
      {"一点建议", "none | 一点建议"},
      {"三点建议", "none | 三点建议"},
      {"学习一点", "none | 学习一点"},
      {"周五的会", "none | 周五的会"},
      {"周五下午3点的会", "none | 周五下午3点的会"},
      {"明天的作业", "none | 明天的作业"},
      {"明天25点开会", "none | 明天25点开会"},
      {"明天8点99分开会", "none | 明天8点99分开会"},
      {"明天早上15点开会", "none | 明天早上15点开会"},
      {"3月8日8点99分交报告", "none | 3月8日8点99分交报告"},
      {"2月30日交报告", "none | 2月30日交报告"},
      {"交报告，2月30日", "none | 交报告，2月30日"},
      {"交报告上周五", "past | 交报告"},
      {"8点三十个人", "none | 8点三十个人"},
      {"早上好", "none | 早上好"},
      {"8点左右开会", "none | 8点左右开会"},
      {"回忆去年元旦", "past | 回忆"},
      {"有空的时候看书", "none | 有空的时候看书"},
      {"submit the report", "none | submit the report"},
      {"see you at 25", "none | see you at 25"},
      {"明天8点还是9点", "none | 明天8点还是9点"},
      {"五一班的作业", "none | 五一班的作业"},
      {"周五前台值班", "once 2026-11-27 09:00 * | 前台值班"},
      {"一周后悔过", "none | 一周后悔过"},
      {"每周一题", "none | 每周一题"},
      {"每周一开会", "weekly mon 09:00 * | 开会"},
      {"周五五个人聚餐", "once 2026-11-27 09:00 * | 五个人聚餐"},
      {"周五课程表", "once 2026-11-27 09:00 * | 课程表"},
      {"每天一课", "daily 09:00 * | 一课"},
      {"每天都背单词", "daily 09:00 * | 都背单词"},
      {"3号楼开会", "none | 3号楼开会"},
      {"3号交房租", "once 2026-12-03 09:00 * | 交房租"},
      {"去A座3号", "none | 去A座3号"},
      {"12.5公里跑步", "none | 12.5公里跑步"},
      {"12.25 交报告", "once 2026-12-25 09:00 * | 交报告"},
      {"完成3/4", "none | 完成3/4"},
      {"小雪生日快乐", "none | 小雪生日快乐"},
      {"小雪晚上8点 吃饺子", "once 2027-11-22 20:00 | 吃饺子"},
      {"下午茶", "none | 下午茶"},
      {"下午开会", "once 2026-11-23 15:00 * | 开会"},
      {"Good morning", "none | Good morning"},
      {"Morning everyone", "none | Morning everyone"},
      {"sit in the sun", "none | sit in the sun"},
      {"不要拖到周五", "none | 不要拖到周五"},
      {"强调三点", "none | 强调三点"},
      {"", "none | "},
  };
  for (const Line& line : lines) {
    CAPTURE(line.typed);
    CHECK(split(line.typed) == line.means);
  }
}

TEST_CASE("sentences: a second time behind a joint is half a time, anything else is what to do") {
  const std::vector<Line> lines = {
      {"每月1号和15号交房租", "none | 每月1号和15号交房租"},
      {"明天和后天交报告", "none | 明天和后天交报告"},
      {"明天和周五的作业", "none | 明天和周五的作业"},
      {"明天及后天交报告", "none | 明天及后天交报告"},
      {"周三或周五开会", "none | 周三或周五开会"},
      {"周三/周五开会", "none | 周三/周五开会"},
      {"周三到后天值班", "none | 周三到后天值班"},
      {"明天和下午3点开会", "none | 明天和下午3点开会"},
      {"明天8点到25点开会", "none | 明天8点到25点开会"},
      {"明天或去年元旦", "none | 明天或去年元旦"},
      {"交报告明天与后天", "none | 交报告明天与后天"},
      {"tomorrow and Friday call Mum", "none | tomorrow and Friday call Mum"},
      {"tomorrow or on Friday call Mum", "none | tomorrow or on Friday call Mum"},
      {"call Mum tomorrow and friday", "none | call Mum tomorrow and friday"},
      {"明天和小王开会", "once 2026-11-24 09:00 * | 和小王开会"},
      {"明天3点到会议室集合", "once 2026-11-24 15:00 | 到会议室集合"},
      {"明天3点到301教室集合", "once 2026-11-24 15:00 | 到301教室集合"},
      {"明天3点到3号楼集合", "once 2026-11-24 15:00 | 到3号楼集合"},
      {"明天3号楼集合", "once 2026-11-24 09:00 * | 3号楼集合"},
      {"明天跟三班比赛", "once 2026-11-24 09:00 * | 跟三班比赛"},
      {"明天和五一班比赛", "once 2026-11-24 09:00 * | 和五一班比赛"},
      {"明天到后台集合", "once 2026-11-24 09:00 * | 到后台集合"},
      {"明天和小王开会前10分钟碰头", "once 2026-11-24 09:00 * | 和小王开会前10分钟碰头"},
      {"tomorrow and bring a pen", "once 2026-11-24 09:00 * | and bring a pen"},
      {"tomorrow to mark the tests", "once 2026-11-24 09:00 * | to mark the tests"},
  };
  for (const Line& line : lines) {
    CAPTURE(line.typed);
    CHECK(split(line.typed) == line.means);
  }
}
