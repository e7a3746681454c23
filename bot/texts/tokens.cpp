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

std::string simplified(const std::string& text) {
  thread_local TraditionalCharacters traditional;
  const auto points = utf8::code_points(text);
  return std::ranges::any_of(points, [](char32_t point) { return traditional.contains(point); })
             ? converted(text)
             : text;
}

}  // namespace

std::string normal_form(std::string_view text) {
  return simplified(utf8::folded(text));
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
