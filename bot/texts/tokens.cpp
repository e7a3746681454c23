#include "bot/texts/tokens.hpp"

#include <opencc/opencc.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "bot/base/utf8.hpp"

namespace bot {

namespace {

std::string converted(const std::string& text) {
  static const opencc::SimpleConverter converter("t2s.json");
  return converter.Convert(text);
}

/// Which characters conversion can change. Converting costs some microseconds a character and nearly all talk
/// is simplified already, so each character is tried once and remembered.
class TraditionalCharacters {
 public:
  bool contains(char32_t point) {
    if (!utf8::is_cjk(point)) return false;
    if (point < kFirst || point > kLast) return true;
    Answer& answer = answers_[point - kFirst];
    if (answer == Answer::unknown) {
      const std::string character = utf8::from_code_points({point});
      answer = converted(character) == character ? Answer::no : Answer::yes;
    }
    return answer == Answer::yes;
  }

 private:
  enum class Answer : std::uint8_t { unknown, no, yes };
  static constexpr char32_t kFirst = 0x3400;
  static constexpr char32_t kLast = 0x9fff;
  std::array<Answer, kLast - kFirst + 1> answers_{};
};

TraditionalCharacters& traditional_characters() {
  thread_local TraditionalCharacters characters;
  return characters;
}

std::string simplified(const std::string& text) {
  const auto points = utf8::code_points(text);
  return std::ranges::any_of(points, [](char32_t point) { return traditional_characters().contains(point); })
             ? converted(text)
             : text;
}

}  // namespace

std::string normal_form(std::string_view text) {
  return simplified(utf8::folded(utf8::valid(text) ? std::string(text) : utf8::repaired(text)));
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

char32_t first_letter(std::string_view text) {
  while (!text.empty()) {
    const std::string_view character = utf8::cut(text, 1);
    const char32_t point = utf8::first(character);
    const bool stays = utf8::is_cjk(point) ? !traditional_characters().contains(point)
                                           : point < 0x80 && !(point >= U'A' && point <= U'Z');
    if (stays && utf8::is_word(point)) return point;
    if (!stays) {
      for (const char32_t normal : utf8::code_points(normal_form(character))) {
        if (utf8::is_word(normal)) return normal;
      }
    }
    text.remove_prefix(character.size());
  }
  return 0;
}

}  // namespace bot
