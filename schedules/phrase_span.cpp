#include <array>

#include "schedules/phrase_clock.hpp"

namespace schedules {

using std::chrono::hours;
using std::chrono::minutes;

namespace {

constexpr Span in_minutes(int count) {
  return {0, 0, minutes(count)};
}

struct Unit {
  Span one{};
  bool halves = false;  ///< "two and a half" of it makes sense
};
constexpr Unit kHour{in_minutes(60), true};
constexpr Unit kMinute{in_minutes(1), false};
constexpr Unit kDay{{0, 1, {}}, false};
constexpr Unit kWeek{{0, 7, {}}, false};
constexpr Unit kMonth{{1, 0, {}}, false};
/// "3个月" is a length, "3月" is March.
constexpr Unit kPieceOfMonth{{1, 0, {}}, false};

constexpr std::array<Word<const Unit*>, 27> kUnits{
    {{"小时", &kHour},       {"钟头", &kHour},    {"分钟", &kMinute},    {"分", &kMinute},
     {"天", &kDay},          {"周", &kWeek},      {"星期", &kWeek},      {"礼拜", &kWeek},
     {"月", &kPieceOfMonth}, {"hours", &kHour},   {"hour", &kHour},      {"hrs", &kHour},
     {"hr", &kHour},         {"h", &kHour},       {"minutes", &kMinute}, {"minute", &kMinute},
     {"mins", &kMinute},     {"min", &kMinute},   {"m", &kMinute},       {"days", &kDay},
     {"day", &kDay},         {"d", &kDay},        {"weeks", &kWeek},     {"week", &kWeek},
     {"w", &kWeek},          {"months", &kMonth}, {"month", &kMonth}}};

/// What stands for a whole length.
constexpr std::array<Word<Span>, 9> kWhole{{{"半个小时", in_minutes(30)},
                                            {"半小时", in_minutes(30)},
                                            {"半个钟头", in_minutes(30)},
                                            {"半个钟", in_minutes(30)},
                                            {"一刻钟", in_minutes(15)},
                                            {"三刻钟", in_minutes(45)},
                                            {"half an hour", in_minutes(30)},
                                            {"a quarter of an hour", in_minutes(15)},
                                            {"an hour and a half", in_minutes(90)}}};

constexpr std::array<Word<int>, 17> kEnglishNumbers{{{"an", 1},
                                                     {"a", 1},
                                                     {"one", 1},
                                                     {"two", 2},
                                                     {"three", 3},
                                                     {"four", 4},
                                                     {"five", 5},
                                                     {"six", 6},
                                                     {"seven", 7},
                                                     {"eight", 8},
                                                     {"nine", 9},
                                                     {"ten", 10},
                                                     {"twelve", 12},
                                                     {"fifteen", 15},
                                                     {"twenty", 20},
                                                     {"thirty", 30},
                                                     {"forty", 40}}};

constexpr std::array<Word<int>, 6> kSides{
    {{"之前", -1}, {"以前", -1}, {"前", -1}, {"之后", 1}, {"以后", 1}, {"后", 1}}};
constexpr std::array<Word<int>, 2> kEnglishSides{{{"before", -1}, {"after", 1}}};

constexpr int kMostMinutes = 100'000;
constexpr int kMostDays = 3660;
constexpr int kMostMonths = 120;

bool in_bounds(const Span& span) {
  return span.months <= kMostMonths && span.days <= kMostDays && span.time <= minutes(kMostMinutes) &&
         (span.months > 0 || span.days > 0 || span.time > minutes(0));
}

Span times(const Span& one, int count) {
  return {one.months * count, one.days * count, one.time * count};
}

/// "和30分钟" behind hours.
void add_minutes(Reader& reader, Span& span) {
  Reader next = reader;
  if (!next.take("and")) next.take("零");
  const auto count = next.number();
  if (!count || *count > 59) return;
  const auto unit = next.take_from(kUnits);
  if (!unit || *unit != &kMinute) return;
  reader = next;
  span.time += minutes(*count);
}

std::optional<Span> counted(Reader& reader) {
  auto count = reader.number();
  const bool numeral = count.has_value();
  if (!count) count = reader.take_from(kEnglishNumbers);
  if (!count) return std::nullopt;
  bool half = numeral && reader.take(".5");
  const bool pieces = reader.take("个");
  half = half || (pieces && reader.take("半")) || reader.take("and a half");
  const auto unit = reader.take_from(kUnits);
  if (!unit || (half && !(*unit)->halves) || (*unit == &kPieceOfMonth && !pieces)) return std::nullopt;
  Span span = times((*unit)->one, *count);
  if ((*unit)->halves) {
    if (half || reader.take("半")) {
      span.time += minutes(30);
    } else {
      add_minutes(reader, span);
    }
  }
  return span;
}

}  // namespace

std::optional<Span> read_span(Reader& reader) {
  Reader next = reader;
  auto span = next.take_from(kWhole);
  if (!span) {
    next = reader;
    span = counted(next);
  }
  if (!span || !in_bounds(*span)) return std::nullopt;
  reader = next;
  return span;
}

std::optional<int> take_chinese_side(Reader& reader) {
  return reader.take_from(kSides);
}

std::optional<int> take_english_side(Reader& reader) {
  return reader.take_from(kEnglishSides);
}

}  // namespace schedules
