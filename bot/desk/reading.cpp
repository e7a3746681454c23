#include "bot/desk/reading.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "bot/base/utf8.hpp"
#include "bot/texts/tokens.hpp"

namespace bot {

namespace {

/// A bare command is a word with perhaps an id; longer talk without a wake word is not looked at.
constexpr std::size_t kLongestBareBytes = 60;

/// Enough to hold the first letter behind a mark or two.
constexpr std::size_t kLongestLetterBytes = 16;

constexpr std::array<std::string_view, 4> kSigns{"/", "／", "#", "＃"};
constexpr std::array<std::string_view, 6> kAfterName{",", "，", ":", "：", "　", " "};
constexpr std::array<std::string_view, 11> kPoliteEnds{"谢谢", "谢了", "一下", "please", "吧", "呀",
                                                       "啊",   "哦",   "了",   "呢",     "哈"};

bool drop_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

template <std::size_t N>
bool drop_any(std::string_view& text, const std::array<std::string_view, N>& prefixes) {
  return std::ranges::any_of(prefixes,
                             [&text](std::string_view prefix) { return drop_prefix(text, prefix); });
}

bool is_letter(char byte) noexcept {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0;
}

enum class Called { no, in_passing, clearly };

Doubt doubt_of(Called called, bool sign) {
  if (called == Called::in_passing) return Doubt::name;
  return called == Called::no && sign ? Doubt::sign : Doubt::none;
}

/// "学伴 不理 @李四": somebody is mentioned, and text comes first.
bool text_comes_first(const Message& message) {
  bool mentions = false;
  const Segment* first = nullptr;
  for (const Segment& part : message.parts()) {
    if (std::holds_alternative<MentionAll>(part)) return false;
    mentions = mentions || std::holds_alternative<Mention>(part);
    if (first == nullptr && !std::holds_alternative<Quote>(part)) first = &part;
  }
  return mentions && std::holds_alternative<Text>(*first);
}

Called drop_name(std::string_view& text, const std::vector<std::string>& nicknames) {
  const char32_t first = first_letter(text.substr(0, kLongestLetterBytes));
  for (const std::string& name : nicknames) {
    if (first_letter(name) != first) continue;
    const std::string_view called = utf8::cut(text, utf8::length(name));
    if (name.empty() || (called != name && normal_form(called) != normal_form(name))) continue;
    const std::string_view rest = text.substr(called.size());
    if (is_letter(name.back()) && !rest.empty() && is_letter(rest.front())) continue;
    text = utf8::trimmed(rest);
    const bool spaced = text.data() != rest.data();
    const bool marked = drop_any(text, kAfterName);
    return spaced || marked || text.empty() ? Called::clearly : Called::in_passing;
  }
  return Called::no;
}

int digit_of(char32_t point) noexcept {
  constexpr std::u32string_view kDigits = U"〇一二三四五六七八九";
  const auto at = kDigits.find(point);
  if (at != std::u32string_view::npos) return static_cast<int>(at);
  if (point == U'零') return 0;
  return point == U'两' ? 2 : -1;
}

/// 1 to 9,999 written in Chinese numerals.
std::optional<std::int64_t> chinese_number(std::string_view text) {
  std::int64_t total = 0;
  std::int64_t pending = 0;
  std::int64_t smallest_unit = 10'000;
  for (const char32_t point : utf8::code_points(text)) {
    const std::int64_t unit = point == U'千' ? 1000 : point == U'百' ? 100 : point == U'十' ? 10 : 0;
    const int digit = digit_of(point);
    if (unit >= smallest_unit) return std::nullopt;
    if (unit > 0) {
      smallest_unit = unit;
      total += (pending == 0 ? 1 : pending) * unit;
      pending = 0;
    } else if (digit >= 0) {
      pending = pending * 10 + digit;
    } else {
      return std::nullopt;
    }
    if (total + pending > 9999) return std::nullopt;
  }
  return total + pending > 0 ? std::optional(total + pending) : std::nullopt;
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure == std::errc() && stop == text.data() + text.size() && number > 0) return number;
  return text.size() <= 30 ? chinese_number(text) : std::nullopt;
}

}  // namespace

std::optional<Reading> read_message(const MessagePosted& posted, bool direct,
                                    const std::vector<std::string>& nicknames) {
  const bool to_others = posted.to_others && !posted.to_me;
  if (to_others && !text_comes_first(posted.message)) return std::nullopt;
  const std::optional<std::string_view> single = posted.message.single_text();
  const std::string joined = single ? std::string() : posted.message.plain();
  std::string_view text = utf8::trimmed(single.value_or(joined));
  const Called called = drop_name(text, nicknames);
  if (to_others && called != Called::clearly) return std::nullopt;
  text = utf8::trimmed(text);
  const bool sign = drop_any(text, kSigns);
  text = utf8::trimmed(text);
  if (text.empty() && called == Called::no && !posted.to_me) return std::nullopt;
  const bool surely = posted.to_me || direct;
  if (to_others) return Reading{true, std::string(text), Doubt::name};
  const bool woken = surely || called != Called::no || sign;
  if (!woken && text.size() > kLongestBareBytes) return std::nullopt;
  return Reading{woken, std::string(text), surely ? Doubt::none : doubt_of(called, sign)};
}

std::vector<std::string> polite_forms(std::string_view text) {
  std::vector<std::string> forms{compact_form(text)};
  for (bool shorter = true; shorter;) {
    shorter = false;
    for (const std::string_view end : kPoliteEnds) {
      const std::string& last = forms.back();
      if (last.size() > end.size() && last.ends_with(end)) {
        forms.push_back(last.substr(0, last.size() - end.size()));
        shorter = true;
        break;
      }
    }
  }
  return forms;
}

std::optional<ObjectId> object_id(std::string_view compact) {
  if (compact.size() < 2 || compact.front() < 'a' || compact.front() > 'z') return std::nullopt;
  const auto number = number_of(compact.substr(1));
  if (!number) return std::nullopt;
  return ObjectId{static_cast<char>(compact.front() - 'a' + 'A'), *number};
}

std::string printed(const ObjectId& id) {
  return id.letter + std::to_string(id.number);
}

FirstWord first_word(std::string_view text) noexcept {
  text = utf8::trimmed(text);
  std::size_t end = text.find_first_of(" \t\n");
  end = std::min(end, text.find("　"));
  if (end == std::string_view::npos) return {text, {}};
  return {text.substr(0, end), utf8::trimmed(text.substr(end))};
}

}  // namespace bot
