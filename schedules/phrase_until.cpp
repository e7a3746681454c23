#include <array>

#include "bot/base/utf8.hpp"
#include "schedules/phrase_calendar.hpp"
#include "schedules/phrase_clock.hpp"
#include "schedules/phrase_sentence.hpp"
#include "schedules/phrases.hpp"

namespace schedules {

using bot::LocalTime;
using std::chrono::days;
using std::chrono::minutes;

namespace {

constexpr std::size_t kLongestPhrase = 200;

constexpr std::array<std::string_view, 6> kUntil{"一直到", "直到", "到", "至", "until", "till"};
constexpr std::array<std::string_view, 1> kFor{"for"};
constexpr std::array<std::string_view, 7> kPolite{"吧", "哦", "啊", "呀", "哈", "谢谢", "please"};

std::optional<LocalTime> after_length(Reader reader, LocalTime now) {
  reader.take_any(kFor);
  const auto span = read_span(reader);
  while (span && reader.take_any(kPolite)) continue;
  if (!span || !reader.done()) return std::nullopt;
  const Day today = std::chrono::floor<days>(now);
  return std::chrono::floor<minutes>(LocalTime(day_after(today, *span)) + (now - today) + span->time);
}

/// Something that repeats has no end.
std::optional<LocalTime> moment_of(const When& when) {
  const auto* rule = std::get_if<Rule>(&when.what);
  const auto* once = rule == nullptr ? nullptr : std::get_if<Once>(&rule->days);
  if (once == nullptr) return std::nullopt;
  return LocalTime(once->day) + days(rule->offset) + rule->times.front();
}

}  // namespace

Until parse_until(std::string_view phrase, LocalTime now) {
  if (phrase.size() > kLongestPhrase || !bot::utf8::valid(phrase)) return {};
  const std::string form = phrase_form(phrase);
  Reader reader(form);
  if (!reader.take_any(kUntil)) {
    if (const auto at = after_length(reader, now)) return {at, {}};
  }
  const Phrase found = understood(reader.rest(), now);
  if (!found.when) return {std::nullopt, found.error};
  return {moment_of(*found.when), PhraseError::not_understood};
}

}  // namespace schedules
