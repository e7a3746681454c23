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

constexpr std::array<std::string_view, 10> kEverybody{"大家", "所有人",   "全体",      "我们", "咱们",
                                                      "各位", "everyone", "everybody", "us",   "all"};
constexpr std::array<std::string_view, 5> kMe{"我自己", "我", "本人", "me", "myself"};
constexpr std::array<std::string_view, 10> kPolite{"请你", "请",     "帮我", "帮忙",   "麻烦",
                                                   "记得", "到时候", "到时", "please", "can you"};
constexpr std::array<std::string_view, 5> kThanks{"谢谢", "多谢", "感谢", "谢了", "thanks"};
constexpr std::array<std::string_view, 3> kSharp{"准点", "准时", "sharp"};
constexpr std::array<std::string_view, 2> kUrgent{"紧急", "urgent"};
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

std::string cleaned(std::string_view text) {
  text = bot::utf8::trimmed(text);
  drop_marks(text);
  drop_first(text, kLinks);
  drop_marks(text);
  return std::string(text);
}

}  // namespace

ReminderPhrase read_reminder(std::string_view before, std::string_view after, bot::LocalTime now) {
  ReminderPhrase reminder;
  before = bot::utf8::trimmed(before);
  after = bot::utf8::trimmed(after);
  while (drop_around(before, kPolite)) {
  }
  reminder.urgent = drop_around(before, kUrgent) || drop_first(after, kUrgent);
  reminder.sharp = drop_around(before, kSharp);
  drop_marks(after);
  if (drop_first(after, kEverybody)) {
    reminder.whom = ReminderPhrase::Whom::everybody;
  } else {
    drop_first(after, kMe);
  }
  if (!before.empty()) {
    drop_last(before, kMarks);
    reminder.phrase = parse_when(before, now);
    reminder.text = cleaned(after);
    reminder.thanks = !reminder.phrase.when && reminder.text.empty() && drop_first(before, kThanks);
    return reminder;
  }
  Timed timed = split_time(after, now);
  reminder.phrase = std::move(timed.phrase);
  std::string_view rest = timed.rest;
  reminder.sharp = drop_first(rest, kSharp) || reminder.sharp;
  reminder.text = cleaned(rest);
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
