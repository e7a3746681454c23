#include "bot/texts/texts.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/log.hpp"
#include "bot/base/utf8.hpp"
#include "bot/texts/markdown.hpp"
#include "bot/texts/pages.hpp"
#include "bot/texts/tokens.hpp"
#include "tests/support/lines.hpp"
#include "tests/support/temporary_folder.hpp"

namespace fs = std::filesystem;

using bot::chat_text;
using bot::compact_form;
using bot::normal_form;
using bot::pages_of;
using bot::Texts;
using bot::Values;

namespace {

/// A temporary words folder, and how sentences of it are rendered.
class WordsFolder : public support::TemporaryFolder {
 public:
  WordsFolder() { bot::log::to_nowhere(); }

  /// What is reported, a line each, with paths relative to the folder.
  Lines load() {
    bot::Problems problems;
    texts = Texts::load(root_, problems);
    Lines lines;
    for (const bot::Problem& problem : problems) {
      std::string line = bot::printed(problem);
      if (line.starts_with(root_.string())) line.erase(0, root_.string().size() + 1);
      lines.push_back(line);
    }
    return lines;
  }

  std::string render(const std::string& key, Values values = {}, const std::string& language = "zh-CN") {
    return texts.render(language, {key, std::move(values)}, random);
  }

  Texts texts{};
  bot::Random random{1};
};

/// One sentence with its values.
std::string rendered(std::string_view pattern, Values values) {
  WordsFolder folder;
  folder.write("zh-CN/a.toml", "[replies]\n\"k\" = '''" + std::string(pattern) + "'''\n");
  CHECK(folder.load() == Lines{});
  return folder.render("k", std::move(values));
}

}  // namespace

TEST_CASE("texts: verbs, names, help and sentences of all files of a language") {
  WordsFolder folder;
  folder.write("zh-CN/a.toml",
               "[verbs]\n\"ping\" = [\"在吗\", \"ping\"]\n[help]\n\"ping\" = \"在吗：看我在不在\"\n"
               "[names]\nbot = \"学伴\"\n[replies]\n\"ping.pong\" = \"在\"\n");
  folder.write("zh-CN/b.toml", "[replies]\n\"b\" = \"乙\"\n");
  folder.write("zh-CN/notes.txt", "not TOML");
  folder.write("README", "not a language");
  CHECK(folder.load() == Lines{});
  const bot::Words& words = folder.texts.words("zh-CN");
  CHECK(words.verbs.at("ping") == Lines{"在吗", "ping"});
  CHECK(words.help.at("ping") == "在吗：看我在不在");
  CHECK(words.names.at("bot") == Lines{"学伴"});
  CHECK(folder.render("ping.pong") == "在");
  CHECK(folder.render("b") == "乙");
  CHECK(folder.texts.languages().size() == 1);
}

TEST_CASE("texts: every variant is said") {
  WordsFolder folder;
  folder.write("zh-CN/a.toml", "[replies]\n\"k\" = [\"甲\", \"乙\", \"丙\"]\n");
  CHECK(folder.load() == Lines{});
  std::set<std::string> heard;
  for (int i = 0; i < 100; ++i) heard.insert(folder.render("k"));
  CHECK(heard == std::set<std::string>{"甲", "乙", "丙"});
}

TEST_CASE("texts: sections for yes, no and lists") {
  const std::string pattern =
      "{{#up}}在{{/up}}{{^up}}不在{{/up}}：{{#list}}{{n}}、{{/list}}{{^list}}无{{/list}}";
  const std::vector<Values> list{Values{{"n", "1"}}, Values{{"n", "2"}}};
  CHECK(rendered(pattern, {{"up", true}, {"list", list}}) == "在：1、2、");
  CHECK(rendered(pattern, {{"up", false}, {"list", std::vector<Values>{}}}) == "不在：无");
  CHECK(rendered(pattern, {}) == "不在：无");
}

TEST_CASE("texts: numbers and flags are set by name") {
  Values values;
  values.set("number", std::int64_t{-5}).set("flag", true).set("text", "x");
  CHECK(rendered("{{number}} {{#flag}}{{text}}{{/flag}}", values) == "-5 x");
}

