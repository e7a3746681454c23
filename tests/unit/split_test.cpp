#include "bot/texts/split.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/random.hpp"
#include "bot/base/utf8.hpp"
#include "tests/support/lines.hpp"

namespace utf8 = bot::utf8;
using bot::Random;
using bot::split_message;
using bot::TextLimit;
using Unit = bot::TextLimit::Unit;

namespace {

std::string label(std::size_t index, std::size_t count) {
  return fmt::format("（{}/{}）", index, count);
}

std::string no_label(std::size_t, std::size_t) {
  return "";
}

Lines split(std::string_view text, std::size_t characters) {
  return split_message(text, {characters, Unit::characters}, no_label);
}

std::size_t size_of(std::string_view text, Unit unit) {
  return unit == Unit::bytes ? text.size() : utf8::length(text);
}

std::string without_spaces(std::string_view text) {
  std::string kept;
  for (const char32_t point : utf8::code_points(text)) {
    const std::string one = utf8::from_code_points({point});
    if (!utf8::trimmed(one).empty()) kept += one;
  }
  return kept;
}

/// The parts put together again, without labels and white space.
std::string rejoined(Lines parts) {
  const std::size_t count = parts.size();
  for (std::size_t i = 0; i < count && count > 1; ++i) {
    const std::string end = label(i + 1, count);
    if (parts[i].ends_with(end)) parts[i].resize(parts[i].size() - end.size());
  }
  std::string text;
  for (const std::string& part : parts) text += part;
  return without_spaces(text);
}

std::string random_text(Random& random, std::size_t pieces) {
  static const std::array<std::string_view, 28> kPieces = {
      "学",        "习",    "小组",
      "。",        "，",    "！",
      "？！",      "……",    "”",
      "“",         "（",    "）",
      "\n",        " ",     "　",
      "word",      "a",     "3.14",
      "e\u0301",   "👍🏽",  "👨‍👩‍👧‍👦",
      "🇨🇳",        ". ",    ", ",
      "; ",        "@张三", "https://example.com/a?b=c&d=1.2",
      "\U00020000"};
  std::string text;
  for (std::size_t i = 0; i < pieces; ++i) text += kPieces[random.below(kPieces.size())];
  return text;
}

}  // namespace

TEST_CASE("split: what fits is one part without a label") {
  CHECK(split_message("好。", {2, Unit::characters}, label) == Lines{"好。"});
  CHECK(split_message("好。", {6, Unit::bytes}, label) == Lines{"好。"});
  CHECK(split_message("", {2, Unit::characters}, label) == Lines{""});
  CHECK(split_message("  好。\n", {2, Unit::characters}, label) == Lines{"好。"});
}

TEST_CASE("split: lines before sentences, sentences before clauses, clauses before spaces") {
  CHECK(split("一二三四\n五六。七八九", 8) == Lines{"一二三四", "五六。七八九"});
  CHECK(split("一二三四。五六，七八九", 8) == Lines{"一二三四。", "五六，七八九"});
  CHECK(split("一二三四，五六 七八九", 8) == Lines{"一二三四，", "五六 七八九"});
  CHECK(split("one two three four", 9) == Lines{"one two", "three", "four"});
  CHECK(split("一二三四五六七八九", 4) == Lines{"一二三四", "五六七八", "九"});
}

TEST_CASE("split: a part is at least a third full if it can be") {
  CHECK(split("好。一二三四五六七八九十", 10) == Lines{"好。一二三四五六七八", "九十"});
  CHECK(split("a 一二三四五六七八九十", 10) == Lines{"a 一二三四五六七八", "九十"});
}

TEST_CASE("split: marks and closing quotes stay with their sentence, opening ones with what follows") {
  CHECK(split("他说：“学完了！？”大家听了都很高兴", 12) == Lines{"他说：“学完了！？”", "大家听了都很高兴"});
  CHECK(split("一二三四五。）六七八九", 6) == Lines{"一二三四", "五。）", "六七八九"});
  CHECK(split("一二三四五（六七八九十）", 6) == Lines{"一二三四五", "（六七八九", "十）"});
}

TEST_CASE("split: a mark within a word or a number ends nothing") {
  CHECK(split("圆周率是3.14159真好", 9) == Lines{"圆周率是3.141", "59真好"});
  CHECK(split("It is 1,000,000 yuan. Thanks a lot", 24) == Lines{"It is 1,000,000 yuan.", "Thanks a lot"});
}

