#include "schedules/phrase_reader.hpp"

#include <algorithm>
#include <utility>

#include "bot/base/utf8.hpp"
#include "bot/texts/tokens.hpp"

namespace schedules {

namespace {

constexpr std::u32string_view kDashes = U"‐‑‒–—―−~〜～";

constexpr std::array<Word<int>, 12> kDigits{{{"〇", 0},
                                             {"零", 0},
                                             {"一", 1},
                                             {"二", 2},
                                             {"两", 2},
                                             {"三", 3},
                                             {"四", 4},
                                             {"五", 5},
                                             {"六", 6},
                                             {"七", 7},
                                             {"八", 8},
                                             {"九", 9}}};

constexpr std::array<Word<int>, 2> kUnits{{{"百", 100}, {"十", 10}}};
constexpr std::array<Word<int>, 2> kTens{{{"廿", 20}, {"卅", 30}}};

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

bool is_latin(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

char32_t plain(char32_t point) {
  if (kDashes.find(point) != std::u32string_view::npos) return U'-';
  return point < 0x20 || point == 0x3000 ? U' ' : point;
}

}  // namespace

std::string phrase_form(std::string_view text) {
  std::vector<char32_t> kept;
  bool space = false;
  for (const char32_t each : bot::utf8::code_points(bot::normal_form(text))) {
    const char32_t point = plain(each);
    if (point == U' ') {
      space = true;
      continue;
    }
    if (space && !kept.empty() && kept.back() < 0x80 && point < 0x80) kept.push_back(U' ');
    space = false;
    kept.push_back(point);
  }
  return bot::utf8::from_code_points(kept);
}

void Reader::skip_spaces() {
  while (text_.starts_with(' ')) text_.remove_prefix(1);
}

bool Reader::take(std::string_view word) {
  Reader next = *this;
  next.skip_spaces();
  if (!next.text_.starts_with(word)) return false;
  next.text_.remove_prefix(word.size());
  if (is_latin(word.back()) && !next.text_.empty() && is_latin(next.text_.front())) return false;
  *this = next;
  return true;
}

bool Reader::done() const {
  return std::ranges::all_of(text_, [](char byte) { return byte == ' '; });
}

std::optional<int> Reader::number() {
  skip_spaces();
  std::size_t size = 0;
  int value = 0;
  while (size < text_.size() && is_digit(text_[size]) && size < 7) value = value * 10 + (text_[size++] - '0');
  if (size > 6) return std::nullopt;
  if (size == 0) return chinese_number();
  text_.remove_prefix(size);
  return value;
}

std::optional<int> Reader::digits(std::size_t count) {
  Reader next = *this;
  next.skip_spaces();
  if (next.text_.size() < count) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(next.text_[i])) return std::nullopt;
    value = value * 10 + (next.text_[i] - '0');
  }
  next.text_.remove_prefix(count);
  if (!next.text_.empty() && is_digit(next.text_.front())) return std::nullopt;
  *this = next;
  return value;
}

std::optional<int> Reader::chinese_digit() {
  return take_from(kDigits);
}

std::optional<int> Reader::year() {
  if (const auto plain_year = digits(4)) return plain_year;
  Reader next = *this;
  int value = 0;
  for (int i = 0; i < 4; ++i) {
    const auto digit = next.chinese_digit();
    if (!digit) return std::nullopt;
    value = value * 10 + *digit;
  }
  *this = next;
  return value;
}

std::optional<int> Reader::chinese_number() {
  int total = 0;
  int smallest = 1000;
  std::optional<int> pending;
  bool any = false;
  for (;; any = true) {
    Reader next = *this;
    if (const auto tens = next.take_from(kTens)) {
      if (pending || smallest <= 10) break;
      total += *tens;
      smallest = 10;
    } else if (const auto unit = next.take_from(kUnits)) {
      if (*unit >= smallest || pending == 0) break;
      total += pending.value_or(1) * *unit;
      pending.reset();
      smallest = *unit;
    } else if (const auto digit = next.chinese_digit(); digit && pending.value_or(0) == 0) {
      pending = digit;
    } else {
      break;
    }
    *this = next;
  }
  return any ? std::optional(total + pending.value_or(0)) : std::nullopt;
}

}  // namespace schedules
