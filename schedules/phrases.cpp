#include "schedules/phrases.hpp"

#include "bot/base/utf8.hpp"
#include "schedules/phrase_sentence.hpp"

namespace schedules {

using bot::LocalTime;

namespace {

/// Nobody says a time in more, but a cron expression may list many values.
constexpr std::size_t kLongestPhrase = 200;
constexpr std::size_t kLongestCron = 400;

bool is_cron(std::string_view text) {
  return text.starts_with("cron ") || text.starts_with("@") ||
         text.find_first_not_of("0123456789*,-/ abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
             std::string_view::npos;
}

std::optional<Rule> cron_rule(std::string_view text) {
  text = bot::utf8::trimmed(text);
  if (text.size() > kLongestCron || !is_cron(text)) return std::nullopt;
  if (text.starts_with("cron ")) text = bot::utf8::trimmed(text.substr(5));
  auto rule = parse_cron(text);
  return rule.has_value() && !rule->times.empty() ? std::optional(std::move(*rule)) : std::nullopt;
}

bool is_too_much(std::string_view text) {
  return text.size() > kLongestPhrase || !bot::utf8::valid(text);
}

}  // namespace

Phrase parse_when(std::string_view phrase, LocalTime now) {
  if (auto rule = cron_rule(phrase)) return {When{std::move(*rule), false}, {}};
  if (is_too_much(phrase)) return {};
  Phrase found = understood(phrase_form(phrase), now);
  if (found.when || found.error == PhraseError::past) return found;
  return around_event(bot::utf8::trimmed(phrase), now);
}

std::optional<Rule> parse_rule(std::string_view text) {
  if (auto rule = cron_rule(text)) return rule;
  if (is_too_much(text)) return std::nullopt;
  const Phrase found = understood(phrase_form(text), std::nullopt);
  if (!found.when || found.when->no_time) return std::nullopt;
  return std::get<Rule>(found.when->what);
}

}  // namespace schedules
