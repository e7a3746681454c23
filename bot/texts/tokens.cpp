#include "bot/texts/tokens.hpp"

#include <opencc/opencc.h>

#include <algorithm>

#include "bot/base/utf8.hpp"

namespace bot {

namespace {

std::string simplified(const std::string& text) {
  static const opencc::SimpleConverter converter("t2s.json");
  return converter.Convert(text);
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

std::string normal_form(std::string_view text) {
  const std::string folded = utf8::folded(text);
  return is_ascii(folded) ? folded : simplified(folded);
}

std::string compact_form(std::string_view text) {
  const std::string normal = normal_form(text);
  const std::vector<char32_t> points = utf8::code_points(utf8::trimmed(normal));
  std::vector<char32_t> kept;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool sign = i == 0 && (points[i] == U'+' || points[i] == U'-');
    if (sign || utf8::is_word(points[i])) kept.push_back(points[i]);
  }
  if (kept.size() == 1 && !utf8::is_word(kept.front())) kept.clear();
  return kept.empty() ? std::string(utf8::trimmed(normal)) : utf8::from_code_points(kept);
}

}  // namespace bot