TEST_CASE("texts: a value is never read as a pattern, nor escaped") {
  const Values values{{"name", "{{secret}} {balance}%s <b>&amp;\"'</b> {{{secret}}} {{#s}}"},
                      {"secret", "hunter2"}};
  CHECK(rendered("{{name}}。", values) == "{{secret}} {balance}%s <b>&amp;\"'</b> {{{secret}}} {{#s}}。");
  const std::vector<Values> people{Values{{"name", "<{{secret}}>"}}};
  CHECK(rendered("{{#people}}{{name}}{{/people}}", {{"people", people}, {"secret", "x"}}) == "<{{secret}}>");
}

TEST_CASE("texts: a missing value is empty, and the ends are trimmed") {
  CHECK(rendered("\n  甲{{nothing}}乙\n\n", {}) == "甲乙");
}

TEST_CASE("texts: another language, then Chinese, then the key") {
  WordsFolder folder;
  folder.write("zh-CN/a.toml", "[replies]\n\"both\" = \"两\"\n\"one\" = \"一\"\n[names]\nbot = \"学伴\"\n");
  folder.write("en/a.toml", "[replies]\n\"both\" = \"both\"\n");
  CHECK(folder.load() == Lines{});
  CHECK(folder.render("both", {}, "en") == "both");
  CHECK(folder.render("one", {}, "en") == "一");
  CHECK(folder.render("both", {}, "fr") == "两");
  CHECK(folder.render("none", {}, "en") == "none");
  CHECK(folder.texts.has("en", "both"));
  CHECK_FALSE(folder.texts.has("en", "one"));
  CHECK(folder.texts.words("fr").names.at("bot") == Lines{"学伴"});
  CHECK(folder.texts.words("en").names.empty());
}

TEST_CASE("texts: a sentence has at most 20,000 bytes") {
  std::string value;
  while (value.size() < 30'000) value += "学";
  const std::string said = rendered("{{v}}", {{"v", value}});
  CHECK(said.size() == 19'998);
  CHECK(bot::utf8::valid(said));
}

TEST_CASE("texts: a mistake is named with its line, and the rest is kept") {
  WordsFolder folder;
  folder.write("zh-CN/a.toml",
               "[replies]\n\"good\" = \"好\"\n\"bad\" = \"{{#open}}\"\n\"number\" = 5\n[verb]\nx = \"y\"\n");
  folder.write("zh-CN/b.toml", "[replies]\n\"x\" = \n");
  folder.write("zh-CN/c.toml", "stray = \"x\"\n[replies]\n\"c\" = \"丙\"\n");
  const Lines lines = folder.load();
  REQUIRE(lines.size() == 5);
  CHECK(lines[0].starts_with("zh-CN/a.toml:3: pattern: "));
  CHECK(lines[1] == "zh-CN/a.toml:4: a text or a list of texts is needed — write \"…\"");
  CHECK(lines[2] ==
        "zh-CN/a.toml:5: unknown table [verb] — a words file has [verbs], [replies], [help] and [names]");
  CHECK(lines[3].starts_with("zh-CN/b.toml:2: "));
  CHECK(lines[4] ==
        "zh-CN/c.toml:1: \"stray\" stands outside the tables — move it below [verbs], [replies], [help] or "
        "[names]");
  CHECK(folder.render("good") == "好");
  CHECK(folder.render("c") == "丙");
  CHECK(folder.render("bad") == "bad");
}

TEST_CASE("texts: a bad pattern among variants is named with its own line") {
  WordsFolder folder;
  folder.write("zh-CN/a.toml", "[replies]\n\"k\" = [\n  \"甲\",\n  \"{{#open}}\",\n]\n");
  const Lines lines = folder.load();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].starts_with("zh-CN/a.toml:4: pattern: "));
  CHECK(folder.render("k") == "甲");
}

TEST_CASE("texts: a key in two files is named, and the first one is kept") {
  WordsFolder folder;
  folder.write("zh-CN/a.toml", "[replies]\n\"k\" = \"甲\"\n[verbs]\n\"v\" = \"甲\"\n");
  folder.write("zh-CN/b.toml", "[verbs]\n\"v\" = \"乙\"\n\n[replies]\n\"k\" = \"乙\"\n");
  const Lines lines = folder.load();
  CHECK(std::set<std::string>(lines.begin(), lines.end()) ==
        std::set<std::string>{
            "zh-CN/b.toml:2: \"v\" is already in another file of this language — keep one of the two",
            "zh-CN/b.toml:5: \"k\" is already in another file of this language — keep one of the two"});
  CHECK(folder.render("k") == "甲");
  CHECK(folder.texts.words("zh-CN").verbs.at("v") == Lines{"甲"});
}

