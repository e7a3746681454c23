#include <array>

#include "schedules/phrase_calendar.hpp"

/// Days in Chinese.
namespace schedules {

using std::chrono::days;

namespace {

struct DayWord {
  int offset;
  const DayPart* part;
};
constexpr std::array<Word<DayWord>, 20> kDayWords{
    {{"今天", {0, nullptr}},    {"今日", {0, nullptr}},   {"今儿", {0, nullptr}},
     {"明天", {1, nullptr}},    {"明日", {1, nullptr}},   {"明儿", {1, nullptr}},
     {"大后天", {3, nullptr}},  {"大后日", {3, nullptr}}, {"后天", {2, nullptr}},
     {"后日", {2, nullptr}},    {"昨天", {-1, nullptr}},  {"昨日", {-1, nullptr}},
     {"昨晚", {-1, &kEvening}}, {"前天", {-2, nullptr}},  {"今早", {0, &kMorning}},
     {"今晚", {0, &kEvening}},  {"明早", {1, &kMorning}}, {"明晨", {1, &kMorning}},
     {"明晚", {1, &kEvening}},  {"后晚", {2, &kEvening}}}};

constexpr std::array<std::string_view, 4> kBetween{"、", ",", "和", "及"};
constexpr std::array<std::string_view, 3> kUntil{"到", "至", "-"};
constexpr std::array<std::string_view, 3> kWeek{"周", "星期", "礼拜"};
constexpr std::array<std::string_view, 4> kWorkdays{"法定工作日", "工作日", "上班日", "上班的日子"};
constexpr std::array<std::string_view, 3> kDaysOff{"休息日", "休息天", "节假日"};
constexpr std::array<std::string_view, 2> kDayOfMonth{"号", "日"};
constexpr std::array<std::string_view, 4> kLunarCalendar{"农历", "阴历", "旧历", "夏历"};
constexpr std::array<std::string_view, 3> kLastDay{"最后一天", "底", "末"};

constexpr std::array<Word<int>, 12> kWeekWords{{{"下下个", 14},
                                                {"下下", 14},
                                                {"下个", 7},
                                                {"下一个", 7},
                                                {"下", 7},
                                                {"这个", 0},
                                                {"这", 0},
                                                {"本", 0},
                                                {"上上", -14},
                                                {"上个", -7},
                                                {"上一个", -7},
                                                {"上", -7}}};
constexpr std::array<Word<int>, 10> kMonthWords{{{"下下个月", 2},
                                                 {"下下月", 2},
                                                 {"下个月", 1},
                                                 {"下月", 1},
                                                 {"这个月", 0},
                                                 {"这月", 0},
                                                 {"本月", 0},
                                                 {"当月", 0},
                                                 {"上个月", -1},
                                                 {"上月", -1}}};
constexpr std::array<Word<int>, 5> kYearWords{
    {{"今年", 0}, {"本年", 0}, {"明年", 1}, {"后年", 2}, {"去年", -1}}};

constexpr std::array<Word<int>, 10> kFirstTen{{{"初一", 1},
                                               {"初二", 2},
                                               {"初三", 3},
                                               {"初四", 4},
                                               {"初五", 5},
                                               {"初六", 6},
                                               {"初七", 7},
                                               {"初八", 8},
                                               {"初九", 9},
                                               {"初十", 10}}};
constexpr std::array<Word<int>, 4> kLunarMonths{{{"正月", 1}, {"冬月", 11}, {"腊月", 12}, {"十二月", 12}}};

Day today(const Now& now) {
  return std::chrono::floor<days>(*now);
}

/// "五点" is an hour, not a Friday.
bool hour_is_next(Reader reader) {
  const auto hour = reader.number();
  return hour && *hour <= 24 && (reader.next_is("点") || reader.next_is(":") || reader.next_is("时"));
}

std::uint8_t bit(unsigned weekday) {
  return static_cast<std::uint8_t>(1U << weekday);
}

/// From Monday on: "周五到周日".
std::optional<std::uint8_t> range(unsigned first, unsigned last) {
  const unsigned from = (first + 6) % 7;
  const unsigned until = (last + 6) % 7;
  if (from >= until) return std::nullopt;
  std::uint8_t mask = 0;
  for (unsigned each = from; each <= until; ++each)
    mask = static_cast<std::uint8_t>(mask | bit((each + 1) % 7));
  return mask;
}

std::optional<unsigned> next_weekday(Reader& reader) {
  Reader next = reader;
  const bool named = next.take_any(kWeek);
  if (!named && hour_is_next(next)) return std::nullopt;
  const auto weekday = take_weekday_sign(next);
  if (weekday) reader = next;
  return weekday;
}

/// "二十点" behind "每周一": at eight in the evening, or at ten on Tuesdays too?
bool weekday_or_hour(Reader reader) {
  return take_weekday_sign(reader) && hour_is_next(reader);
}

/// "一", "一三五", "一、三、五", "一到五", "六和周日".
std::optional<std::uint8_t> weekdays(Reader& reader) {
  auto last = next_weekday(reader);
  if (!last) return std::nullopt;
  std::uint8_t mask = bit(*last);
  for (;;) {
    Reader next = reader;
    const bool until = next.take_any(kUntil);
    if (!until) next.take_any(kBetween);
    const auto weekday = next_weekday(next);
    if (!weekday) return weekday_or_hour(reader) ? std::nullopt : std::optional(mask);
    const auto more = until ? range(*last, *weekday) : std::optional(bit(*weekday));
    if (!more) return std::nullopt;
    mask = static_cast<std::uint8_t>(mask | *more);
    last = weekday;
    reader = next;
  }
}

/// "每两周周二", "每隔一周周二". Every second week, or is it every third: "每隔两周" is not understood.
std::optional<int> weeks_between(Reader& reader) {
  if (reader.take("隔一")) return 2;
  if (reader.take("隔")) return reader.next_is("周") ? std::optional(2) : std::nullopt;
  const auto count = reader.number();
  return !count || (*count >= 1 && *count <= 52) ? std::optional(count.value_or(1)) : std::nullopt;
}

std::optional<NamedDay> every_week(Reader& reader) {
  const auto every = weeks_between(reader);
  reader.take("个");
  if (!every || !reader.take_any(kWeek)) return std::nullopt;
  if (*every == 1 && (reader.take("末") || reader.take("的周末"))) return repeating(weekly(kWeekend));
  reader.take("的");
  const auto mask = weekdays(reader);
  if (!mask) return std::nullopt;
  reader.take("每天");
  return repeating(weekly(*mask, *every));
}

std::optional<Place> counted_place(Reader& reader, int nth) {
  if (reader.take_any(kWorkdays)) return Place{Place::Of::workday, nth, 0};
  const auto weekday = take_weekday(reader);
  return weekday ? std::optional(Place{Place::Of::weekday, nth, *weekday}) : std::nullopt;
}

/// "第二个周三", "最后一天", "倒数第2天", "15号".
std::optional<Place> place(Reader& reader) {
  if (reader.take_any(kLastDay)) return Place{Place::Of::day, -1, 0};
  if (reader.take("最后一个") || reader.take("最后1个")) return counted_place(reader, -1);
  if (reader.take("首个")) return counted_place(reader, 1);
  if (reader.take("首日")) return Place{};
  const bool from_end = reader.take("倒数");
  const bool ordinal = reader.take("第");
  const auto nth = reader.number();
  if (!nth || *nth < 1 || *nth > 31 || (from_end && !ordinal)) return std::nullopt;
  if (ordinal && reader.take("天")) return Place{Place::Of::day, from_end ? -*nth : *nth, 0};
  if (ordinal && reader.take("个")) return counted_place(reader, from_end ? -*nth : *nth);
  if (ordinal || !reader.take_any(kDayOfMonth)) return std::nullopt;
  return Place{Place::Of::day, *nth, 0};
}

std::optional<int> lunar_month(Reader& reader) {
  if (const auto named = reader.take_from(kLunarMonths)) return named;
  const auto month = reader.number();
  return month && *month >= 1 && *month <= 12 && reader.take("月") ? month : std::nullopt;
}

std::optional<int> lunar_day(Reader& reader) {
  if (const auto first_ten = reader.take_from(kFirstTen)) return first_ten;
  const auto day = reader.number();
  if (!day || *day < 1 || *day > 30) return std::nullopt;
  reader.take_any(kDayOfMonth);
  return day;
}

/// "农历八月十五", "腊月廿三", "闰六月初一", "初一". What could be a date of the other calendar must say
/// 农历.
std::optional<Days> lunar_date(Reader& reader) {
  Reader next = reader;
  const bool said = next.take_any(kLunarCalendar);
  const bool leap = next.take("闰");
  const bool own_name = next.next_is("正月") || next.next_is("冬月") || next.next_is("腊月");
  Reader with_month = next;
  int month = 0;
  if (const auto named = lunar_month(with_month)) {
    next = with_month;
    month = *named;
  }
  const bool own_day = next.next_is("初") || next.next_is("廿") || next.next_is("卅");
  const auto day = lunar_day(next);
  if (!day || (leap && month == 0) || !(said || leap || own_name || own_day)) return std::nullopt;
  if (month == 0 && !said && !own_day) return std::nullopt;
  reader = next;
  return lunar(month, *day, leap);
}

/// "2月29日(平年3月1日)".
std::optional<Days> with_leap_day(Reader& reader, Days date) {
  Yearly& rule = std::get<Yearly>(date);
  if (rule.month == 2 && rule.day == 29) {
    if (reader.take("(平年3月1日)")) rule.leap_day = LeapDay::march_1;
    reader.take("(平年2月28日)");
  }
  return date;
}

/// "3月8日", "3月最后一天", "1月、7月的1日".
std::optional<Days> in_named_months(Reader& reader) {
  std::vector<int> months;
  do {
    const auto month = reader.number();
    if (!month || *month < 1 || *month > 12 || !reader.take("月")) return std::nullopt;
    months.push_back(*month);
  } while (reader.take("、"));
  const bool of = reader.take("的") || months.size() > 1;
  const auto found = place(reader);
  if (!found) return std::nullopt;
  if (months.size() == 1 && !of && found->of == Place::Of::day && found->nth > 0) {
    const auto date = yearly(months[0], found->nth);
    return date ? with_leap_day(reader, *date) : std::nullopt;
  }
  const Months rule{months.size() == 1 ? 12 : months[1] - months[0], months[0]};
  for (std::size_t i = 1; i < months.size(); ++i) {
    if (rule.every < 1 || months[i] - months[i - 1] != rule.every) return std::nullopt;
  }
  return months.back() + rule.every > 12 ? placed(*found, rule) : std::nullopt;
}

/// "3/8", "12.25".
std::optional<Days> short_date(Reader& reader) {
  const auto month = reader.number();
  if (!month || !(reader.take("/") || reader.take("."))) return std::nullopt;
  const auto day = reader.number();
  if (!day || reader.next_is("/") || reader.next_is(".")) return std::nullopt;
  return yearly(*month, *day);
}

/// A day that each year has once.
std::optional<Days> day_in_year(Reader& reader) {
  for (const auto read : {lunar_date, take_feast, in_named_months, short_date}) {
    Reader next = reader;
    if (auto found = read(next)) {
      reader = next;
      return found;
    }
  }
  return std::nullopt;
}

std::optional<NamedDay> every_month(Reader& reader) {
  reader.take("个");
  if (!reader.take("月")) return std::nullopt;
  reader.take("的");
  reader.take("月");
  Reader next = reader;
  if (const auto date = lunar_date(next); date && std::get<Lunar>(*date).month == 0) {
    reader = next;
    return repeating(*date);
  }
  const auto found = place(reader);
  const auto rule = found ? placed(*found, 1) : std::nullopt;
  return rule ? std::optional(repeating(*rule)) : std::nullopt;
}

/// "每季度", "每半年最后一天".
std::optional<NamedDay> every_few_months(Reader& reader, int every) {
  reader.take("的");
  Reader next = reader;
  const bool day_number = next.number().has_value();
  next = reader;
  const auto found = day_number ? std::nullopt : place(next);
  if (found) reader = next;
  const auto rule = placed(found.value_or(Place{}), every);
  return rule ? std::optional(repeating(*rule)) : std::nullopt;
}

std::optional<NamedDay> every_year(Reader& reader) {
  reader.take("的");
  std::optional<Days> rule = day_in_year(reader);
  if (!rule && reader.take("第一天")) rule = yearly(1, 1);
  if (!rule && (reader.take_any(kLastDay) || reader.take("年底"))) rule = yearly(12, 31);
  return rule ? std::optional(repeating(*rule)) : std::nullopt;
}

std::optional<NamedDay> each(Reader& reader) {
  reader.take("逢");
  if (reader.take("天") || reader.take("日") || reader.take("一天")) return repeating(EveryDay{});
  if (reader.take("晚")) return repeating(EveryDay{}, &kEvening);
  if (reader.take("早")) return repeating(EveryDay{}, &kMorning);
  if (reader.take("季度") || reader.take("个季度") || reader.take("季")) return every_few_months(reader, 3);
  if (reader.take("半年")) return every_few_months(reader, 6);
  if (reader.take("年")) return every_year(reader);
  Reader next = reader;
  next.take("个");
  const bool workday = next.take_any(kWorkdays);
  if (workday || next.take_any(kDaysOff)) {
    reader = next;
    return workday ? repeating(EachWorkday{}) : repeating(EachDayOff{});
  }
  next = reader;
  const auto month = every_month(next);
  if (!month) return every_week(reader);
  reader = next;
  return month;
}

/// "工作日", "周一到周五", "隔周周二": repeating without saying 每.
std::optional<NamedDay> understood_as_each(Reader& reader) {
  if (reader.take_any(kWorkdays)) {
    reader.take("每天");
    return repeating(EachWorkday{});
  }
  if (reader.next_is("隔")) return every_week(reader);
  Reader next = reader;
  const auto first = take_weekday(next);
  if (!first || !next.take_any(kUntil)) return std::nullopt;
  const auto last = next_weekday(next);
  const auto mask = last ? range(*first, *last) : std::nullopt;
  if (!mask) return std::nullopt;
  next.take("每天");
  reader = next;
  return repeating(weekly(*mask));
}

std::optional<NamedDay> repeated_day(Reader& reader, Now) {
  if (reader.take("天天")) return repeating(EveryDay{});
  if (reader.take("每")) return each(reader);
  return understood_as_each(reader);
}

std::optional<NamedDay> word_for_day(Reader& reader, Now now) {
  const auto word = reader.take_from(kDayWords);
  if (!word || !now) return std::nullopt;
  return fixed(today(now) + days(word->offset), word->part);
}

std::optional<NamedDay> weekday(Reader& reader, Now now) {
  const auto shift = reader.take_from(kWeekWords);
  const auto weekday = take_weekday(reader);
  if (!weekday || !now) return std::nullopt;
  if (!shift) return coming(weekly(bit(*weekday)));
  return fixed(monday_of(today(now)) + days(*shift + static_cast<int>((*weekday + 6) % 7)));
}

std::optional<NamedDay> in_named_month(Reader& reader, Now now) {
  const auto later = reader.take_from(kMonthWords);
  if (!later || !now) return std::nullopt;
  reader.take("的");
  reader.take("月");
  const auto found = place(reader);
  const auto rule = found && found->of != Place::Of::workday ? placed(*found, 1) : std::nullopt;
  if (!rule) return std::nullopt;
  const Day from = first_of_month(today(now), *later);
  const auto day = first_of(*rule, from, first_of_month(from, 1));
  return day ? std::optional(fixed(*day)) : std::nullopt;
}

/// A lunar winter day of "明年" may lie in either of two.
bool of_unclear_year(const Days& rule) {
  const Lunar* date = std::get_if<Lunar>(&rule);
  return date != nullptr && (date->month == 0 || date->month > 10);
}

std::optional<NamedDay> in_year(Reader& reader, int year, bool dated) {
  const bool end = reader.take("年底") || reader.take_any(kLastDay);
  const auto rule = end ? yearly(12, 31) : day_in_year(reader);
  if (!rule || of_unclear_year(*rule) || year < 1900 || year > 2100) return std::nullopt;
  const auto day = first_of(*rule, first_of_year(year), first_of_year(year + 1));
  if (!day || !weekday_agrees(reader, *day)) return std::nullopt;
  NamedDay named = fixed(*day);
  named.dated = dated;
  return named;
}

std::optional<NamedDay> in_named_year(Reader& reader, Now now) {
  if (const auto later = reader.take_from(kYearWords)) {
    return now ? in_year(reader, year_of(today(now)) + *later, false) : std::nullopt;
  }
  const auto year = reader.year();
  return year && reader.take("年") ? in_year(reader, *year, true) : std::nullopt;
}

std::optional<NamedDay> whole_date(Reader& reader, Now) {
  const auto day = take_iso_date(reader);
  if (!day || !weekday_agrees(reader, *day)) return std::nullopt;
  NamedDay named = fixed(*day);
  named.dated = true;
  return named;
}

std::optional<NamedDay> next_date(Reader& reader, Now now) {
  if (!now) return std::nullopt;
  if (reader.take("年底") || reader.take("年末")) return coming(Yearly{12, 31});
  if (reader.take("月底") || reader.take("月末")) return coming(MonthDay{-1, {}});
  if (const auto rule = day_in_year(reader)) return coming(*rule);
  const auto day = reader.number();
  if (!day || *day < 1 || *day > 31 || !reader.take_any(kDayOfMonth)) return std::nullopt;
  return coming(MonthDay{*day, {}});
}

std::optional<NamedDay> so_much_later(Reader& reader, Now now) {
  const auto span = read_span(reader);
  const bool later = reader.take("之后") || reader.take("以后") || reader.take("后");
  if (!span || !later || !span->in_days() || !now) return std::nullopt;
  return fixed(day_after(today(now), *span));
}

}  // namespace

std::optional<NamedDay> read_chinese_day(Reader& reader, Now now) {
  return first_understood({repeated_day, word_for_day, so_much_later, whole_date, in_named_year,
                           in_named_month, weekday, next_date},
                          reader, now);
}

}  // namespace schedules
