#include <array>

#include "schedules/phrase_calendar.hpp"

/// Days in English.
namespace schedules {

using std::chrono::days;

namespace {

struct DayWord {
  int offset;
  const DayPart* part;
};
constexpr std::array<Word<DayWord>, 9> kDayWords{{{"today", {0, nullptr}},
                                                  {"tonight", {0, &kEvening}},
                                                  {"the day after tomorrow", {2, nullptr}},
                                                  {"day after tomorrow", {2, nullptr}},
                                                  {"tomorrow", {1, nullptr}},
                                                  {"tmr", {1, nullptr}},
                                                  {"yesterday", {-1, nullptr}},
                                                  {"this afternoon", {0, &kAfternoon}},
                                                  {"this evening", {0, &kEvening}}}};

constexpr std::array<Word<unsigned>, 31> kWeekdays{
    {{"sundays", 0},  {"sunday", 0},  {"sun", 0},       {"mondays", 1},  {"monday", 1},     {"mon", 1},
     {"tuesdays", 2}, {"tuesday", 2}, {"tues", 2},      {"tue", 2},      {"wednesdays", 3}, {"wednesday", 3},
     {"weds", 3},     {"wed", 3},     {"thursdays", 4}, {"thursday", 4}, {"thurs", 4},      {"thur", 4},
     {"thu", 4},      {"fridays", 5}, {"friday", 5},    {"fri", 5},      {"saturdays", 6},  {"saturday", 6},
     {"sat", 6},      {"mon.", 1},    {"tue.", 2},      {"wed.", 3},     {"thu.", 4},       {"fri.", 5},
     {"sat.", 6}}};

constexpr std::array<Word<int>, 24> kMonths{
    {{"january", 1},  {"jan", 1},    {"february", 2},  {"feb", 2},       {"march", 3},     {"mar", 3},
     {"april", 4},    {"apr", 4},    {"may", 5},       {"june", 6},      {"jun", 6},       {"july", 7},
     {"jul", 7},      {"august", 8}, {"aug", 8},       {"september", 9}, {"sept", 9},      {"sep", 9},
     {"october", 10}, {"oct", 10},   {"november", 11}, {"nov", 11},      {"december", 12}, {"dec", 12}}};

constexpr std::array<Word<int>, 6> kOrdinals{
    {{"first", 1}, {"second", 2}, {"third", 3}, {"fourth", 4}, {"fifth", 5}, {"last", -1}}};
constexpr std::array<std::string_view, 4> kOrdinalEnds{"st", "nd", "rd", "th"};

constexpr std::array<Word<int>, 6> kPeriods{
    {{"month", 1}, {"quarter", 3}, {"half year", 6}, {"six months", 6}, {"6 months", 6}, {"year", 12}}};
constexpr std::array<Word<int>, 6> kWeekCounts{
    {{"other", 2}, {"second", 2}, {"third", 3}, {"2nd", 2}, {"3rd", 3}, {"two", 2}}};

Day today(const Now& now) {
  return std::chrono::floor<days>(*now);
}

/// "every" or "each".
bool take_every(Reader& reader) {
  return reader.take("every") || reader.take("each");
}

void take_on(Reader& reader) {
  if (!reader.take("on")) reader.take("at");
  reader.take("the");
}

std::uint8_t bit(unsigned weekday) {
  return static_cast<std::uint8_t>(1U << weekday);
}

/// "Monday", "Mon, Wed and Fri", "Monday to Friday".
std::optional<std::uint8_t> weekdays(Reader& reader) {
  const auto first = reader.take_from(kWeekdays);
  if (!first) return std::nullopt;
  std::uint8_t mask = bit(*first);
  Reader until = reader;
  if (until.take("to") || until.take("through") || until.take("-")) {
    const auto last = until.take_from(kWeekdays);
    if (*first != 1 || last != 5U) return std::nullopt;
    reader = until;
    return kMondayToFriday;
  }
  for (;;) {
    Reader next = reader;
    const bool comma = next.take(",");
    const bool also = next.take("and") || next.take("&");
    const auto weekday = comma || also ? next.take_from(kWeekdays) : std::nullopt;
    if (!weekday) return mask;
    mask = static_cast<std::uint8_t>(mask | bit(*weekday));
    reader = next;
  }
}

std::optional<int> ordinal(Reader& reader) {
  if (const auto named = reader.take_from(kOrdinals)) return named;
  Reader next = reader;
  const auto number = next.number();
  if (!number || !next.take_any(kOrdinalEnds)) return std::nullopt;
  reader = next;
  return number;
}

/// "day 2 from the end", "day 15".
std::optional<Place> numbered_day(Reader& reader) {
  const auto day = reader.number();
  if (!day || *day < 1 || *day > 31) return std::nullopt;
  return Place{Place::Of::day, reader.take("from the end") ? -*day : *day, 0};
}

/// "the last Friday", "the first workday", "the last day", "the 15th".
std::optional<Place> place(Reader& reader) {
  reader.take("the");
  if (reader.take("second to last day") || reader.take("last day but one"))
    return Place{Place::Of::day, -2, 0};
  if (reader.take("end")) return Place{Place::Of::day, -1, 0};
  if (reader.take("workday")) {
    const auto number = reader.number();
    return number ? std::optional(Place{Place::Of::workday, *number, 0}) : std::nullopt;
  }
  if (reader.take("day")) return numbered_day(reader);
  const auto nth = ordinal(reader);
  if (!nth) return std::nullopt;
  if (reader.take("workday") || reader.take("working day")) return Place{Place::Of::workday, *nth, 0};
  if (const auto weekday = reader.take_from(kWeekdays)) return Place{Place::Of::weekday, *nth, *weekday};
  if (reader.take("day")) return Place{Place::Of::day, *nth, 0};
  return *nth > 0 ? std::optional(Place{Place::Of::day, *nth, 0}) : std::nullopt;
}

/// "8 March", "8th of March", "March 8".
std::optional<Days> month_and_day(Reader& reader) {
  reader.take("the");
  std::optional<int> month = reader.take_from(kMonths);
  reader.take("the");
  const auto day = reader.number();
  if (!day || reader.next_is(":")) return std::nullopt;
  reader.take_any(kOrdinalEnds);
  if (!month) {
    reader.take("of");
    month = reader.take_from(kMonths);
  }
  auto date = month ? yearly(*month, *day) : std::nullopt;
  if (date && *month == 2 && *day == 29) {
    reader.take("(28 february in other years)");
    if (reader.take("(1 march in other years)")) std::get<Yearly>(*date).leap_day = LeapDay::march_1;
  }
  return date;
}

std::optional<Days> lunar_date(Reader& reader) {
  if (!reader.take("lunar")) return std::nullopt;
  if (reader.take("day")) {
    const auto day = reader.number();
    return day ? lunar(0, *day) : std::nullopt;
  }
  const bool leap = reader.take("leap");
  const auto month = reader.number();
  const auto day = month && reader.take("-") ? reader.number() : std::nullopt;
  return day && *month > 0 ? lunar(*month, *day, leap) : std::nullopt;
}

std::optional<Days> feast(Reader& reader) {
  reader.take("the");
  return take_feast(reader);
}

/// "the last Friday of March, June": of the months that a rule can say.
std::optional<Days> place_in_months(Reader& reader) {
  const auto found = place(reader);
  if (!found || !(reader.take("of") || reader.take("in"))) return std::nullopt;
  std::vector<int> months;
  do {
    const auto month = reader.take_from(kMonths);
    if (!month) return std::nullopt;
    months.push_back(*month);
  } while (reader.take(","));
  const Months rule{months.size() == 1 ? 12 : months[1] - months[0], months[0]};
  for (std::size_t i = 1; i < months.size(); ++i) {
    if (rule.every < 1 || months[i] - months[i - 1] != rule.every) return std::nullopt;
  }
  return months.back() + rule.every > 12 ? placed(*found, rule) : std::nullopt;
}

std::optional<Days> day_in_year(Reader& reader) {
  for (const auto read : {lunar_date, feast, month_and_day, place_in_months}) {
    Reader next = reader;
    if (auto found = read(next)) {
      reader = next;
      return found;
    }
  }
  return std::nullopt;
}

std::optional<Days> in_period(Reader& reader, int every) {
  Reader next = reader;
  if (every == 12) {
    const auto found = day_in_year(next);
    if (found) reader = next;
    if (found) return found;
    next = reader;
  }
  if (const auto date = lunar_date(next); date && every == 1 && std::get<Lunar>(*date).month == 0) {
    reader = next;
    return date;
  }
  const auto found = place(reader);
  return found ? placed(*found, every) : std::nullopt;
}

/// "2 days before": -2; 0 when nothing is said.
int days_apart(Reader& reader) {
  Reader next = reader;
  const auto span = read_span(next);
  const bool before = next.take("before");
  if (!span || !(before || next.take("after")) || !span->in_days() || span->months != 0) return 0;
  if (span->days > kFurthestShift) return 0;
  reader = next;
  return before ? -span->days : span->days;
}

/// "every month on the 15th", "every quarter", "every year on 1 July".
std::optional<NamedDay> every_period(Reader& reader) {
  const auto every = reader.take_from(kPeriods);
  if (!every) return std::nullopt;
  Reader next = reader;
  if (!next.take("on")) next.take("at");
  const int offset = days_apart(next);
  auto rule = in_period(next, *every);
  if (rule) {
    reader = next;
  } else if (offset == 0 && (*every == 3 || *every == 6)) {
    rule = placed(Place{}, *every);
  }
  if (!rule) return std::nullopt;
  NamedDay named = repeating(*rule);
  named.offset = offset;
  return named;
}

std::optional<int> weeks_between(Reader& reader) {
  if (const auto named = reader.take_from(kWeekCounts)) return named;
  const auto count = reader.number();
  return !count || (*count >= 1 && *count <= 52) ? std::optional(count.value_or(1)) : std::nullopt;
}

/// "every Monday", "every other Tuesday", "every 3 weeks on Monday".
std::optional<NamedDay> every_week(Reader& reader) {
  const auto every = weeks_between(reader);
  if (!every) return std::nullopt;
  if (reader.take("weeks") || reader.take("week")) reader.take("on");
  const auto mask = weekdays(reader);
  return mask ? std::optional(repeating(weekly(*mask, *every))) : std::nullopt;
}

std::optional<NamedDay> each(Reader& reader) {
  if (reader.take("day off")) return repeating(EachDayOff{});
  if (reader.take("day")) return repeating(EveryDay{});
  if (reader.take("workday") || reader.take("working day")) return repeating(EachWorkday{});
  if (reader.take("weekday")) return repeating(weekly(kMondayToFriday));
  if (reader.take("weekend")) return repeating(weekly(kWeekend));
  if (reader.take("evening") || reader.take("night")) return repeating(EveryDay{}, &kEvening);
  if (reader.take("morning")) return repeating(EveryDay{}, &kMorning);
  if (reader.take("afternoon")) return repeating(EveryDay{}, &kAfternoon);
  Reader next = reader;
  const auto period = every_period(next);
  if (!period) return every_week(reader);
  reader = next;
  return period;
}

std::optional<NamedDay> repeated_day(Reader& reader, Now) {
  if (reader.take("daily")) return repeating(EveryDay{});
  if (take_every(reader)) return each(reader);
  return std::nullopt;
}

/// "on Mondays": the plural repeats.
std::optional<NamedDay> plural(Reader& reader, Now) {
  constexpr std::array<std::string_view, 3> kEnds{"weekdays", "workdays", "weekends"};
  reader.take("on");
  for (const std::string_view word : kEnds) {
    if (!reader.take(word)) continue;
    if (word == "workdays") return repeating(EachWorkday{});
    return repeating(weekly(word == "weekdays" ? kMondayToFriday : kWeekend));
  }
  const Reader before = reader;
  const auto mask = weekdays(reader);
  const std::string_view read = before.rest().substr(0, before.rest().size() - reader.rest().size());
  if (!mask || !read.ends_with("days")) return std::nullopt;
  return repeating(weekly(*mask));
}

/// "on the last Friday of every month", "on 1 July every year", "end of the month".
std::optional<NamedDay> of_period(Reader& reader, Now now) {
  take_on(reader);
  for (const int every : {1, 3, 6, 12}) {
    Reader next = reader;
    const auto rule = in_period(next, every);
    if (!rule) continue;
    const bool of = next.take("of");
    const bool repeats = take_every(next);
    if (!of && !repeats) continue;
    if (!repeats && (!next.take("the") || every > 1 || !now)) continue;
    if (next.take_from(kPeriods) != every) continue;
    if (!repeats && std::holds_alternative<EachWorkday>(*rule)) continue;
    reader = next;
    return repeats ? repeating(*rule) : coming(*rule);
  }
  return std::nullopt;
}

std::optional<NamedDay> word_for_day(Reader& reader, Now now) {
  reader.take("on");
  if (reader.take("this morning")) return now ? std::optional(fixed(today(now), &kMorning)) : std::nullopt;
  const auto word = reader.take_from(kDayWords);
  if (!word || !now) return std::nullopt;
  return fixed(today(now) + days(word->offset), word->part);
}

std::optional<NamedDay> weekday(Reader& reader, Now now) {
  reader.take("on");
  reader.take("coming");
  const bool next_week = reader.take("next");
  const bool this_week = !next_week && reader.take("this");
  const auto weekday = reader.take_from(kWeekdays);
  if (!weekday || !now) return std::nullopt;
  if (!next_week && !this_week) return coming(weekly(bit(*weekday)));
  return fixed(monday_of(today(now)) + days(static_cast<int>((*weekday + 6) % 7) + (next_week ? 7 : 0)));
}

std::optional<NamedDay> whole_date(Reader& reader, Now) {
  reader.take("once");
  reader.take("on");
  auto day = take_iso_date(reader);
  if (!day) {
    const auto rule = month_and_day(reader);
    reader.take(",");
    const auto year = rule ? reader.digits(4) : std::nullopt;
    if (!year || *year < 1900 || *year > 2100 || reader.next_is(":")) return std::nullopt;
    day = first_of(*rule, first_of_year(*year), first_of_year(*year + 1));
  }
  if (!day || !weekday_agrees(reader, *day)) return std::nullopt;
  NamedDay named = fixed(*day);
  named.dated = true;
  return named;
}

std::optional<NamedDay> next_date(Reader& reader, Now now) {
  if (!now) return std::nullopt;
  reader.take("on");
  Reader next = reader;
  if (const auto rule = day_in_year(next)) {
    reader = next;
    return coming(*rule);
  }
  if (!reader.take("the")) return std::nullopt;
  const auto nth = ordinal(reader);
  if (!nth || *nth < 1 || *nth > 31) return std::nullopt;
  return coming(MonthDay{*nth, {}});
}

std::optional<NamedDay> so_much_later(Reader& reader, Now now) {
  const bool in = reader.take("in");
  const auto span = read_span(reader);
  const bool later = in || reader.take("from now") || reader.take("later");
  if (!span || !later || !span->in_days() || !now) return std::nullopt;
  return fixed(day_after(today(now), *span));
}

}  // namespace

std::optional<NamedDay> read_english_day(Reader& reader, Now now) {
  return first_understood(
      {repeated_day, plural, of_period, word_for_day, so_much_later, whole_date, weekday, next_date}, reader,
      now);
}

}  // namespace schedules
