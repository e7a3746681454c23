#include <algorithm>
#include <array>

#include "bot/base/utf8.hpp"
#include "schedules/phrase_sentence.hpp"

namespace schedules {

using bot::LocalTime;
using std::chrono::minutes;

namespace {

/// With 前 and 后 they are words of their own: 然后, 之前.
constexpr std::array<std::string_view, 19> kNoEvents{"然", "最", "今",   "往", "此",  "目", "先",
                                                     "随", "稍", "午",   "日", "大",  "从", "以",
                                                     "之", "提", "不久", "it", "that"};
constexpr std::array<std::string_view, 9> kMarks{",", ";", "。", "、", "!", "?", ":", "(", "\n"};

constexpr std::size_t kLongestEvent = 12;
constexpr std::size_t kLongestEnglishEvent = 40;
/// "3点半开会前10分钟": what stands between is the name of something, not a sentence.
constexpr std::size_t kLongestNameAfterTime = 4;

minutes length_of(const Span& span) {
  return span.time + std::chrono::days(span.days);
}

bool has_ascii_only(std::string_view text) {
  return std::ranges::all_of(text, [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
}

/// Ends of the characters in the text, from the last one.
std::vector<std::size_t> ends_backwards(std::string_view text) {
  std::vector<std::size_t> ends;
  for (std::size_t points = bot::utf8::length(text); points > 0; --points) {
    ends.push_back(bot::utf8::cut(text, points).size());
  }
  return ends;
}

bool begins_with_time(std::string_view name, LocalTime now) {
  for (const std::size_t end : ends_backwards(name)) {
    const Phrase phrase = understood(phrase_form(name.substr(0, end)), now);
    if (phrase.when || phrase.error == PhraseError::past) return true;
  }
  return false;
}

bool can_be_event(std::string_view name, LocalTime now) {
  const std::string form = phrase_form(name);
  if (form.empty() || std::ranges::find(kNoEvents, form) != kNoEvents.end()) return false;
  const auto has = [&form](std::string_view mark) { return form.find(mark) != std::string::npos; };
  if (std::ranges::any_of(kMarks, has) || Reader(form).number() || form.starts_with("每") ||
      form.starts_with("every")) {
    return false;
  }
  const std::size_t longest = has_ascii_only(form) ? kLongestEnglishEvent : kLongestEvent;
  return bot::utf8::length(form) <= longest && !begins_with_time(name, now);
}

/// "3点半开会前10分钟": the event is said to be at 3:30.
Phrase at_time_of_event(std::string_view head, minutes offset, LocalTime now) {
  for (const std::size_t end : ends_backwards(head)) {
    const std::string name = phrase_form(head.substr(end));
    if (bot::utf8::length(name) > kLongestNameAfterTime) break;
    if (name.empty() || Reader(name).number() || !bot::utf8::is_cjk(bot::utf8::first(name))) continue;
    const std::string form = phrase_form(head.substr(0, end));
    const Phrase phrase = understood(form, now);
    if (phrase.when && !phrase.when->no_time) return understood(form, now, offset);
  }
  return {};
}

Phrase event_ahead(std::string_view typed, LocalTime now) {
  for (const std::size_t end : ends_backwards(typed)) {
    const std::string form = phrase_form(typed.substr(end));
    Reader reader(form);
    const auto side = take_chinese_side(reader);
    const auto span = side ? read_span(reader) : std::nullopt;
    if (!span || span->months != 0 || !reader.done()) continue;
    const std::string_view head = bot::utf8::trimmed(typed.substr(0, end));
    const minutes offset = length_of(*span) * *side;
    if (can_be_event(head, now)) return {When{AroundEvent{std::string(head), offset}, false}, {}};
    if (span->in_days()) return {};
    return at_time_of_event(head, offset, now);
  }
  return {};
}

Phrase event_behind(std::string_view typed, LocalTime now) {
  const std::string form = phrase_form(typed);
  Reader reader(form);
  const auto span = read_span(reader);
  if (!span || span->months != 0 || !has_ascii_only(typed)) return {};
  const auto side = take_english_side(reader);
  if (!side) return {};
  // Folding keeps the length of ASCII; only spaces can be fewer, and those stand in front of the event.
  const std::string_view event = bot::utf8::trimmed(reader.rest());
  const std::string_view as_typed = bot::utf8::trimmed(typed);
  if (event.size() > as_typed.size() || !can_be_event(event, now)) return {};
  return {When{AroundEvent{std::string(as_typed.substr(as_typed.size() - event.size())),
                           length_of(*span) * *side},
               false},
          {}};
}

}  // namespace

Phrase around_event(std::string_view typed, LocalTime now) {
  Phrase phrase = event_ahead(typed, now);
  return phrase.when ? phrase : event_behind(typed, now);
}

}  // namespace schedules