TEST_CASE("texts: a folder without Chinese words is a problem, not a crash") {
  WordsFolder folder;
  folder.write("en/a.toml", "[replies]\n\"k\" = \"x\"\n");
  const Lines lines = folder.load();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("no folder \"zh-CN\" with words") != std::string::npos);
  CHECK(folder.texts.words("zh-CN").verbs.empty());
  CHECK(folder.render("nothing") == "nothing");
}

TEST_CASE("texts: words from outside the folder are not read") {
  WordsFolder folder;
  folder.write("zh-CN/a.toml", "[replies]\n\"k\" = \"甲\"\n");
  folder.write("outside", "[replies]\n\"stolen\" = \"乙\"\n");
  fs::create_symlink(folder.path("outside"), folder.path("zh-CN/link.toml"));
  const Lines lines = folder.load();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].starts_with("zh-CN/link.toml"));
  CHECK(folder.render("stolen") == "stolen");
}

TEST_CASE("tokens: the normal form folds width, case, marks and traditional characters") {
  CHECK(normal_form("／打 卡！") == "/打 卡!");
  CHECK(normal_form("學伴") == "学伴");
  CHECK(normal_form("Ｌ１２") == "l12");
  CHECK(normal_form("學\u200b伴\ufeff") == "学伴");
  CHECK(normal_form("LESSON") == "lesson");
  CHECK(normal_form("") == "");
}

TEST_CASE("tokens: the compact form keeps letters and digits") {
  CHECK(compact_form("／打 卡！") == "打卡");
  CHECK(compact_form("今日一課 😀👍🏽") == "今日一课");
  CHECK(compact_form("《今日一课》。") == "今日一课");
  CHECK(compact_form(" L-12 ") == "l12");
  CHECK(compact_form("打\u200b卡") == "打卡");
  CHECK(compact_form("打\n卡") == "打卡");
}

TEST_CASE("tokens: a leading sign stays") {
  CHECK(compact_form("+1") == "+1");
  CHECK(compact_form("＋１") == "+1");
  CHECK(compact_form(" -1！") == "-1");
  CHECK(compact_form("1") == "1");
  CHECK(compact_form("1+1") == "11");
}

TEST_CASE("tokens: a text of nothing but marks keeps them") {
  CHECK(compact_form("?") == "?");
  CHECK(compact_form("？") == "?");
  CHECK(compact_form("。") == "。");
  CHECK(compact_form(" ！！ ") == "!!");
  CHECK(compact_form("+") == "+");
  CHECK(compact_form("😀") == "😀");
  CHECK(compact_form("") == "");
  CHECK(compact_form("\u200b") == "");
}

TEST_CASE("markdown: paragraphs, soft breaks and hard breaks are lines") {
  CHECK(chat_text("甲\n乙\n\n丙  \n丁\n") == "甲\n乙\n丙\n丁");
  CHECK(chat_text("") == "");
  CHECK(chat_text("\n\n") == "");
}

TEST_CASE("markdown: marks are gone, words stay") {
  CHECK(chat_text("**粗**、*斜*、~~删~~、`码 *x*`、\\*星") == "粗、斜、删、码 *x*、*星");
  CHECK(chat_text("> 引用\n\n---\n\n后") == "引用\n后");
  CHECK(chat_text("# 标题\n正文") == "▎标题\n正文");
  CHECK(chat_text("一\n\n## 二\n### 三") == "一\n▎二\n▎三");
}

TEST_CASE("markdown: lists, also nested and from another number") {
  CHECK(chat_text("- 甲\n- 乙") == "• 甲\n• 乙");
  CHECK(chat_text("3. 甲\n4. 乙") == "3. 甲\n4. 乙");
  CHECK(chat_text("- 甲\n  - 一\n  - 二\n- 乙") == "• 甲\n  • 一\n  • 二\n• 乙");
  CHECK(chat_text("1. 甲\n   - 一\n2. 乙") == "1. 甲\n  • 一\n2. 乙");
  CHECK(chat_text("- 甲\n\n- 乙\n\n后") == "• 甲\n• 乙\n后");
  CHECK(chat_text("- 甲\n\n  又\n- 乙") == "• 甲\n又\n• 乙");
}

