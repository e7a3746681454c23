#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Text as people type it. All functions take and give UTF-8; none throws on damaged input, which is read as
/// U+FFFD.
namespace bot::utf8 {

bool valid(std::string_view text) noexcept;
/// Damaged bytes become U+FFFD.
std::string repaired(std::string_view text);

/// Code points, which is how people count characters of Chinese text.
std::size_t length(std::string_view text) noexcept;
/// The first code point; 0 for an empty text.
char32_t first(std::string_view text) noexcept;
std::vector<char32_t> code_points(std::string_view text);
std::string from_code_points(const std::vector<char32_t>& points);

/// The longest prefix of at most `bytes` bytes that ends at a code point.
std::string_view cut_bytes(std::string_view text, std::size_t bytes) noexcept;
/// The longest prefix of at most `points` code points.
std::string_view cut(std::string_view text, std::size_t points) noexcept;

/// Where each character ends that a person sees as one, in bytes: an emoji of several code points, a letter
/// with its accents (Unicode UAX 29, extended grapheme clusters).
std::vector<std::size_t> character_ends(std::string_view text);

/// Full width, case, compatibility forms and invisible marks folded: Unicode NFKC_Casefold.
std::string folded(std::string_view text);

/// Without ASCII and full-width white space at both ends.
std::string_view trimmed(std::string_view text) noexcept;

/// As one line: line breaks, control characters and other white space become one space between words, and
/// what turns the direction of writing or cannot be seen is dropped, but for the selectors of a variant of
/// emoji.
std::string one_line(std::string_view text);

/// For logs and tables: control characters, escape sequences and bidirectional marks as \x1b or \u202e.
std::string escaped(std::string_view text);

bool is_cjk(char32_t point) noexcept;
/// Letters and digits of any script; not punctuation, symbols or emoji.
bool is_word(char32_t point) noexcept;
/// Nothing but 0 to 9, and at least one of them.
bool is_digits(std::string_view text) noexcept;

/// Insertions, deletions and substitutions of code points between two texts.
std::size_t distance(std::string_view left, std::string_view right);

}  // namespace bot::utf8
