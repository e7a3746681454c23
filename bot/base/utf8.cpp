#include "bot/base/utf8.hpp"

#include <fmt/format.h>
#include <unicode/brkiter.h>
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

namespace bot::utf8 {

namespace {

/// The code point at `at`, which moves behind it; U+FFFD for damaged bytes.
char32_t next(std::string_view text, std::size_t& at) noexcept {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  auto index = static_cast<std::int64_t>(at);
  const auto size = static_cast<std::int64_t>(text.size());
  UChar32 point = 0;
  U8_NEXT_OR_FFFD(bytes, index, size, point);
  at = static_cast<std::size_t>(index);
  return static_cast<char32_t>(point);
}

void append(std::string& text, char32_t point) {
  std::uint8_t bytes[U8_MAX_LENGTH];
  std::int32_t size = 0;
  U8_APPEND_UNSAFE(bytes, size, static_cast<UChar32>(point));
  text.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

bool is_ascii_space(char byte) noexcept {
  return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

constexpr std::array<std::string_view, 2> kWideSpaces{"\u00a0", "\u3000"};

/// Bytes of the white space at the beginning; 0 when there is none.
std::size_t leading_space(std::string_view text) noexcept {
  if (!text.empty() && is_ascii_space(text.front())) return 1;
  for (const std::string_view space : kWideSpaces) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

std::size_t trailing_space(std::string_view text) noexcept {
  if (!text.empty() && is_ascii_space(text.back())) return 1;
  for (const std::string_view space : kWideSpaces) {
    if (text.ends_with(space)) return space.size();
  }
  return 0;
}

bool is_dangerous(char32_t point) noexcept {
  const bool bidirectional = (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069) ||
                             point == 0x200e || point == 0x200f || point == 0x061c;
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || bidirectional || point == 0x2028 ||
         point == 0x2029;
}

bool is_gap(char32_t point) noexcept {
  const auto given = static_cast<UChar32>(point);
  return u_isUWhiteSpace(given) != 0 || u_charType(given) == U_CONTROL_CHAR;
}

bool is_invisible(char32_t point) noexcept {
  const auto given = static_cast<UChar32>(point);
  const bool shows_nothing = u_charType(given) == U_FORMAT_CHAR ||
                             u_hasBinaryProperty(given, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
  return shows_nothing && u_hasBinaryProperty(given, UCHAR_VARIATION_SELECTOR) == 0;
}

}  // namespace

bool valid(std::string_view text) noexcept {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  const auto size = static_cast<std::int64_t>(text.size());
  for (std::int64_t at = 0; at < size;) {
    UChar32 point = 0;
    U8_NEXT(bytes, at, size, point);
    if (point < 0) return false;
  }
  return true;
}

std::string repaired(std::string_view text) {
  return valid(text) ? std::string(text) : from_code_points(code_points(text));
}

std::size_t length(std::string_view text) noexcept {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) next(text, at);
  return count;
}

char32_t first(std::string_view text) noexcept {
  std::size_t at = 0;
  return text.empty() ? 0 : next(text, at);
}

std::vector<char32_t> code_points(std::string_view text) {
  std::vector<char32_t> points;
  points.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) points.push_back(next(text, at));
  return points;
}

std::string from_code_points(const std::vector<char32_t>& points) {
  std::string text;
  text.reserve(points.size() * 3);
  for (const char32_t point : points) append(text, point);
  return text;
}

std::string_view cut_bytes(std::string_view text, std::size_t bytes) noexcept {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xc0U) == 0x80U) --bytes;
  return text.substr(0, bytes);
}

std::string_view cut(std::string_view text, std::size_t points) noexcept {
  std::size_t at = 0;
  for (std::size_t count = 0; count < points && at < text.size(); ++count) next(text, at);
  return text.substr(0, at);
}

std::vector<std::size_t> character_ends(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> characters(
      icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
  const std::unique_ptr<UText, decltype(&utext_close)> opened(
      utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &status), &utext_close);
  if (U_SUCCESS(status)) characters->setText(opened.get(), status);
  std::vector<std::size_t> ends;
  if (U_FAILURE(status)) {
    for (std::size_t at = 0; at < text.size(); ends.push_back(at)) next(text, at);
    return ends;
  }
  for (auto end = characters->next(); end != icu::BreakIterator::DONE; end = characters->next()) {
    ends.push_back(static_cast<std::size_t>(end));
  }
  return ends;
}

std::string folded(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  static const icu::Normalizer2* const normalizer = icu::Normalizer2::getNFKCCasefoldInstance(status);
  if (U_FAILURE(status) || normalizer == nullptr) return std::string(text);
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  normalizer->normalizeUTF8(0, icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())), sink,
                            nullptr, status);
  return U_FAILURE(status) ? std::string(text) : out;
}

std::string_view trimmed(std::string_view text) noexcept {
  for (std::size_t size = leading_space(text); size > 0; size = leading_space(text)) text.remove_prefix(size);
  for (std::size_t size = trailing_space(text); size > 0; size = trailing_space(text))
    text.remove_suffix(size);
  return text;
}

std::string one_line(std::string_view text) {
  std::string out;
  bool gap = false;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t point = next(text, at);
    if (is_invisible(point)) continue;
    if (is_gap(point)) {
      gap = true;
      continue;
    }
    if (std::exchange(gap, false) && !out.empty()) out += ' ';
    append(out, point);
  }
  return out;
}

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char32_t point = next(text, at);
    if (!is_dangerous(point)) {
      append(out, point);
    } else {
      out += point < 0x100 ? fmt::format("\\x{:02x}", static_cast<unsigned>(point))
                           : fmt::format("\\u{:04x}", static_cast<unsigned>(point));
    }
  }
  return out;
}

bool is_cjk(char32_t point) noexcept {
  return (point >= 0x3400 && point <= 0x9fff) || (point >= 0xf900 && point <= 0xfaff) ||
         (point >= 0x20000 && point <= 0x323af);
}

bool is_word(char32_t point) noexcept {
  return u_isalnum(static_cast<UChar32>(point)) != 0;
}

bool is_digits(std::string_view text) noexcept {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::size_t distance(std::string_view left, std::string_view right) {
  const auto a = code_points(left);
  const auto b = code_points(right);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace bot::utf8
