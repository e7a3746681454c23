#include "schedules/phrase_calendar.hpp"

#include <algorithm>
#include <array>

namespace schedules {

using std::chrono::days;
using std::chrono::year_month_day;

namespace {

constexpr std::array<std::string_view, 3> kWeek{"周", "星期", "礼拜"};
constexpr std::array<Word<unsigned>, 8> kWeekdaySigns{
    {{"日", 0}, {"天", 0}, {"一", 1}, {"二", 2}, {"三", 3}, {"四", 4}, {"五", 5}, {"六", 6}}};

constexpr std::array<Word<int>, 49> kTerms{
    {{"小寒", 0},    {"大寒", 1},     {"立春", 2},         {"雨水", 3},    {"惊蛰", 4},     {"春分", 5},
     {"清明节", 6},  {"清明", 6},     {"谷雨", 7},         {"立夏", 8},    {"小满", 9},     {"芒种", 10},
     {"夏至", 11},   {"小暑", 12},    {"大暑", 13},        {"立秋", 14},   {"处暑", 15},    {"白露", 16},
     {"秋分", 17},   {"寒露", 18},    {"霜降", 19},        {"立冬", 20},   {"小雪", 21},    {"大雪", 22},
     {"冬至", 23},   {"xiaohan", 0},  {"dahan", 1},        {"lichun", 2},  {"yushui", 3},   {"jingzhe", 4},
     {"chunfen", 5}, {"qingming", 6}, {"guyu", 7},         {"lixia", 8},   {"xiaoman", 9},  {"mangzhong", 10},
     {"xiazhi", 11}, {"xiaoshu", 12}, {"dashu", 13},       {"liqiu", 14},  {"chushu", 15},  {"bailu", 16},
     {"qiufen", 17}, {"hanlu", 18},   {"shuangjiang", 19}, {"lidong", 20}, {"xiaoxue", 21}, {"daxue", 22},
     {"dongzhi", 23}}};

struct MonthAndDay {
  int month;
  int day;
};
constexpr std::array<Word<MonthAndDay>, 34> kSolarFeasts{
    {{"元旦节", {1, 1}},         {"元旦", {1, 1}},           {"情人节", {2, 14}},
     {"三八妇女节", {3, 8}},     {"妇女节", {3, 8}},         {"植树节", {3, 12}},
     {"五一劳动节", {5, 1}},     {"五一节", {5, 1}},         {"五一", {5, 1}},
     {"劳动节", {5, 1}},         {"五四青年节", {5, 4}},     {"五四", {5, 4}},
     {"青年节", {5, 4}},         {"六一儿童节", {6, 1}},     {"六一", {6, 1}},
     {"儿童节", {6, 1}},         {"七一建党节", {7, 1}},     {"七一", {7, 1}},
     {"建党节", {7, 1}},         {"八一建军节", {8, 1}},     {"八一", {8, 1}},
     {"建军节", {8, 1}},         {"教师节", {9, 10}},        {"国庆节", {10, 1}},
     {"国庆", {10, 1}},          {"平安夜", {12, 24}},       {"圣诞节", {12, 25}},
     {"圣诞", {12, 25}},         {"new year's day", {1, 1}}, {"labour day", {5, 1}},
     {"children's day", {6, 1}}, {"teachers' day", {9, 10}}, {"national day", {10, 1}},
     {"christmas", {12, 25}}}};
constexpr std::array<Word<MonthAndDay>, 25> kLunarFeasts{{{"春节", {1, 1}},
                                                          {"大年初一", {1, 1}},
                                                          {"元宵节", {1, 15}},
                                                          {"元宵", {1, 15}},
                                                          {"端午节", {5, 5}},
                                                          {"端午", {5, 5}},
                                                          {"七夕节", {7, 7}},
                                                          {"七夕", {7, 7}},
                                                          {"中元节", {7, 15}},
                                                          {"中秋节", {8, 15}},
                                                          {"中秋", {8, 15}},
                                                          {"重阳节", {9, 9}},
                                                          {"重阳", {9, 9}},
                                                          {"腊八节", {12, 8}},
                                                          {"腊八", {12, 8}},
                                                          {"小年", {12, 23}},
                                                          {"除夕夜", {12, 30}},
                                                          {"除夕", {12, 30}},
                                                          {"大年三十", {12, 30}},
                                                          {"spring festival", {1, 1}},
                                                          {"chinese new year", {1, 1}},
                                                          {"lantern festival", {1, 15}},
                                                          {"dragon boat festival", {5, 5}},
                                                          {"mid-autumn festival", {8, 15}},
                                                          {"double ninth festival", {9, 9}}}};

template <class... Fs>
struct Match : Fs... {
  using Fs::operator()...;
};

const Workdays& no_announcements() {
  static const Workdays none;
  return none;
}

unsigned day_of_month(Day day) {
  return static_cast<unsigned>(year_month_day(day).day());
}

/// The first of `every` months in which such a place lies.
Months months_of(int every, int nth) {
  return {every, nth < 0 ? every : 1};
}

}  // namespace

int year_of(Day day) {
  return static_cast<int>(year_month_day(day).year());
}

Day first_of_year(int year) {
  return Day(year_month_day(std::chrono::year(year), std::chrono::January, std::chrono::day(1)));
}

Day first_of_month(Day day, int months_later) {
  const year_month_day date(day);
  const auto month = date.year() / date.month() + std::chrono::months(months_later);
  return Day(month / std::chrono::day(1));
}

Day monday_of(Day day) {
  return day - (std::chrono::weekday(day) - std::chrono::Monday);
}

Day day_after(Day day, const Span& span) {
  const year_month_day date(day);
  const auto month = date.year() / date.month() + std::chrono::months(span.months);
  const year_month_day last(month / std::chrono::last);
  return Day(month / std::min(date.day(), last.day())) + days(span.days);
}

bool is_one_of(const Days& rule, Day day) {
  if (!falls_on(rule, day, no_announcements())) return false;
  const Match exactly{
      [&](const MonthDay& each) { return each.day < 0 || static_cast<int>(day_of_month(day)) == each.day; },
      [&](const Yearly& each) { return day_of_month(day) == each.day; }, [](const auto&) { return true; }};
  return std::visit(exactly, rule);
}

std::optional<Day> first_of(const Days& rule, Day from, Day until) {
  for (Day day = from; day < until; day += days(1)) {
    if (is_one_of(rule, day)) return day;
  }
  return std::nullopt;
}

Days weekly(std::uint8_t mask, int every) {
  return Weekly{mask, every, every > 1 ? kFirstMonday : Day{}};
}

std::optional<Days> yearly(int month, int day) {
  if (month < 1 || month > 12 || day < 1) return std::nullopt;
  const std::chrono::year leap_year(2024);
  const year_month_day last(leap_year / month / std::chrono::last);
  if (day > static_cast<int>(static_cast<unsigned>(last.day()))) return std::nullopt;
  return Yearly{static_cast<unsigned>(month), static_cast<unsigned>(day)};
}

std::optional<Days> lunar(int month, int day, bool leap) {
  if (month < 0 || month > 12 || day < 1 || day > 30) return std::nullopt;
  return Lunar{month, day, leap};
}

std::optional<Days> placed(const Place& place, const Months& months) {
  if (place.nth == 0) return std::nullopt;
  switch (place.of) {
    case Place::Of::day:
      if (place.nth < -28 || place.nth > 31) return std::nullopt;
      return MonthDay{place.nth, months};
    case Place::Of::weekday:
      if (place.nth < -1 || place.nth > 5) return std::nullopt;
      return NthWeekday{place.nth, place.weekday, months};
    case Place::Of::workday:
      if (place.nth < -1 || place.nth > 23 || months != Months{}) return std::nullopt;
      return EachWorkday{place.nth};
  }
  return std::nullopt;
}

std::optional<Days> placed(const Place& place, int every) {
  if (every == 1) return placed(place, Months{});
  const bool at_the_edge = place.nth == 1 || place.nth == -1;
  // The 15th day of a quarter is a day of its first month; the 40th cannot be said, nor the fifth Friday.
  if (place.of != Place::Of::day && !at_the_edge) return std::nullopt;
  if (place.of == Place::Of::day && (place.nth < -28 || place.nth > 28)) return std::nullopt;
  if (every == 12 && place.of == Place::Of::day && at_the_edge) {
    return place.nth > 0 ? Yearly{1, 1} : Yearly{12, 31};
  }
  return placed(place, months_of(every, place.nth));
}

std::optional<unsigned> take_weekday_sign(Reader& reader) {
  return reader.take_from(kWeekdaySigns);
}

std::optional<unsigned> take_weekday(Reader& reader) {
  Reader next = reader;
  if (!next.take_any(kWeek)) return std::nullopt;
  const auto sign = take_weekday_sign(next);
  if (sign) reader = next;
  return sign;
}

std::optional<Days> take_feast(Reader& reader) {
  if (const auto day = reader.take_from(kSolarFeasts)) return yearly(day->month, day->day);
  if (const auto day = reader.take_from(kLunarFeasts)) return lunar(day->month, day->day);
  Reader next = reader;
  next.take("the");
  next.take("solar term");
  const auto term = next.take_from(kTerms);
  if (term) {
    next.take("节气");
    reader = next;
    return SolarTerm{*term};
  }
  return std::nullopt;
}

std::optional<Day> take_iso_date(Reader& reader) {
  Reader next = reader;
  const auto year = next.digits(4);
  if (!year || *year < 1900 || *year > 2100) return std::nullopt;
  const std::string_view mark = next.take("-") ? "-" : next.take("/") ? "/" : next.take(".") ? "." : "";
  if (mark.empty()) return std::nullopt;
  const auto month = next.number();
  if (!month || *month > 12 || !next.take(mark)) return std::nullopt;
  const auto day = next.number();
  if (!day || *day > 31) return std::nullopt;
  const year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                            std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  reader = next;
  return Day(date);
}

bool weekday_agrees(Reader& reader, Day day) {
  constexpr std::array<Word<unsigned>, 7> kNames{{{"sunday", 0},
                                                  {"monday", 1},
                                                  {"tuesday", 2},
                                                  {"wednesday", 3},
                                                  {"thursday", 4},
                                                  {"friday", 5},
                                                  {"saturday", 6}}};
  Reader next = reader;
  const bool open = next.take("(");
  next.take(",");
  auto named = take_weekday(next);
  if (!named) named = next.take_from(kNames);
  if (!named || (open && !next.take(")"))) return true;
  reader = next;
  return std::chrono::weekday(day).c_encoding() == *named;
}

std::optional<NamedDay> first_understood(std::initializer_list<DayReading> readings, Reader& reader,
                                         Now now) {
  for (const DayReading read : readings) {
    Reader next = reader;
    if (auto found = read(next, now)) {
      reader = next;
      return found;
    }
  }
  return std::nullopt;
}

}  // namespace schedules
