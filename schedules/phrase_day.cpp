#include "schedules/phrase_calendar.hpp"

namespace schedules {

namespace {

bool shift(NamedDay& named, const Span& span, int side) {
  if (!span.in_days() || span.months != 0 || span.days > kFurthestShift) return false;
  if (named.kind == NamedDay::Kind::repeating && std::holds_alternative<EveryDay>(named.days)) return false;
  named.offset = side * span.days;
  return true;
}

/// "前两天" behind a day.
bool shifted_behind(Reader& reader, NamedDay& named) {
  Reader next = reader;
  next.take("的");
  const auto side = take_chinese_side(next);
  const auto span = side ? read_span(next) : std::nullopt;
  if (!span || !shift(named, *span, *side)) return false;
  reader = next;
  return true;
}

std::optional<NamedDay> day_itself(Reader& reader, Now now) {
  Reader next = reader;
  next.take("在");
  auto named = read_chinese_day(next, now);
  if (!named) {
    next = reader;
    named = read_english_day(next, now);
  }
  if (named) reader = next;
  return named;
}

/// "2 days before the last Friday of every month", "the day before the Spring Festival".
std::optional<NamedDay> shifted_ahead(Reader& reader, Now now) {
  Reader next = reader;
  const bool day_before = next.take("the day");
  const auto span = day_before ? std::optional(Span{0, 1, {}}) : read_span(next);
  const auto side = span ? take_english_side(next) : std::nullopt;
  auto named = side ? day_itself(next, now) : std::nullopt;
  if (!named || !shift(*named, *span, *side)) return std::nullopt;
  reader = next;
  return named;
}

}  // namespace

std::optional<NamedDay> read_day(Reader& reader, Now now) {
  if (const auto named = shifted_ahead(reader, now)) return named;
  auto named = day_itself(reader, now);
  if (!named) return std::nullopt;
  if (!shifted_behind(reader, *named)) {
    if (!reader.take("当天")) reader.take("那天");
  }
  return named;
}

}  // namespace schedules
