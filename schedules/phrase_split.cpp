#include <algorithm>
#include <array>

#include "bot/base/utf8.hpp"
#include "schedules/phrase_sentence.hpp"

namespace schedules {

using bot::LocalTime;
using std::string_view;

namespace {

/// The longest time that is looked for in a sentence, in characters.
constexpr std::size_t kLongestTime = 60;

/// What must not follow a time: "周五的会" is no reminder, "8点左右" no time.
constexpr std::array<string_view, 12> kNotBehind{"的",   "左右", "前后", "或",   "还是", "之间",
                                                 "以内", "之内", "内",   "向上", "吗",   "?"};

/// Words that would be cut: with such an end of the time, such a beginning of the rest.
struct Cut {
  string_view end;
  string_view begin;
};
constexpr std::array<Cut, 71> kCuts{
    {{"半", "价"},   {"半", "天"},   {"半", "年"},   {"半", "个"},   {"半", "月"},   {"半", "小时"},
     {"半", "场"},   {"半", "决赛"}, {"半", "夜"},   {"半", "路"},   {"半", "成"},   {"半", "票"},
     {"半", "数"},   {"半", "杯"},   {"前", "台"},   {"前", "端"},   {"前", "面"},   {"前", "往"},
     {"前", "期"},   {"前", "辈"},   {"前", "言"},   {"前", "任"},   {"前", "进"},   {"前", "排"},
     {"前", "夕"},   {"后", "悔"},   {"后", "来"},   {"后", "台"},   {"后", "端"},   {"后", "面"},
     {"后", "续"},   {"后", "果"},   {"后", "期"},   {"后", "勤"},   {"后", "排"},   {"后", "退"},
     {"号", "楼"},   {"号", "门"},   {"号", "线"},   {"号", "厅"},   {"号", "机"},   {"号", "院"},
     {"号", "室"},   {"号", "桌"},   {"号", "教"},   {"号", "车"},   {"号", "选手"}, {"号", "店"},
     {"号", "码"},   {"号", "馆"},   {"号", "题"},   {"点", "建议"}, {"点", "意见"}, {"点", "注意"},
     {"点", "要求"}, {"点", "原因"}, {"点", "说明"}, {"点", "希望"}, {"点", "体会"}, {"点", "想法"},
     {"点", "看法"}, {"点", "问题"}, {"点", "内容"}, {"点", "理由"}, {"点", "心得"}, {"点", "启示"},
     {"点", "结论"}, {"点", "总结"}, {"点", "评"},   {"点", "击"},   {"点", "名"}}};

/// What counts things: "每周一题" is no Monday.
constexpr std::array<string_view, 29> kCounted{"个", "人", "名", "位", "页", "题", "章", "节",   "课",  "本",
                                               "份", "篇", "次", "元", "班", "练", "测", "句",   "歌",  "讲",
                                               "书", "词", "文", "问", "路", "中", "读", "小学", "广场"};
/// "早上好" is a greeting, "下午茶" a meal.
constexpr std::array<string_view, 9> kNoPart{"好", "安", "见", "愉快", "茶", "饭", "餐", "觉", "班"};
/// Days that mean something else too, and need a time or a mark beside them.
constexpr std::array<string_view, 15> kOtherMeanings{"小雪", "大雪", "雨水", "小满", "白露",
                                                     "霜降", "小年", "重阳", "五四", "七一",
                                                     "八一", "sun",  "sat",  "wed",  "daily"};
/// What must not precede a time: "大上周五", "拖到周五", "2月|30日".
constexpr std::array<string_view, 43> kNotAhead{
    "上", "下", "前",   "每", "第",   "大", "隔", "这", "本", "个", "的", "昨天", "不是", "除了", "不",
    "昨", "闰", "到",   "至", "-",    ":",  "月", "年", "点", "时", "周", "星期", "礼拜", "农历", "阴历",
    "半", "差", "还是", "或", "或者", "和", "、", "/",  "跟", "与", "及", " and", " or"};

template <std::size_t count>
bool starts(string_view text, const std::array<string_view, count>& words) {
  return std::ranges::any_of(words, [text](string_view word) { return text.starts_with(word); });
}

template <std::size_t count>
bool ends(string_view text, const std::array<string_view, count>& words) {
  return std::ranges::any_of(words, [text](string_view word) { return text.ends_with(word); });
}

bool is_ascii_word(char byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

bool cuts_word(string_view left, string_view right) {
  return !left.empty() && !right.empty() && is_ascii_word(left.back()) && is_ascii_word(right.front());
}

/// The last number; a weekday is none, unless the week repeats: "每周一题".
bool ends_in_number(string_view form) {
  constexpr std::array<string_view, 3> kWeek{"周", "星期", "礼拜"};
  constexpr std::array<string_view, 13> kNumerals{"〇", "零", "一", "二", "两", "三", "四",
                                                  "五", "六", "七", "八", "九", "十"};
  if (!form.empty() && form.back() >= '0' && form.back() <= '9') return true;
  for (const string_view numeral : kNumerals) {
    if (!form.ends_with(numeral)) continue;
    return !ends(form.substr(0, form.size() - numeral.size()), kWeek) || form.starts_with("每");
  }
  return false;
}

/// "一点", "三点": without a word beside it, some or three points as well as an hour.
bool is_few(string_view form) {
  Reader reader(form);
  return !form.empty() && static_cast<unsigned char>(form.front()) >= 0x80 && reader.number() &&
         reader.take("点") && reader.done();
}

bool is_some(string_view form) {
  return form == "一点";
}

/// "12.5" is a date when it is asked for; in a sentence it is more often a number.
bool is_numeric(string_view form) {
  return form.find_first_not_of("0123456789./") == string_view::npos;
}

/// "3号", "the 2nd".
bool is_number_of_day(string_view form) {
  Reader reader(form);
  if (reader.take("the")) return true;
  return reader.number() && (reader.take("号") || reader.take("日")) && reader.done();
}

bool has_other_meaning(string_view form) {
  return std::ranges::find(kOtherMeanings, form) != kOtherMeanings.end();
}

bool is_part_alone(string_view form) {
  Reader reader(form);
  return take_day_part(reader) != nullptr && reader.done();
}

bool is_english(string_view form) {
  return static_cast<unsigned char>(form.front()) < 0x80;
}

bool cuts(string_view form, string_view rest) {
  return std::ranges::any_of(
      kCuts, [&](const Cut& cut) { return form.ends_with(cut.end) && rest.starts_with(cut.begin); });
}

/// "25点", "2月30日": the rest goes on with a time that was not understood. "3号楼" is a place.
bool begins_as_time(string_view form) {
  constexpr std::array<string_view, 9> kMarks{"点", ":", "月", "号", "日", "时", "/", "am", "pm"};
  Reader reader(form);
  if (take_day_part(reader) != nullptr) return true;
  if (!reader.number() || reader.next_is("时候")) return false;
  return std::ranges::any_of(kMarks, [rest = reader.rest()](string_view mark) {
    return rest.starts_with(mark) && !cuts(mark, rest.substr(mark.size()));
  });
}

bool is_understood(const Phrase& phrase) {
  return phrase.when || phrase.error == PhraseError::past;
}

bool is_event(const Phrase& phrase) {
  return phrase.when && std::holds_alternative<AroundEvent>(phrase.when->what);
}

bool is_separated(string_view before) {
  constexpr std::array<string_view, 7> kMarks{" ", ",", "，", "。", ";", "；", "："};
  return before.empty() || ends(before, kMarks);
}

bool separates(string_view after) {
  constexpr std::array<string_view, 7> kMarks{" ", "\u3000", ",", "，", ":", "：", ";"};
  return after.empty() || starts(after, kMarks);
}

/// Whether the time ends here, rather than in the middle of what is written.
bool may_end(string_view form, string_view tail) {
  const std::string rest = phrase_form(tail);
  const bool number_goes_on = Reader(rest).number().has_value();
  if (begins_as_time(rest) || cuts(form, rest)) return false;
  if (form.ends_with("点") && number_goes_on) return false;
  if (is_some(form) && !rest.empty()) return false;
  if (ends_in_number(form) && (number_goes_on || starts(rest, kCounted))) return false;
  if (is_part_alone(form) && (is_english(form) || starts(rest, kNoPart))) return false;
  return separates(tail) || !(is_numeric(form) || has_other_meaning(form));
}

bool may_begin(string_view before, string_view form) {
  const std::string rest = phrase_form(before);
  if (ends(rest, kNotAhead) || ends_in_number(rest) || is_few(form)) return false;
  if (is_numeric(form) || has_other_meaning(form)) return false;
  if (is_part_alone(form) && is_english(form)) return false;
  return is_separated(before) || !is_number_of_day(form);
}

bool begins_with_time(string_view text, LocalTime now) {
  for (std::size_t points = std::min(bot::utf8::length(text), kLongestTime); points > 0; --points) {
    const string_view head = bot::utf8::cut(text, points);
    const string_view tail = text.substr(head.size());
    if (cuts_word(head, tail)) continue;
    const Phrase phrase = parse_when(head, now);
    if (is_understood(phrase) && !is_event(phrase) && may_end(phrase_form(head), tail)) return true;
  }
  return false;
}

/// "1号和15号", "明天和后天": half of it would be a guess. "明天和小王" is not.
bool has_second_time(string_view tail, LocalTime now) {
  constexpr std::array<string_view, 14> kJoints{"和", "跟", "及", "与", "或者", "或",  "、",
                                                "到", "至", "-",  "/",  "and ", "or ", "to "};
  const std::string form = phrase_form(tail);
  for (const string_view joint : kJoints) {
    if (!form.starts_with(joint)) continue;
    const string_view rest = string_view(form).substr(joint.size());
    return begins_as_time(rest) || begins_with_time(rest, now);
  }
  return false;
}

/// Without marks and joints at the side of the time.
string_view cleaned(string_view text) {
  constexpr std::array<string_view, 11> kMarks{",", "，", "。", ":", "：", ";", "；", "、", "!", "！", "."};
  for (bool shorter = true; shorter;) {
    shorter = false;
    text = bot::utf8::trimmed(text);
    for (const string_view mark : kMarks) {
      if (!text.starts_with(mark)) continue;
      text.remove_prefix(mark.size());
      shorter = true;
    }
  }
  return text;
}

/// Marks that join a time to the sentence before it.
string_view cleaned_end(string_view text) {
  constexpr std::array<string_view, 9> kMarks{",", "，", ":", "：", ";", "；", "、", "在", "于"};
  for (bool shorter = true; shorter;) {
    shorter = false;
    text = bot::utf8::trimmed(text);
    for (const string_view mark : kMarks) {
      if (!text.ends_with(mark)) continue;
      text.remove_suffix(mark.size());
      shorter = true;
    }
  }
  return text;
}

std::optional<Timed> time_first(string_view sentence, LocalTime now) {
  for (std::size_t points = std::min(bot::utf8::length(sentence), kLongestTime); points > 0; --points) {
    const string_view head = bot::utf8::cut(sentence, points);
    const string_view tail = sentence.substr(head.size());
    if (cuts_word(head, tail)) continue;
    Phrase phrase = parse_when(head, now);
    if (!is_understood(phrase)) continue;
    if (starts(phrase_form(tail), kNotBehind) || has_second_time(tail, now)) return std::nullopt;
    if (may_end(phrase_form(head), tail)) return Timed{std::move(phrase), std::string(cleaned(tail))};
  }
  return std::nullopt;
}

std::optional<Timed> time_last(string_view sentence, LocalTime now) {
  const std::size_t all = bot::utf8::length(sentence);
  for (std::size_t skipped = all > kLongestTime ? all - kLongestTime : 1; skipped < all; ++skipped) {
    const string_view head = bot::utf8::cut(sentence, skipped);
    const string_view tail = sentence.substr(head.size());
    if (cuts_word(head, tail)) continue;
    Phrase phrase = parse_when(tail, now);
    if (!is_understood(phrase) || (is_event(phrase) && !is_separated(head))) continue;
    if (!may_begin(head, phrase_form(tail))) return std::nullopt;
    return Timed{std::move(phrase), std::string(cleaned_end(head))};
  }
  return std::nullopt;
}

}  // namespace

Timed split_time(string_view sentence, LocalTime now) {
  sentence = bot::utf8::trimmed(sentence);
  if (!bot::utf8::valid(sentence)) return {{}, std::string(sentence)};
  if (auto found = time_first(sentence, now)) return std::move(*found);
  if (auto found = time_last(sentence, now)) return std::move(*found);
  return {{}, std::string(sentence)};
}

}  // namespace schedules
