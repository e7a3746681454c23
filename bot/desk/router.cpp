#include "bot/desk/router.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "bot/base/utf8.hpp"
#include "bot/texts/tokens.hpp"

namespace bot {

namespace {

constexpr std::size_t kLongestHeard = 12;  // characters of a strange word that are said back

/// "?" alone is a command only when it is addressed to the bot.
bool has_words(const std::string& form) {
  return std::ranges::any_of(utf8::code_points(form), utf8::is_word);
}

/// "已学 L6 的同事举个手": an id and then more is talk about it.
bool goes_on_behind_id(const Order& order) {
  if (!order.object || object_id(compact_form(first_word(order.text).word)) != order.object) return false;
  return std::ranges::none_of(polite_forms(order.text),
                              [](const std::string& form) { return object_id(form).has_value(); });
}

/// What follows a sign begins with its verb: "/抱拳 谢谢提醒" does not.
bool surely_for_the_bot(const Reading& reading, const Order& order) {
  switch (reading.doubt) {
    case Doubt::none:
      return reading.woken;
    case Doubt::sign:
      return order.before.empty();
    case Doubt::name:
      return false;
  }
  return false;
}

bool allowed(const Order& order, bool woken) {
  switch (order.command->wake) {
    case Wake::needed:
      return woken;
    case Wake::bare:
      return woken || order.text.empty() || (order.object && !goes_on_behind_id(order));
    case Wake::bare_id_text:
      return woken || order.text.empty() || order.object.has_value();
    case Wake::bare_text:
      return true;
  }
  return false;
}

/// Not in the middle of an English word.
bool stands_alone(std::string_view before, std::string_view verb, std::string_view after) {
  const auto is_letter = [](char byte) { return std::isalnum(static_cast<unsigned char>(byte)) != 0; };
  const bool joined_before = !before.empty() && is_letter(before.back()) && is_letter(verb.front());
  const bool joined_after = !after.empty() && is_letter(after.front()) && is_letter(verb.back());
  return !joined_before && !joined_after;
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
        auto& of_its_kind = command->alone ? alone_ : verbs_;
        const auto [known, fresh] = of_its_kind.emplace(compact_form(verb), command);
        if (!fresh && known->second->anywhere != command->anywhere) {
          // At the beginning it means the one, in the middle of what is said the other.
          if (known->second->anywhere) known->second = command;
        } else if (!fresh && known->second != command) {
          problems.push_back({Problem::Weight::error, "words/" + language, 0,
                              fmt::format("\"{}\" means both {} and {}", verb, known->second->name, name),
                              "keep it in one of the two"});
        }
        if (command->anywhere) anywhere_.emplace_back(normal_form(verb), command);
        if (command->joined) joined_.emplace_back(normal_form(verb), command);
        if (!command->everyday) spoken_.push_back(verb);
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
    const Command* command = by_verb(form);
    const auto alone = alone_.find(form);
    if (command == nullptr && alone != alone_.end()) command = alone->second;
    if (command != nullptr) {
      Order order{command, {}, {}};
      if (alone != alone_.end()) order.alone = alone->second;
      return order;
    }
    const auto id = one_word ? object_id(form) : std::nullopt;
    command = id ? registry_.by_identifier(id->letter) : nullptr;
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
  if (auto order = verb_grown_to_id(verb, std::string(rest))) return order;
  if (const auto id = object_id(verb)) {
    const Command* command = registry_.by_identifier(id->letter);
    const bool page = rest.size() <= 2 && rest.find_first_not_of("0123456789") == std::string_view::npos;
    if (command != nullptr && ((reading.woken && reading.doubt == Doubt::none) || page))
      return Order{command, id, std::string(rest)};
  }
  return std::nullopt;
}

/// "t3" at the end of the first word: what people type who save a space.
std::optional<Order> Router::verb_grown_to_id(const std::string& word, std::string rest) const {
  const std::size_t letter = word.find_last_not_of("0123456789");
  if (letter == 0 || letter == std::string::npos) return std::nullopt;
  const auto id = object_id(std::string_view(word).substr(letter));
  const Command* command = id ? by_verb(word.substr(0, letter)) : nullptr;
  if (command == nullptr) return std::nullopt;
  return Order{command, id, printed(*id) + " " + std::move(rest)};
}

std::optional<Order> Router::verb_anywhere(const std::string& said) const {
  const std::string_view whole = said;
  for (std::size_t at = 0; at < whole.size(); at += utf8::cut(whole.substr(at), 1).size()) {
    for (const auto& [verb, command] : anywhere_) {
      const std::string_view typed = utf8::cut(whole.substr(at), utf8::length(verb));
      const std::string_view before = whole.substr(0, at);
      const std::string_view after = whole.substr(at + typed.size());
      if (normal_form(typed) != verb || !stands_alone(before, verb, after)) continue;
      Order order{command, {}, std::string(utf8::trimmed(after))};
      order.before = utf8::trimmed(before);
      return order;
    }
  }
  return std::nullopt;
}

std::optional<Order> Router::verb_joined(const std::string& said) const {
  for (const auto& [verb, command] : joined_) {
    const std::string_view typed = utf8::cut(said, utf8::length(verb));
    const std::string_view after = std::string_view(said).substr(typed.size());
    if (normal_form(typed) == verb && stands_alone({}, verb, after)) {
      return Order{command, {}, std::string(utf8::trimmed(after))};
    }
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
  if (!order) order = verb_joined(reading.said);
  if (!order && reading.woken) order = verb_anywhere(reading.said);
  if (order) order->woken = surely_for_the_bot(reading, *order);
  if (order) order->confirmed = reading.confirmed;
  if (order) order->said = reading.said;
  if (order && allowed(*order, reading.woken)) return *order;
  if (!reading.woken || reading.doubt == Doubt::name) return std::nullopt;
  Miss miss = missed(reading, forms);
  if (reading.doubt == Doubt::sign && !miss.nearest) return std::nullopt;
  return miss;
}

}  // namespace bot