TEST_CASE("markdown: what follows an empty list item is a line of its own") {
  CHECK(chat_text("- 甲\n-\n\n后") == "• 甲\n•\n后");
}

TEST_CASE("markdown: a link shows its address once") {
  CHECK(chat_text("见[原文](https://example.org/a)。") == "见原文 (https://example.org/a)。");
  CHECK(chat_text("<https://example.org>") == "https://example.org");
  CHECK(chat_text("https://example.org/a") == "https://example.org/a");
  CHECK(chat_text("[https://example.org](https://example.org)") == "https://example.org");
  CHECK(chat_text("[空]()") == "空");
  CHECK(chat_text("![图](a.png)") == "图");
}

TEST_CASE("markdown: a link may begin with a line break") {
  CHECK(chat_text("甲   [\n文](https://example.org)") == "甲\n文 (https://example.org)");
  CHECK_NOTHROW(chat_text("甲   [\n](u)"));
}

TEST_CASE("markdown: an address that was typed bare stays as it was typed") {
  CHECK(chat_text("www.example.org") == "www.example.org");
  CHECK(chat_text("写信给 someone@example.org") == "写信给 someone@example.org");
}

TEST_CASE("markdown: tables are rows of words") {
  CHECK(chat_text("| 甲 | 乙 |\n|---|---|\n| 1 | 2 |\n") == "甲 乙\n1 2");
}

TEST_CASE("markdown: code keeps its lines") {
  CHECK(chat_text("看：\n```\na = 1\n\n  b*c*\n```\n后") == "看：\na = 1\n\n  b*c*\n后");
}

TEST_CASE("markdown: HTML is text, entities are what they stand for") {
  CHECK(chat_text("<b>甲</b> <script>") == "<b>甲</b> <script>");
  CHECK(chat_text("<div>甲</div>") == "<div>甲</div>");
  CHECK(chat_text("a & b < c") == "a & b < c");
  CHECK(chat_text("a &amp; b &lt; c") == "a & b < c");
}

TEST_CASE("pages: one page when everything fits, exactly too") {
  CHECK(pages_of("", 10, 3) == Lines{""});
  CHECK(pages_of("\n\n", 10, 3) == Lines{""});
  CHECK(pages_of("一二三四五", 5, 1) == Lines{"一二三四五"});
  CHECK(pages_of("一二\n四五", 5, 2) == Lines{"一二\n四五"});
}

TEST_CASE("pages: cut at line ends") {
  CHECK(pages_of("一二\n四五", 4, 9) == Lines{"一二", "四五"});
  CHECK(pages_of("一\n二\n三\n四\n五", 99, 2) == Lines{"一\n二", "三\n四", "五"});
  CHECK(pages_of("一\n二", 99, 1) == Lines{"一", "二"});
}

TEST_CASE("pages: a long line is cut at sentence ends") {
  CHECK(pages_of("一二。三四！五六？", 6, 9) == Lines{"一二。三四！", "五六？"});
  CHECK(pages_of("零\n一二。三四。", 5, 9) == Lines{"零\n一二。", "三四。"});
}

TEST_CASE("pages: a sentence longer than a page is cut within") {
  CHECK(pages_of("一二三四五", 2, 9) == Lines{"一二", "三四", "五"});
  CHECK(pages_of("一二", 1, 1) == Lines{"一", "二"});
  CHECK(pages_of("一二", 0, 0) == Lines{"一", "二"});
}

TEST_CASE("pages: nothing is lost, and no page is over its limits") {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    text += "第" + std::to_string(i) + "句。又一句！\n";
    if (i % 7 == 0) text += "\n";
    if (i % 5 == 0) text += std::string(70, 'x') + "\n";
  }
  const auto without_breaks = [](std::string all) {
    std::erase(all, '\n');
    return all;
  };
  for (const std::size_t characters : {1U, 7U, 60U, 300U}) {
    for (const std::size_t lines : {1U, 3U, 12U}) {
      CAPTURE(characters);
      CAPTURE(lines);
      std::string joined;
      for (const std::string& page : pages_of(text, characters, lines)) {
        CHECK(bot::utf8::length(page) <= characters);
        CHECK(static_cast<std::size_t>(std::count(page.begin(), page.end(), '\n')) < lines);
        CHECK_FALSE(bot::utf8::trimmed(page).empty());
        joined += page;
      }
      CHECK(without_breaks(joined) == without_breaks(text));
    }
  }
}
