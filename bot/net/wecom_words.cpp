#include "bot/net/wecom_words.hpp"

#include <algorithm>
#include <cctype>

#include "bot/base/utf8.hpp"

namespace bot {

namespace {

constexpr std::string_view kNothing = "\u200b";  // zero-width space: shows nothing, and ends no word
constexpr std::string_view kLikeStar = "\u2217";
constexpr std::string_view kLikeGrave = "\u02cb";
constexpr std::string_view kLikeUnderscore = "\uff3f";
constexpr std::string_view kTitle = "\u3010";
constexpr std::string_view kHeading = "\u258e";
constexpr std::string_view kItem = "\u2022 ";

bool opens_tag(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '@' || c == '/' || c == '!' || c == '?';
}

/// Whether these two neighbours would be markup; what follows further on does not matter.
bool is_markup(char first, char second) {
  if (first == '<') return opens_tag(second);
  if (first == '&') return second == '#' || second == 'l' || second == 'L';
  if (first == ']') return second == '(' || second == '[';
  return first == '~' && second == '~';
}

bool is_line_markup(char c) {
  return c == '#' || c == '>' || c == '|';
}

bool is_user_id(std::string_view id) {
  constexpr std::string_view marks = "_-@.";
  return !id.empty() && std::ranges::all_of(id, [marks](unsigned char c) {
    return std::isalnum(c) != 0 || marks.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

/// What stands for a character that is markup wherever it stands; empty: it stands for itself.
std::string_view look_alike(char c, WecomMarkdown form) {
  if (c == '*') return kLikeStar;
  if (c == '`') return kLikeGrave;
  return c == '_' && form == WecomMarkdown::second ? kLikeUnderscore : std::string_view();
}

std::string shaped_line(std::string_view line, WecomMarkdown form) {
  if (line.starts_with(kHeading)) return "### " + std::string(line.substr(kHeading.size()));
  const bool item = form == WecomMarkdown::second && line.starts_with(kItem);
  return item ? "- " + std::string(line.substr(kItem.size())) : std::string(line);
}

}  // namespace

std::string wecom_literal(std::string_view text, WecomMarkdown form) {
  std::string result;
  bool begins_line = true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (begins_line && is_line_markup(c)) result += kNothing;
    const std::string_view instead = look_alike(c, form);
    result += instead.empty() ? std::string_view(&text[at], 1) : instead;
    if (at + 1 < text.size() && is_markup(c, text[at + 1])) result += kNothing;
    begins_line = c == '\n' || c == '\r' || (begins_line && (c == ' ' || c == '\t'));
  }
  return result;
}

std::string wecom_mention(const std::string& user) {
  return is_user_id(user) ? "<@" + user + ">" : "@" + wecom_literal(utf8::repaired(user));
}

std::string wecom_shaped(std::string_view literal, WecomMarkdown form) {
  std::string shaped;
  while (!literal.empty()) {
    const std::size_t end = std::min(literal.find('\n'), literal.size());
    const std::string_view line = literal.substr(0, end);
    const bool title = shaped.empty() && line.starts_with(kTitle);
    shaped += title ? "**" + std::string(line) + "**" : shaped_line(line, form);
    if (end < literal.size()) shaped += '\n';
    literal.remove_prefix(std::min(end + 1, literal.size()));
  }
  return shaped;
}

}  // namespace bot
