#include "schedules/phrase_sentence.hpp"

#include <algorithm>
#include <array>

namespace schedules {

using bot::LocalTime;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

constexpr std::array<std::string_view, 15> kPolite{"的时候", "时候", "吧", "哦", "噢", "啊",     "呀", "呢",
                                                   "哈",     "啦",   "。", ".",  "!",  "please", ","};
constexpr std::array<std::string_view, 3> kBefore{"之前", "以前", "前"};
constexpr std::array<std::string_view, 3> kAfter{"之后", "以后", "后"};
constexpr std::array<std::string_view, 4> kLater{"之后", "以后", "过后", "后"};
constexpr std::array<std::string_view, 4> kWait{"再过", "等过", "过", "再等"};
constexpr std::array<std::string_view, 2> kVague{"两天", "两年"};

/// "X前" names a day by which something is done; whoever is reminded needs the evening before.
constexpr minutes kEveningBefore = hours(18);

constexpr days kLongestSearch(8 * 366);

/// What was read, before it becomes a rule.
struct Draft {
  NamedDay day{};
  std::optional<Times> times{};
  minutes shift{};
};

constexpr Phrase kPast{std::nullopt, PhraseError::past};

LocalTime to_minute(LocalTime time) {
  return std::chrono::floor<minutes>(time + std::chrono::seconds(30));
}

Phrase understood_as(Rule rule, bool no_time) {
  return {When{std::move(rule), no_time}, {}};
}

Phrase at_moment(LocalTime moment) {
  const Day day = std::chrono::floor<days>(moment);
  return understood_as(Rule{Once{day}, 0, {std::chrono::duration_cast<minutes>(moment - day)}, {}}, false);
}

/// Puts the times back into one day after they were shifted.
bool settle(Draft& draft) {
  if (draft.shift == minutes(0)) return true;
  std::vector<minutes>& times = draft.times->at;
  const days first = std::chrono::floor<days>(times.front() + draft.shift);
  const days last = std::chrono::floor<days>(times.back() + draft.shift);
  if (first != last) return false;
  for (minutes& time : times) time += draft.shift - first;
  draft.day.offset += static_cast<int>(first.count());
  return true;
}

/// Whichever comes first after now begins the count of weeks.
void set_anchor(Rule& rule, LocalTime now) {
  Weekly* weekly = std::get_if<Weekly>(&rule.days);
  if (weekly == nullptr || weekly->every <= 1) return;
  Rule each_week = rule;
  each_week.days = Weekly{weekly->days, 1, {}};
  const auto next = next_after(each_week, now, Workdays{});
  if (next) weekly->anchor = monday_of(std::chrono::floor<days>(*next) - days(rule.offset));
}

Phrase repeated(const Draft& draft, Now now) {
  Rule rule{draft.day.days, draft.day.offset, draft.times->at, draft.times->window};
  if (std::holds_alternative<EveryDay>(rule.days) && rule.offset != 0) {
    if (draft.shift == minutes(0)) return {};
    rule.offset = 0;
  }
  if (now) set_anchor(rule, *now);
  return understood_as(std::move(rule), draft.times->no_time);
}

Phrase once(const Draft& draft, Day day) {
  return understood_as(Rule{Once{day}, 0, draft.times->at, draft.times->window}, draft.times->no_time);
}

Phrase on_fixed_day(const Draft& draft, Now now) {
  const Day day = draft.day.day + days(draft.day.offset);
  if (!now) return draft.day.dated ? once(draft, day) : Phrase{};
  return LocalTime(day) + draft.times->at.front() <= *now ? kPast : once(draft, day);
}

Phrase on_coming_day(const Draft& draft, Now now) {
  if (!now) return {};
  const days offset(draft.day.offset);
  const LocalTime after = *now - draft.times->at.front();
  // The day whose first time is later than now.
  const Day from = std::chrono::floor<days>(after) + days(1) - offset;
  const auto found = first_of(draft.day.days, from, from + kLongestSearch);
  return found ? once(draft, *found + offset) : Phrase{};
}

Phrase finished(Draft draft, Now now) {
  if (!draft.times) draft.times = usual_times(draft.day.part);
  if (!draft.times || !settle(draft)) return {};
  const bool any_day =
      draft.day.kind != NamedDay::Kind::fixed && std::holds_alternative<EveryDay>(draft.day.days);
  if (draft.times->small_hours && !any_day) return {};
  switch (draft.day.kind) {
    case NamedDay::Kind::repeating:
      return repeated(draft, now);
    case NamedDay::Kind::coming:
      return on_coming_day(draft, now);
    case NamedDay::Kind::fixed:
      return on_fixed_day(draft, now);
  }
  return {};
}

bool polite_end(Reader reader) {
  while (reader.take_any(kPolite)) continue;
  return reader.done();
}

/// "前10分钟" behind a time.
void read_shift(Reader& reader, minutes& shift) {
  Reader next = reader;
  const bool before = next.take_any(kBefore);
  if (!before && !next.take_any(kAfter)) return;
  const auto span = read_span(next);
  if (!span || span->in_days()) return;
  reader = next;
  shift += before ? -span->time : span->time;
}

Times evening_before(NamedDay& day) {
  day.offset -= 1;
  return {{kEveningBefore}, {}, true, false};
}

/// What may stand behind day and time.
bool ends(Reader& reader, Draft& draft) {
  if (draft.times && !draft.times->no_time) {
    read_shift(reader, draft.shift);
    reader.take_any(kBefore);
  } else if (!draft.times && draft.day.part == nullptr && reader.take_any(kBefore)) {
    draft.times = evening_before(draft.day);
  }
  return polite_end(reader);
}

std::optional<Draft> day_then_time(Reader& reader, Now now) {
  const bool before = reader.take("before");
  if (!before) reader.take("by");
  auto day = read_day(reader, now);
  if (!day) return std::nullopt;
  reader.take(",");
  auto times = read_times(reader, day->part);
  if (!times && before && day->part == nullptr) times = evening_before(*day);
  return Draft{*day, times, {}};
}

/// When "by Friday" ends is not clear without a time.
bool unclear_end(std::string_view form, const Draft& draft) {
  return Reader(form).take("by") && (!draft.times || draft.times->no_time);
}

std::optional<Draft> time_then_day(Reader& reader, Now now) {
  const Reader from = reader;
  auto times = read_times(reader, nullptr);
  if (!times) return std::nullopt;
  reader.take(",");
  reader.take("的");
  const auto day = read_day(reader, now);
  if (!day) return std::nullopt;
  if (day->part != nullptr) {
    // "8 tonight": what the day says is needed to read the hour.
    Reader again = from;
    times = read_times(again, day->part);
    if (!times) return std::nullopt;
  }
  return Draft{*day, times, {}};
}

std::optional<Draft> time_alone(Reader& reader, Now) {
  reader.take("by");
  const auto times = read_times(reader, nullptr);
  return times ? std::optional(Draft{coming(EveryDay{}), times, {}}) : std::nullopt;
}

/// "半小时后", "过10分钟", "in half an hour".
Phrase so_much_later(std::string_view form, Now now) {
  Reader reader(form);
  const bool wait = reader.take_any(kWait);
  for (const std::string_view vague : kVague) {
    if (wait && reader.next_is(vague)) return {};
  }
  const bool in = !wait && reader.take("in");
  const auto span = read_span(reader);
  if (!span || !now) return {};
  const bool later = reader.take_any(kLater) || reader.take("from now") || reader.take("later");
  if (!(wait || in || later)) return {};
  if (span->in_days()) {
    const Reader from = reader;
    Draft draft{fixed(day_after(std::chrono::floor<days>(*now), *span)), read_times(reader, nullptr), {}};
    if (!draft.times) reader = from;
    return polite_end(reader) ? finished(draft, now) : Phrase{};
  }
  return polite_end(reader) ? at_moment(to_minute(*now) + span->time) : Phrase{};
}

/// "10 minutes before tomorrow 3pm".
Phrase shifted_ahead(std::string_view form, Now now, minutes shift) {
  Reader reader(form);
  const auto span = read_span(reader);
  if (!span || span->in_days()) return {};
  const bool before = reader.take("before");
  if (!before && !reader.take("after")) return {};
  const Phrase phrase = understood(reader.rest(), now, shift + (before ? -span->time : span->time));
  return phrase.when && phrase.when->no_time ? Phrase{} : phrase;
}

}  // namespace

Phrase understood(std::string_view form, Now now, minutes shift) {
  Phrase last;
  const auto better = [&last](Phrase phrase) {
    if (phrase.when || phrase.error == PhraseError::past) last = std::move(phrase);
    return last.when.has_value();
  };
  for (const auto read : {day_then_time, time_then_day, time_alone}) {
    Reader reader(form);
    auto draft = read(reader, now);
    if (!draft || unclear_end(form, *draft)) continue;
    draft->shift = shift;
    if (ends(reader, *draft) && better(finished(std::move(*draft), now))) return last;
  }
  if (shift == minutes(0) && better(so_much_later(form, now))) return last;
  better(shifted_ahead(form, now, shift));
  return last;
}

}  // namespace schedules
