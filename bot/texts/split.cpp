#include "bot/texts/split.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "bot/base/utf8.hpp"

namespace bot {

namespace {

/// How well a text may be cut behind a character, the best last.
enum class Break { never, anywhere, space, clause, sentence, line };
constexpr std::array kGoodBreaks = {Break::line, Break::sentence, Break::clause, Break::space};

/// What a reader sees as one character.
struct Character {
  std::string_view bytes{};
  char32_t point = 0;    // the first
  std::size_t size = 0;  // in the unit of the limit
  Break after = Break::anywhere;
};
using Characters = std::vector<Character>;

constexpr std::u32string_view kSentenceMarks = U"\u3002\uff01\uff1f\u2026!?.";
constexpr std::u32string_view kClauseMarks = U"\uff0c\u3001\uff1b\uff1a,;:";
constexpr std::u32string_view kClosers = U"\u201d\u2019\u300d\u300f\uff09\u3011\u300b\u3009)]}\"'";
constexpr std::u32string_view kOpeners = U"\u201c\u2018\u300c\u300e\uff08\u3010\u300a\u3008([{";
constexpr std::array<std::string_view, 3> kAddressBegins = {"https://", "http://", "www."};
constexpr std::size_t kLongestName = 30;  // characters

bool is_one_of(char32_t point, std::u32string_view points) {
  return points.find(point) != std::u32string_view::npos;
}

bool is_space(const Character& character) {
  return utf8::trimmed(character.bytes).empty();
}

std::size_t size_of(std::string_view text, TextLimit::Unit unit) {
  return unit == TextLimit::Unit::bytes ? text.size() : utf8::length(text);
}

/// One that alone is longer than `most` is torn into code points until the rest fits.
void add(Characters& characters, std::string_view bytes, const TextLimit& most) {
  std::size_t size = size_of(bytes, most.unit);
  while (!bytes.empty()) {
    const bool torn = size > most.count && utf8::cut(bytes, 1).size() < bytes.size();
    const std::string_view taken = torn ? utf8::cut(bytes, 1) : bytes;
    const std::size_t taken_size = size_of(taken, most.unit);
    characters.push_back({taken, utf8::first(taken), taken_size, torn ? Break::never : Break::anywhere});
    bytes.remove_prefix(taken.size());
    size -= taken_size;
  }
}

Characters characters_of(std::string_view text, const TextLimit& most) {
  Characters characters;
  std::size_t begin = 0;
  for (const std::size_t end : utf8::character_ends(text)) {
    add(characters, text.substr(begin, end - begin), most);
    begin = end;
  }
  return characters;
}

/// Whether the mark at `at` belongs to a word or a number, such as "3.14" or "file.txt".
bool within_word(const Characters& characters, std::size_t at) {
  if (characters[at].point > 0x7f || at + 1 == characters.size()) return false;
  const char32_t next = characters[at + 1].point;
  return next < 0x80 && utf8::is_word(next);
}

Break mark_at(const Characters& characters, std::size_t at) {
  const char32_t point = characters[at].point;
  if (within_word(characters, at)) return Break::anywhere;
  if (is_one_of(point, kSentenceMarks)) return Break::sentence;
  return is_one_of(point, kClauseMarks) ? Break::clause : Break::anywhere;
}

/// Marks stay with what they end, and closing quotes and brackets with the marks.
void find_marks(Characters& characters) {
  Break ended = Break::anywhere;
  for (std::size_t at = 0; at < characters.size(); ++at) {
    Character& character = characters[at];
    const Break mark = mark_at(characters, at);
    const bool closer = is_one_of(character.point, kClosers);
    const bool belongs_to_last = closer || mark != Break::anywhere;
    if (belongs_to_last && at > 0 && !is_space(characters[at - 1])) characters[at - 1].after = Break::never;
    ended = belongs_to_last ? std::max(ended, mark) : Break::anywhere;
    if (is_one_of(character.point, kOpeners)) character.after = Break::never;
    if (character.after != Break::never) character.after = ended;
  }
}

void find_spaces(Characters& characters) {
  for (Character& character : characters) {
    const bool ends_line = character.point == U'\n' || character.point == U'\r';
    if (is_space(character)) character.after = ends_line ? Break::line : Break::space;
  }
}

/// Characters of a web address that begins at `at`; 0 when none does.
std::size_t address_length(const Characters& characters, std::size_t at) {
  const char* const begin = characters[at].bytes.data();
  const char* const end = characters.back().bytes.data() + characters.back().bytes.size();
  const std::string_view rest(begin, static_cast<std::size_t>(end - begin));
  const auto begins = [rest](std::string_view beginning) { return rest.starts_with(beginning); };
  if (std::ranges::none_of(kAddressBegins, begins)) return 0;
  std::size_t length = 0;
  while (at + length < characters.size() && characters[at + length].point > U' ' &&
         characters[at + length].point < 0x7f) {
    ++length;
  }
  return length;
}

/// The same for "@name".
std::size_t name_length(const Characters& characters, std::size_t at) {
  if (characters[at].point != U'@') return 0;
  std::size_t length = 1;
  while (at + length < characters.size() && length < kLongestName &&
         (utf8::is_word(characters[at + length].point) || is_one_of(characters[at + length].point, U"_-."))) {
    ++length;
  }
  return length;
}

void protect(Characters& characters) {
  for (std::size_t at = 0; at < characters.size();) {
    const std::size_t length = std::max(address_length(characters, at), name_length(characters, at));
    for (std::size_t i = 1; i < length; ++i) characters[at + i - 1].after = Break::never;
    at += std::max<std::size_t>(length, 1);
  }
}

/// Where the part that begins at `begin` ends, if no more than up to `end` fits.
std::size_t cut(const Characters& characters, std::size_t begin, std::size_t end) {
  const std::size_t least = begin + (end - begin) / 3;
  for (const Break wanted : kGoodBreaks) {
    for (std::size_t at = end; at > least; --at) {
      if (characters[at - 1].after == wanted) return at;
    }
  }
  for (std::size_t at = end; at > begin; --at) {
    if (characters[at - 1].after != Break::never) return at;
  }
  return end;
}

std::string joined(const Characters& characters, std::size_t begin, std::size_t end) {
  std::string text;
  for (std::size_t at = begin; at < end; ++at) text += characters[at].bytes;
  return std::string(utf8::trimmed(text));
}

std::vector<std::string> cut_up(std::string_view text, const TextLimit& most) {
  Characters characters = characters_of(text, most);
  find_marks(characters);
  find_spaces(characters);
  protect(characters);
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < characters.size();) {
    if (is_space(characters[begin])) {
      ++begin;
      continue;
    }
    std::size_t end = begin + 1;
    for (std::size_t size = characters[begin].size;
         end < characters.size() && size + characters[end].size <= most.count; ++end) {
      size += characters[end].size;
    }
    if (end < characters.size()) end = cut(characters, begin, end);
    parts.push_back(joined(characters, begin, end));
    begin = end;
  }
  return parts;
}

/// The parts with their labels, if there are no more of them than `expected`.
std::optional<std::vector<std::string>> labelled(std::string_view text, const TextLimit& limit,
                                                 const PartLabel& label, std::size_t expected) {
  const std::size_t room = size_of(label(expected, expected), limit.unit);
  std::vector<std::string> parts = cut_up(text, {limit.count - std::min(room, limit.count), limit.unit});
  if (parts.size() > expected) return std::nullopt;
  for (std::size_t i = 0; i < parts.size(); ++i) parts[i] += label(i + 1, parts.size());
  return parts;
}

}  // namespace

std::vector<std::string> split_message(std::string_view text, const TextLimit& limit,
                                       const PartLabel& label) {
  const auto fits = [&limit](std::string_view part) { return size_of(part, limit.unit) <= limit.count; };
  if (fits(text)) return {std::string(text)};
  text = utf8::trimmed(text);
  if (fits(text)) return {std::string(text)};
  const auto has_room = [&](std::size_t parts) {
    return size_of(label(parts, parts), limit.unit) < limit.count;
  };
  for (std::size_t expected = 9; expected / 10 <= text.size() && has_room(expected);
       expected = expected * 10 + 9) {
    auto parts = labelled(text, limit, label, expected);
    if (parts && std::ranges::all_of(*parts, fits)) return *std::move(parts);
  }
  return cut_up(text, limit);
}

}  // namespace bot
