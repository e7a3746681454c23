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
  std::vector<char32_t> kept;
  for (const char32_t point : utf8::code_points(normal)) {
    if (utf8::is_word(point)) kept.push_back(point);
  }
  return kept.empty() ? std::string(utf8::trimmed(normal)) : utf8::from_code_points(kept);
}

}  // namespace bot
