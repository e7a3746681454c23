#include "bot/desk/router.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "bot/base/utf8.hpp"
#include "bot/texts/tokens.hpp"

namespace bot {

namespace {

constexpr std::size_t kLongestHeard = 12;  // characters of a strange word that are said back

/// "?" alone is a command only when it is addressed to the bot.
bool has_words(const std::string& form) {
  return std::ranges::any_of(utf8::code_points(form), utf8::is_word);
}

bool allowed(const Order& order, bool woken) {
  switch (order.command->wake) {
    case Wake::needed:
      return woken;
    case Wake::bare:
      return woken || order.text.empty() || order.object.has_value();
    case Wake::bare_text:
      return true;
  }
  return false;
}

}  // namespace

Router::Router(const Registry& registry, const Texts& texts, Problems& problems) : registry_(registry) {
  for (const auto& [language, words] : texts.languages()) {
    for (const auto& [name, verbs] : words.verbs) {
      const Command* command = registry.find(name);
      if (command == nullptr) {
        problems.push_back({Problem::Weight::error, "words/" + language, 0,
                            fmt::format("[verbs] names the command \"{}\", which does not exist", name),
                            "remove the line or correct the name"});
        continue;
      }
      for (const std::string& verb : verbs) {
        const auto [known, fresh] = verbs_.emplace(compact_form(verb), command);
        if (!fresh && known->second != command) {
          problems.push_back({Problem::Weight::error, "words/" + language, 0,
                              fmt::format("\"{}\" means both {} and {}", verb, known->second->name, name),
                              "keep it in one of the two"});
        }
        spoken_.push_back(verb);
        first_letters_.insert(first_letter(verb));
      }
    }
  }
}

bool Router::begins_like_a_command(std::string_view said) const {
  const char32_t first = first_letter(said);
  const bool identifies = first >= U'a' && first <= U'z' &&
                          registry_.by_identifier(static_cast<char>(first - U'a' + U'A')) != nullptr;
  return identifies || first_letters_.contains(first);
}

const Command* Router::by_verb(const std::string& form) const {
  const auto found = verbs_.find(form);
  return found == verbs_.end() ? nullptr : found->second;
}

std::optional<Order> Router::whole_message(const Reading& reading,
                                           const std::vector<std::string>& forms) const {
  const auto [word, rest] = first_word(reading.said);
  const bool one_word = rest.empty() || (utf8::length(word) == 1 && first_word(rest).rest.empty());
  for (const std::string& form : forms) {
    if (const Command* command = by_verb(form)) return Order{command, {}, {}};
    const auto id = one_word ? object_id(form) : std::nullopt;
    const Command* command = id ? registry_.by_identifier(id->letter) : nullptr;
    if (command != nullptr) return Order{command, id, {}};
  }
  return std::nullopt;
}

std::optional<Order> Router::verb_with_text(const Reading& reading) const {
  const auto [word, rest] = first_word(reading.said);
  if (rest.empty()) return std::nullopt;
  const std::string verb = compact_form(word);
  if (const Command* command = by_verb(verb)) {
    return Order{command, object_id(compact_form(first_word(rest).word)), std::string(rest)};
  }
  if (const auto id = object_id(verb)) {
    const Command* command = registry_.by_identifier(id->letter);
    const bool page = rest.size() <= 2 && rest.find_first_not_of("0123456789") == std::string_view::npos;
    if (command != nullptr && (reading.woken || page)) return Order{command, id, std::string(rest)};
  }
  return std::nullopt;
}

std::optional<Order> Router::verb_with_id(const std::vector<std::string>& forms) const {
  for (const std::string& form : forms) {
    for (std::size_t at = form.find_first_of("abcdefghijklmnopqrstuvwxyz", 1); at != std::string::npos;
         at = form.find_first_of("abcdefghijklmnopqrstuvwxyz", at + 1)) {
      const auto id = object_id(std::string_view(form).substr(at));
      const Command* command = id ? by_verb(form.substr(0, at)) : nullptr;
      if (command != nullptr) return Order{command, id, printed(*id)};
    }
  }
  return std::nullopt;
}

Miss Router::missed(const Reading& reading, const std::vector<std::string>& forms) const {
  const std::string heard(first_word(reading.said).word);
  Miss miss{std::string(utf8::cut(heard, kLongestHeard)), {}};
  if (heard.size() > miss.heard.size()) return miss;
  const std::size_t length = utf8::length(forms.front());
  const std::size_t slips = length < 2 ? 0 : length < 5 ? 1 : 2;
  std::size_t best = slips + 1;
  for (const std::string& verb : spoken_) {
    const std::size_t distance = utf8::distance(forms.front(), compact_form(verb));
    if (distance < best && utf8::length(verb) >= 2) {
      best = distance;
      miss.nearest = verb;
    }
  }
  return miss;
}

std::optional<std::variant<Order, Miss>> Router::route(const Reading& reading) const {
  if (reading.said.empty()) return Miss{};
  if (!reading.woken && !begins_like_a_command(reading.said)) return std::nullopt;
  const std::vector<std::string> forms = polite_forms(reading.said);
  if (!reading.woken && !has_words(forms.front())) return std::nullopt;
  std::optional<Order> order = whole_message(reading, forms);
  if (!order) order = verb_with_text(reading);
  if (!order) order = verb_with_id(forms);
  if (order && allowed(*order, reading.woken)) return *order;
  if (!reading.woken) return std::nullopt;
  return missed(reading, forms);
}

}  // namespace bot