TEST_CASE("split: a web address and a name stay whole where they can") {
  CHECK(split("看https://example.com/a?b=1,2里", 29) == Lines{"看https://example.com/a?b=1,2里"});
  CHECK(split("一二三四五看https://example.com/a?b=1,2 里", 27) ==
        Lines{"一二三四五看", "https://example.com/a?b=1,2", "里"});
  CHECK(split("https://example.com/a?b=1,2", 20) == Lines{"https://example.com/", "a?b=1,2"});
  CHECK(split("请交作业@欧阳修 @李四", 7) == Lines{"请交作业", "@欧阳修", "@李四"});
}

TEST_CASE("split: what people see as one character stays whole where it can") {
  const std::string family = "👨‍👩‍👧‍👦";
  CHECK(split(family + family, 8) == Lines{family, family});
  CHECK(split("e\u0301e\u0301", 3) == Lines{"e\u0301", "e\u0301"});
  CHECK(split("🇨🇳🇨🇳", 3) == Lines{"🇨🇳", "🇨🇳"});
  CHECK(split(family, 3).size() == 3);
}

TEST_CASE("split: labels count and take room") {
  CHECK(split_message("一二三四五六七八九十", {10, Unit::characters}, label) ==
        Lines{"一二三四五六七八九十"});
  CHECK(split_message("一二三四五六七八九十甲", {10, Unit::characters}, label) ==
        Lines{"一二三四五（1/3）", "六七八九十（2/3）", "甲（3/3）"});
  const Lines many = split_message(std::string(100, 'x'), {10, Unit::characters}, label);
  CHECK(many.size() == 34);
  CHECK(many.front() == "xxx（1/34）");
  CHECK(many.back() == "x（34/34）");
}

TEST_CASE("split: no room for labels") {
  CHECK(split_message("一二三", {1, Unit::characters}, label) == Lines{"一", "二", "三"});
  CHECK(split_message("abc", {1, Unit::bytes}, label) == Lines{"a", "b", "c"});
  CHECK(split_message("一二", {1, Unit::bytes}, label) == Lines{"一", "二"});
  CHECK(split_message("一二", {0, Unit::bytes}, label) == Lines{"一", "二"});
  CHECK(split_message(std::string(2000, 'x'), {9, Unit::characters}, label).size() > 200);
}

TEST_CASE("split: random texts keep the limit and lose nothing") {
  Random random(20261123);
  for (int round = 0; round < 600; ++round) {
    const std::string text = random_text(random, 1 + random.below(120));
    const Unit unit = random.below(2) == 0 ? Unit::bytes : Unit::characters;
    const TextLimit limit{(unit == Unit::bytes ? 4 : 1) + random.below(120), unit};
    CAPTURE(text);
    CAPTURE(limit.count);
    const Lines parts = split_message(text, limit, label);
    CHECK(rejoined(parts) == without_spaces(text));
    for (const std::string& part : parts) {
      CHECK(size_of(part, unit) <= limit.count);
      CHECK(utf8::valid(part));
      CHECK((parts.size() == 1 || utf8::trimmed(part) == part));
    }
  }
}

TEST_CASE("split: with room enough no character is torn") {
  Random random(7);
  for (int round = 0; round < 200; ++round) {
    const std::string text = random_text(random, 200);
    std::size_t whole = utf8::character_ends(without_spaces(text)).size();
    for (const std::string& part : split_message(text, {60, Unit::bytes}, no_label)) {
      whole -= utf8::character_ends(without_spaces(part)).size();
    }
    CAPTURE(text);
    CHECK(whole == 0);
  }
}

TEST_CASE("split: damaged text and endless marks end, too") {
  const Lines damaged = split("\xff\xfe\xe4\xb8 abc \x80", 2);
  CHECK(std::ranges::all_of(damaged, [](const std::string& part) { return utf8::length(part) <= 2; }));
  std::string marks;
  for (int i = 0; i < 1000; ++i) marks += "！";
  CHECK(split(marks, 300).size() == 4);
  std::string accents = "a";
  for (int i = 0; i < 1000; ++i) accents += "\u0301";
  CHECK(split(accents, 300).size() == 4);
}
