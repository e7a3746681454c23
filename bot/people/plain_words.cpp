#include "bot/people/plain_words.hpp"

#include <algorithm>
#include <cctype>
#include <string>

#include "bot/base/utf8.hpp"

namespace bot::people {

namespace {

bool harmless(char32_t point) {
  if (point >= 0x80) return true;
  return std::isalnum(static_cast<int>(point)) != 0 ||
         std::u32string_view(U" .-'").find(point) != std::u32string_view::npos;
}

}  // namespace

bool plain_words(std::string_view text, std::size_t longest) {
  if (text.empty() || utf8::length(text) > longest || utf8::one_line(text) != text) return false;
  const auto typed = utf8::code_points(text);
  // A formula begins with its sign even where only text is meant.
  if (!utf8::is_word(typed.front())) return false;
  return std::ranges::all_of(utf8::code_points(utf8::folded(text)), harmless);
}

}  // namespace bot::people
