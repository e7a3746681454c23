#include "schedules/phrase_reminder.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>

#include "bot/base/utf8.hpp"
#include "bot/texts/tokens.hpp"

namespace schedules {

namespace {

using Words = std::span<const std::string_view>;

/// "们" alone is what "叫我" leaves of "叫我们".
constexpr std::array<std::string_view, 11> kEverybody{"大家", "所有人",   "全体",      "我们", "咱们", "们",
                                                      "各位", "everyone", "everybody", "us",   "all"};
constexpr std::array<std::string_view, 5> kMe{"我自己", "我", "本人", "me", "myself"};
constexpr std::array<std::string_view, 14> kPolite{"不要忘了", "请你", "请",     "帮我",   "帮忙",
                                                   "麻烦",     "记得", "千万",   "一定要", "一定",
                                                   "到时候",   "到时", "please", "can you"};
/// "我妈" is not me, and "我们" is not me alone.
constexpr std::array<std::string_view, 22> kMine{
    "们",   "妈", "爸",   "爷",   "奶",   "哥",   "姐",   "弟",   "妹",   "儿子", "女儿",
    "孩子", "娃", "家人", "老婆", "老公", "老师", "爱人", "媳妇", "同学", "同事", "朋友"};
constexpr std::array<std::string_view, 5> kThanks{"谢谢", "多谢", "感谢", "谢了", "thanks"};
constexpr std::array<std::string_view, 3> kSharp{"准点", "准时", "sharp"};
constexpr std::array<std::string_view, 2> kUrgent{"紧急", "urgent"};
constexpr std::array<std::string_view, 1> kBriefly{"一下"};
constexpr std::array<std::string_view, 1> kBrieflyAhead{"下"};
constexpr std::array<std::string_view, 3> kVerbAgain{"提醒", "to remind", "remind"};
constexpr std::array<std::string_view, 2> kAgain{"提醒我", "remind me"};
constexpr std::array<std::string_view, 5> kLinks{"要", "去", "记得", "to ", "that "};
constexpr std::array<std::string_view, 6> kMarks{",", "，", ":", "：", "、", "。"};
constexpr std::array<std::string_view, 5> kTime{"时间", "改到", "改成", "到", "time"};
constexpr std::array<std::string_view, 4> kText{"内容", "文字", "text", "words"};

bool is_letter(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0;
}

/// Whether `text` begins with the word, whatever its width and case; an English word must end there.
bool begins_with(std::string_view text, std::string_view word) {
  const std::string_view typed = bot::utf8::cut(text, bot::utf8::length(word));
  if (bot::normal_form(typed) != word) return false;
  const std::string_view rest = text.substr(typed.size());
  return rest.empty() || !is_letter(word.back()) || !is_letter(rest.front());
}

bool drop_first(std::string_view& text, Words words) {
  for (const std::string_view word : words) {
    if (!begins_with(text, word)) continue;
    text = bot::utf8::trimmed(text.substr(bot::utf8::cut(text, bot::utf8::length(word)).size()));
    return true;
  }
  return false;
}

bool drop_me(std::string_view& text, Words words) {
  std::string_view rest = text;
  const auto begins_rest = [&rest](std::string_view word) { return begins_with(rest, word); };
  if (!drop_first(rest, words) || std::ranges::any_of(kMine, begins_rest)) return false;
  text = rest;
  return true;
}

bool drop_last(std::string_view& text, Words words) {
  for (const std::string_view word : words) {
    if (!text.ends_with(word)) continue;
    text = bot::utf8::trimmed(text.substr(0, text.size() - word.size()));
    return true;
  }
  return false;
}

bool drop_around(std::string_view& text, Words words) {
  const bool first = drop_first(text, words);
  const bool last = drop_last(text, words);
  return first || last;
}

void drop_marks(std::string_view& text) {
  while (drop_first(text, kMarks)) {
  }
}

bool take_out(std::string& text, Words words) {
  for (const std::string_view word : words) {
    const std::size_t at = text.find(word);
    if (at == std::string::npos) continue;
    text.erase(at, word.size());
    return true;
  }
  return false;
}

std::string cleaned(std::string_view text) {
  text = bot::utf8::trimmed(text);
  drop_marks(text);
  drop_me(text, kAgain);
  drop_first(text, kLinks);
  drop_marks(text);
  return std::string(text);
}

std::optional<ReminderPhrase::Whom> take_whom(std::string_view& text) {
  if (drop_first(text, kEverybody)) return ReminderPhrase::Whom::everybody;
  if (drop_me(text, kMe)) return ReminderPhrase::Whom::me;
  return std::nullopt;
}

/// "一下我", "下大家", "我一下", "大家". "下" alone may begin "下周一".
ReminderPhrase::Whom whom(std::string_view& text) {
  drop_first(text, kBriefly);
  std::string_view behind = text;
  const bool briefly = drop_first(behind, kBrieflyAhead);
  auto named = take_whom(behind);
  if (!briefly || named) text = behind;
  drop_first(text, kBriefly);
  return named.value_or(ReminderPhrase::Whom::me);
}

/// "每个工作日17:50 | 提醒 | 大家填日志".
void read_time_ahead(ReminderPhrase& reminder, std::string_view before, std::string_view after,
                     bot::LocalTime now) {
  drop_last(before, kMarks);
  reminder.phrase = parse_when(before, now);
  reminder.text = cleaned(after);
  reminder.thanks = !reminder.phrase.when && reminder.text.empty() && drop_first(before, kThanks);
}

/// "提醒 | 大家每个工作日17:50填日志". "准点" is part of the time when the time is another one without it, as
/// in "每个工作日准点17:50".
void read_time_behind(ReminderPhrase& reminder, std::string_view after, bot::LocalTime now) {
  Timed timed = split_time(after, now);
  std::string without(after);
  if (take_out(without, kSharp)) {
    Timed other = split_time(without, now);
    if (other.phrase.when && other.phrase.when != timed.phrase.when) {
      timed = std::move(other);
      reminder.sharp = true;
    }
  }
  std::string_view rest = timed.rest;
  reminder.sharp = drop_first(rest, kSharp) || reminder.sharp;
  reminder.phrase = std::move(timed.phrase);
  reminder.text = cleaned(rest);
}

}  // namespace

ReminderPhrase read_reminder(std::string_view before, std::string_view after, bot::LocalTime now) {
  ReminderPhrase reminder;
  std::string ahead(before);
  reminder.sharp = take_out(ahead, kSharp);
  before = bot::utf8::trimmed(ahead);
  after = bot::utf8::trimmed(after);
  while (drop_around(before, kPolite)) {
  }
  reminder.urgent = drop_around(before, kUrgent) || drop_first(after, kUrgent);
  drop_marks(after);
  drop_first(after, kVerbAgain);
  reminder.whom = whom(after);
  if (before.empty()) {
    read_time_behind(reminder, after, now);
  } else {
    read_time_ahead(reminder, before, after, now);
  }
  return reminder;
}

ChangePhrase read_change(std::string_view said, bot::LocalTime now) {
  ChangePhrase change;
  said = bot::utf8::trimmed(said);
  if (drop_first(said, kText)) {
    change.of_text = true;
    change.text = cleaned(said);
    return change;
  }
  while (drop_first(said, kTime)) {
  }
  drop_marks(said);
  change.phrase = parse_when(said, now);
  return change;
}

}  // namespace schedules
