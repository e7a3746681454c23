#include "schedules/phrase_clock.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>

namespace schedules {

using std::chrono::hours;
using std::chrono::minutes;

constexpr DayPart kMorning{4, 11, 0, -1, 11, 8};
constexpr DayPart kAfternoon{1, 11, 12, 12, 19, 15};
constexpr DayPart kEvening{5, 11, 12, 24, 24, 20};

namespace {

constexpr DayPart kForenoon{5, 11, 0, 12, 12, 9};
constexpr DayPart kNoon{1, 3, 12, 12, 14, 12};
constexpr DayPart kDusk{4, 8, 12, -1, 20, 18};
constexpr DayPart kNight{9, 11, 12, 24, 24, -1};
constexpr DayPart kSmallHours{0, 7, 0, 0, 7, -1};

constexpr std::array<Word<const DayPart*>, 25> kParts{
    {{"一大早", &kMorning},  {"大清早", &kMorning},   {"早上", &kMorning},        {"早晨", &kMorning},
     {"清晨", &kMorning},    {"清早", &kMorning},     {"上午", &kForenoon},       {"正午", &kNoon},
     {"中午", &kNoon},       {"下午", &kAfternoon},   {"午后", &kAfternoon},      {"傍晚", &kDusk},
     {"晚上", &kEvening},    {"晚间", &kEvening},     {"夜晚", &kEvening},        {"夜里", &kNight},
     {"夜间", &kNight},      {"半夜", &kNight},       {"深夜", &kNight},          {"午夜", &kNight},
     {"凌晨", &kSmallHours}, {"morning", &kForenoon}, {"afternoon", &kAfternoon}, {"evening", &kEvening},
     {"night", &kEvening}}};
/// Behind the hour in English; that makes a number an hour.
constexpr std::array<Word<const DayPart*>, 4> kPartsBehind{{{"in the morning", &kMorning},
                                                            {"in the afternoon", &kAfternoon},
                                                            {"in the evening", &kEvening},
                                                            {"at night", &kEvening}}};
/// Only with an hour behind them.
constexpr std::array<Word<const DayPart*>, 2> kShortParts{{{"早", &kMorning}, {"晚", &kEvening}}};

constexpr std::array<Word<int>, 5> kNamedTimes{
    {{"noon", 12}, {"midday", 12}, {"midnight", 24}, {"零点", 0}, {"〇点", 0}}};
constexpr std::array<Word<const DayPart*>, 4> kHalves{
    {{"am", nullptr}, {"a.m.", nullptr}, {"pm", &kAfternoon}, {"p.m.", &kAfternoon}}};

constexpr std::array<std::string_view, 5> kBetweenTimes{"、", ",", "和", "及", "and"};
constexpr std::array<std::string_view, 6> kUntil{"-", "到", "至", "until", "till", "to"};
constexpr std::array<std::string_view, 3> kBetween{"之间", "期间", "间"};
constexpr std::array<std::string_view, 5> kBeforeTime{"at", "from", "在", "于", "@"};

constexpr minutes kLongestWindow = hours(12);

/// How the time was written decides what a small number means.
enum class Style {
  digital,  ///< "8:00", on the 24-hour clock
  spoken,   ///< "8点": 1 to 5 without a part of the day are in the afternoon
};

struct Clock {
  int hour = 0;
  int minute = 0;
  Style style = Style::digital;
};

std::optional<int> hour_within(const DayPart& part, int hour) {
  if (hour == 12) return part.noon < 0 ? std::nullopt : std::optional(part.noon);
  if (&part == &kNoon && (hour == 10 || hour == 11)) return hour;
  if (&part == &kNight && hour < 6) return hour;
  if (hour > 12 && hour < part.first + part.shift) return std::nullopt;
  if (hour < 12) {
    return hour < part.first || hour > part.final ? std::nullopt : std::optional(hour + part.shift);
  }
  return hour <= part.last ? std::optional(hour) : std::nullopt;
}

std::optional<minutes> time_of(const Clock& clock, const DayPart* part) {
  std::optional<int> hour = clock.hour;
  if (part != nullptr) hour = hour_within(*part, clock.hour);
  if (!hour || clock.hour > 24 || clock.minute > 59) return std::nullopt;
  if (part == nullptr && clock.style == Style::spoken && *hour >= 1 && *hour <= 5) *hour += 12;
  const minutes time = hours(*hour) + minutes(clock.minute);
  return time <= hours(24) ? std::optional(time) : std::nullopt;
}

/// "5分", "一刻".
std::optional<int> few_minutes(Reader& reader) {
  if (reader.take("一刻")) return 15;
  const auto minute = reader.number();
  if (!minute || *minute > 59 || !reader.take("分")) return std::nullopt;
  reader.take("钟");
  return minute;
}

/// What stands behind "8点". "8点5" is not understood: five past, or fifty?
std::optional<int> spoken_minutes(Reader& reader) {
  if (reader.take("半")) return 30;
  if (reader.take("一刻")) return 15;
  if (reader.take("三刻")) return 45;
  if (reader.take("整") || reader.take("钟")) return 0;
  if (reader.take("差")) {
    const auto before = few_minutes(reader);
    return before ? std::optional(-*before) : std::nullopt;
  }
  Reader next = reader;
  next.take("过");
  const Reader number = next;
  const auto minute = next.number();
  if (!minute) return 0;
  const bool whole = next.take("分");
  const bool two_digits =
      Reader(number).digits(2) || *minute >= 10 || number.next_is("零") || number.next_is("〇");
  if (*minute > 59 || !(whole || two_digits)) return std::nullopt;
  reader = next;
  return minute;
}

std::optional<Clock> earlier(Clock clock, int minute) {
  const int total = clock.hour * 60 + clock.minute - minute;
  if (total < 0) return std::nullopt;
  return Clock{total / 60, total % 60, clock.style};
}

bool take_hour_mark(Reader& reader) {
  if (reader.take("点钟") || reader.take("点")) return true;
  return !reader.next_is("时候") && !reader.next_is("时间") && reader.take("时");
}

/// A clock before the part of the day is applied, and the part when it stands behind: "3pm", "8 in the
/// morning".
struct Said {
  Clock clock{};
  const DayPart* part = nullptr;
  bool morning = false;  ///< "am"
};

bool take_half(Reader& reader, Said& said) {
  Reader next = reader;
  const auto half = next.take_from(kHalves);
  if (!half || said.clock.hour < 1 || said.clock.hour > 12) return false;
  reader = next;
  said.morning = *half == nullptr;
  said.part = *half;
  return true;
}

std::optional<Said> spoken_clock(Reader& reader, int hour) {
  const auto minute = spoken_minutes(reader);
  if (!minute) return std::nullopt;
  const Clock clock{hour, std::max(*minute, 0), Style::spoken};
  // The quarter before 1 in the afternoon is that of 13, so the hour is understood first.
  if (*minute < 0) {
    const Clock whole{hour >= 1 && hour <= 5 ? hour + 12 : hour, 0, Style::digital};
    const auto before = earlier(whole, -*minute);
    return before ? std::optional(Said{*before}) : std::nullopt;
  }
  return Said{clock};
}

std::optional<Said> digital_clock(Reader& reader, int hour) {
  const auto minute = reader.digits(2);
  if (!minute || reader.next_is(":")) return std::nullopt;
  return Said{{hour, *minute, Style::digital}};
}

std::optional<Said> numeric_clock(Reader& reader, bool bare) {
  const auto hour = reader.number();
  if (!hour || *hour > 24) return std::nullopt;
  if (take_hour_mark(reader)) return spoken_clock(reader, *hour);
  std::optional<Said> said;
  if (reader.take(":")) {
    said = digital_clock(reader, *hour);
    if (!said) return std::nullopt;
  }
  const bool whole = said.has_value();
  if (!said) said = Said{{*hour, 0, Style::spoken}};
  const bool marked = take_half(reader, *said) || reader.take("o'clock");
  return whole || marked || bare ? said : std::nullopt;
}

/// "half past 8", "quarter to 9".
std::optional<Said> english_clock(Reader& reader) {
  const bool half = reader.take("half past");
  reader.take("a");
  const bool past = !half && reader.take("quarter past");
  const bool until = !half && !past && reader.take("quarter to");
  if (!half && !past && !until) return std::nullopt;
  auto said = numeric_clock(reader, true);
  if (!said || said->clock.minute != 0) return std::nullopt;
  said->clock.minute = half ? 30 : 15;
  if (until) said->clock = {(said->clock.hour + 23) % 24, 45, said->clock.style};
  return said;
}

/// "差5分8点".
std::optional<Said> clock_to_come(Reader& reader) {
  const auto before = few_minutes(reader);
  auto said = before ? numeric_clock(reader, false) : std::nullopt;
  if (!said || said->clock.style != Style::spoken || said->clock.minute != 0) return std::nullopt;
  Clock whole = said->clock;
  if (whole.hour >= 1 && whole.hour <= 5) whole = {whole.hour + 12, 0, Style::digital};
  const auto clock = earlier(whole, *before);
  return clock ? std::optional(Said{*clock}) : std::nullopt;
}

std::optional<Said> read_said(Reader& reader, bool bare) {
  if (const auto hour = reader.take_from(kNamedTimes)) {
    const auto minute = reader.next_is("-") || *hour > 0 ? std::optional(0) : spoken_minutes(reader);
    return minute ? std::optional(Said{{*hour, *minute, Style::digital}}) : std::nullopt;
  }
  if (reader.take("差")) return clock_to_come(reader);
  Reader next = reader;
  auto said = english_clock(next);
  if (!said) {
    next = reader;
    said = numeric_clock(next, bare);
  }
  if (said) reader = next;
  return said;
}

struct OneTime {
  minutes at{};
  const DayPart* part = nullptr;  ///< holds for the times behind it too
};

/// "8 in the evening".
bool hour_before_part(Reader reader) {
  return reader.number() && reader.take_from(kPartsBehind);
}

/// "晚上8点半". `bare`: "at 8" needs no more than the number.
std::optional<OneTime> one_time(Reader& reader, const DayPart* inherited, bool bare) {
  Reader next = reader;
  const DayPart* own = take_day_part(next);
  if (own == nullptr) own = next.take_from(kShortParts).value_or(nullptr);
  next.take(",");
  bare = next.take("at") || bare || hour_before_part(next);
  auto said = read_said(next, bare);
  if (!said) return std::nullopt;
  next.take("整");
  if (own == nullptr && said->part == nullptr && !said->morning) {
    own = next.take_from(kPartsBehind).value_or(nullptr);
  }
  const DayPart* part = said->part != nullptr ? said->part : own != nullptr ? own : inherited;
  if (said->part != nullptr && own != nullptr && own != &kAfternoon && own != &kEvening) return std::nullopt;
  if (said->morning) {
    said->clock.hour %= 12;
    said->clock.style = Style::digital;
    part = nullptr;
  }
  const auto at_time = time_of(said->clock, part);
  if (!at_time) return std::nullopt;
  reader = next;
  return OneTime{*at_time, part};
}

/// "早晚8点": the same hour in the morning and in the evening.
std::optional<Times> morning_and_evening(Reader& reader) {
  if (!reader.take("早晚")) return std::nullopt;
  const auto said = read_said(reader, false);
  if (!said || said->part != nullptr || said->morning) return std::nullopt;
  const auto morning = time_of(said->clock, &kMorning);
  const auto evening = time_of(said->clock, &kEvening);
  if (!morning || !evening) return std::nullopt;
  return Times{{*morning, *evening}, {}, false, false};
}

std::optional<minutes> window_until(minutes from, minutes until) {
  const minutes length = until > from ? until - from : until + hours(24) - from;
  return length > minutes(0) && length <= kLongestWindow ? std::optional(length) : std::nullopt;
}

struct Stretch {
  OneTime from{};
  minutes window{};
};

/// "8点到9点", "8:00 and 9:00" behind "between", "8-9点".
std::optional<Stretch> stretch(Reader& reader, const DayPart* inherited, bool between) {
  Reader next = reader;
  const auto from = one_time(next, inherited, true);
  if (!from) return std::nullopt;
  if (!(between ? next.take("and") : next.take_any(kUntil))) return std::nullopt;
  const auto until = one_time(next, from->part, between);
  if (!until) return std::nullopt;
  const auto window = window_until(from->at, until->at);
  if (!window) return std::nullopt;
  reader = next;
  return Stretch{*from, *window};
}

std::optional<Times> windows(Reader& reader, const DayPart* inherited) {
  Reader next = reader;
  const bool between = next.take("between");
  auto first = stretch(next, inherited, between);
  if (!first) return std::nullopt;
  Times times{{first->from.at}, first->window, false, false};
  for (;;) {
    Reader more = next;
    if (!more.take("、") && !more.take(",")) break;
    const auto another = stretch(more, first->from.part, between);
    if (!another) break;
    if (another->window != times.window) return std::nullopt;
    times.at.push_back(another->from.at);
    next = more;
  }
  next.take_any(kBetween);
  reader = next;
  return times;
}

/// "8点、12点、18点", "早上8点晚上9点".
std::optional<Times> list_of_times(Reader& reader, const DayPart* inherited, bool bare) {
  Reader next = reader;
  auto last = one_time(next, inherited, bare);
  if (!last) return std::nullopt;
  Times times{{last->at}, {}, false, last->part == &kNight && last->at < hours(6)};
  for (;;) {
    Reader more = next;
    const bool separated = more.take_any(kBetweenTimes);
    Reader part = more;
    if (!separated && take_day_part(part) == nullptr && !part.take_from(kShortParts)) break;
    more.take("and");
    last = one_time(more, last->part, bare && separated);
    if (!last) break;
    times.at.push_back(last->at);
    next = more;
  }
  reader = next;
  return times;
}

void put_in_order(Times& times) {
  std::ranges::sort(times.at);
  const auto doubles = std::ranges::unique(times.at);
  times.at.erase(doubles.begin(), doubles.end());
}

}  // namespace

const DayPart* take_day_part(Reader& reader) {
  return reader.take_from(kParts).value_or(nullptr);
}

std::optional<Times> usual_times(const DayPart* part) {
  const int hour = part == nullptr ? 9 : part->alone;
  if (hour < 0) return std::nullopt;
  return Times{{hours(hour)}, {}, true, false};
}

std::optional<Times> read_times(Reader& reader, const DayPart* part) {
  Reader next = reader;
  const bool bare = next.take_any(kBeforeTime);
  Reader tried = next;
  auto times = morning_and_evening(tried);
  if (!times) {
    tried = next;
    times = windows(tried, part);
  }
  if (!times) {
    tried = next;
    times = list_of_times(tried, part, bare);
  }
  if (!times) {
    tried = next;
    const DayPart* alone = part == nullptr ? take_day_part(tried) : nullptr;
    if (alone != nullptr) times = usual_times(alone);
  }
  if (!times) return std::nullopt;
  put_in_order(*times);
  reader = tried;
  return times;
}

}  // namespace schedules
