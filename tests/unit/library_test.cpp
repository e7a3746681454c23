#include "bot/texts/library.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "bot/texts/front_matter.hpp"
#include "tests/support/lines.hpp"
#include "tests/support/temporary_folder.hpp"

namespace fs = std::filesystem;

using bot::split_front_matter;

namespace {

constexpr std::string_view kColumns =
    "[[column]]\nid = \"daily\"\nname = \"每日一课\"\ncourse = \"basics\"\n";

/// A lesson with `line` in place of the line of its front matter that has the same key.
std::string lesson(std::string_view line = "number = 1", std::string_view body = "正文\n") {
  const std::string_view key = line.substr(0, line.find(' '));
  std::string text = "+++\n";
  for (const std::string_view each :
       {"number = 1", "title = \"题\"", "minutes = 3", "question = \"问？\"", "source = \"书\""}) {
    text += std::string(each.starts_with(key) ? line : each) + "\n";
  }
  return text + "+++\n" + std::string(body);
}

/// A temporary content folder.
class ContentFolder : public support::TemporaryFolder {
 public:
  ContentFolder() {
    write("columns.toml", kColumns);
    write("lessons/basics/009-good.md", lesson("number = 9"));
  }

  /// What is reported, a line each, with paths relative to the folder. The good lesson is always there.
  Lines load() {
    bot::Problems problems;
    library = bot::Library::load(root_, problems);
    CHECK(library.lesson(9) != nullptr);
    Lines lines;
    for (const bot::Problem& problem : problems) {
      std::string line = bot::printed(problem);
      const std::string prefix = root_.string() + "/";
      for (auto at = line.find(prefix); at != std::string::npos; at = line.find(prefix)) {
        line.erase(at, prefix.size());
      }
      lines.push_back(line);
    }
    return lines;
  }

  bot::Library library{};
};

/// What is reported for one lesson file `lessons/basics/x.md`, which is then not in the library.
std::string problem_of(std::string_view text) {
  ContentFolder folder;
  folder.write("lessons/basics/x.md", text);
  const Lines lines = folder.load();
  CHECK(folder.library.lessons() == 1);
  REQUIRE(lines.size() == 1);
  REQUIRE(lines.front().starts_with("lessons/basics/x.md:"));
  return lines.front().substr(std::string_view("lessons/basics/x.md:").size());
}

std::string read(const ContentFolder& folder, const std::string& name) {
  const auto text = bot::read_text_file(folder.path(name));
  return text ? *text : "error: " + text.error().detail;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("front matter: the block, the body and the line of the body") {
  const auto parts = split_front_matter("+++\na = 1\nb = 2\n+++\n正文\n");
  REQUIRE(parts.has_value());
  CHECK(parts->toml == "a = 1\nb = 2\n");
  CHECK(parts->body == "正文\n");
  CHECK(parts->body_line == 5);
}

TEST_CASE("front matter: an empty block and an empty body") {
  const auto empty = split_front_matter("+++\n+++\n正文");
  REQUIRE(empty.has_value());
  CHECK(empty->toml == "");
  CHECK(empty->body == "正文");
  CHECK(empty->body_line == 3);
  const auto bodyless = split_front_matter("+++\na = 1\n+++\n");
  REQUIRE(bodyless.has_value());
  CHECK(bodyless->toml == "a = 1\n");
  CHECK(bodyless->body == "");
  CHECK(bodyless->body_line == 4);
}

TEST_CASE("front matter: the closing line may end the file") {
  const auto parts = split_front_matter("+++\na = 1\n+++");
  REQUIRE(parts.has_value());
  CHECK(parts->toml == "a = 1\n");
  CHECK(parts->body == "");
}

TEST_CASE("front matter: what does not begin with a block, or does not close it") {
  for (const std::string text : {"", "正文", "---\na = 1\n---\n", " +++\n+++\n", "+++"}) {
    CAPTURE(text);
    const auto parts = split_front_matter(text);
    REQUIRE(parts.has_error());
    CHECK(parts.error().detail == "the first line is not +++");
  }
  for (const std::string text : {"+++\n", "+++\na = 1\n", "+++\na = 1\n++++\n", "+++\na = 1\n +++\n"}) {
    CAPTURE(text);
    const auto parts = split_front_matter(text);
    REQUIRE(parts.has_error());
    CHECK(parts.error().detail == "the block that begins with +++ is not closed by +++");
  }
}

TEST_CASE("text files: byte order mark and line ends are made equal") {
  ContentFolder folder;
  folder.write("a", "\xef\xbb\xbf+++\r\na\rb\r\n");
  CHECK(read(folder, "a") == "+++\na\nb\n");
  folder.write("empty", "");
  CHECK(read(folder, "empty") == "");
  folder.write("mark", "\xef\xbb\xbf");
  CHECK(read(folder, "mark") == "");
}

TEST_CASE("text files: what is not a whole UTF-8 text file is refused") {
  ContentFolder folder;
  CHECK(read(folder, "none") == "error: not a regular file");
  CHECK(read(folder, "lessons") == "error: not a regular file");
  folder.write("gbk", "\xd1\xa7\xb0\xe9");
  CHECK(read(folder, "gbk") == "error: not UTF-8");
  folder.write("damaged", "学\xef\xbf\xbd");
  CHECK(read(folder, "damaged") == "error: damaged: it contains U+FFFD");
  folder.write("fits", std::string(1024 * 1024, 'a'));
  CHECK(read(folder, "fits").size() == 1024 * 1024);
  folder.write("large", std::string(1024 * 1024 + 1, 'a'));
  CHECK(read(folder, "large") == "error: larger than 1 MiB");
}

TEST_CASE("library: a lesson as it is read") {
  ContentFolder folder;
  folder.write("lessons/basics/002.md", lesson("number = 2", "短 **文**\n\n<!-- more -->\n\n长文\n"));
  CHECK(folder.load() == Lines{});
  const bot::Lesson* two = folder.library.lesson(2);
  REQUIRE(two != nullptr);
  CHECK(two->course == "basics");
  CHECK(two->title == "题");
  CHECK(two->minutes == 3);
  CHECK(two->question == "问？");
  CHECK(two->source == "书");
  CHECK(two->brief == "短 文");
  CHECK(two->body == "长文");
  CHECK(folder.library.lesson(9)->body == "正文");
}

TEST_CASE("library: lessons by number, columns by id") {
  ContentFolder folder;
  folder.write("lessons/basics/a.md", lesson("number = 12"));
  folder.write("lessons/other/b.md", lesson("number = 3"));
  folder.write("lessons/basics/notes.txt", "no lesson");
  CHECK(folder.load() == Lines{});
  const auto& basics = folder.library.course("basics");
  REQUIRE(basics.size() == 2);
  CHECK(basics[0].number == 9);
  CHECK(basics[1].number == 12);
  CHECK(folder.library.course("none").empty());
  CHECK(folder.library.lessons() == 3);
  CHECK(folder.library.lesson(3)->course == "other");
  for (const std::int64_t none : {-1, 0, 1, 10, 13}) CHECK(folder.library.lesson(none) == nullptr);
  REQUIRE(folder.library.column("daily") != nullptr);
  CHECK(folder.library.column("daily")->name == "每日一课");
  CHECK(folder.library.column("none") == nullptr);
}

TEST_CASE("library: what a key must be") {
  CHECK(problem_of(lesson("number = 0")) ==
        "2: \"number\" must be a whole number above 0 — write number = 1");
  CHECK(problem_of(lesson("number = -1")) ==
        "2: \"number\" must be a whole number above 0 — write number = 1");
  CHECK(problem_of(lesson("number = \"1\"")) ==
        "2: \"number\" must be a whole number above 0 — write number = 1");
  CHECK(problem_of(lesson("minutes = 1.5")) ==
        "4: \"minutes\" must be a whole number above 0 — write minutes = 1");
  CHECK(problem_of(lesson("title = 5")) == "3: \"title\" is not a text — write title = \"…\"");
  CHECK(problem_of(lesson("title = \" \"")) == "3: \"title\" is empty — write what people shall read");
  CHECK(problem_of(lesson("question = \"\"")) == "5: \"question\" is empty — write what people shall read");
  CHECK(problem_of(lesson("source = \"书\"\nsuorce = \"x\"")) ==
        "7: unknown key \"suorce\" — did you mean \"source\"?");
  CHECK(problem_of(lesson("title =")).starts_with("3: "));
}

TEST_CASE("library: what is missing") {
  CHECK(problem_of("+++\nnumber = 1\nminutes = 1\nquestion = \"问\"\n+++\n文\n") ==
        "2: \"title\" is missing — add a line title = \"…\"");
  CHECK(problem_of("+++\ntitle = \"题\"\nminutes = 1\nquestion = \"问\"\n+++\n文\n") ==
        "2: \"number\" must be a whole number above 0 — write number = 1");
}

TEST_CASE("library: a file that is no lesson") {
  const std::string todo = " — a lesson begins with +++, a few lines such as title = \"…\", and +++";
  CHECK(problem_of("正文\n") == "1: the first line is not +++" + todo);
  CHECK(problem_of("") == "1: the first line is not +++" + todo);
  CHECK(problem_of("+++\nnumber = 1\n") == "1: the block that begins with +++ is not closed by +++" + todo);
  CHECK(problem_of("\xb0\xe9") == "1: not UTF-8 — save the lesson as a UTF-8 text file");
  CHECK(problem_of(lesson() + "\xef\xbf\xbd") ==
        "1: damaged: it contains U+FFFD — save the lesson as a UTF-8 text file");
}

TEST_CASE("library: the text for the group") {
  CHECK(problem_of(lesson("number = 1", "")) ==
        "8: there is no text for the group — write it below the +++ block");
  CHECK(problem_of(lesson("number = 1", "\n<!-- more -->\n长\n")) ==
        "8: there is no text for the group — write it below the +++ block");
  CHECK(problem_of(lesson("number = 1", repeated("字", 228))) ==
        "8: title, question and group text have 231 characters, 230 fit into one message — shorten them, or "
        "move text below a line <!-- more -->");
  ContentFolder folder;
  folder.write("lessons/basics/fits.md", lesson("number = 1", repeated("字", 227)));
  folder.write("lessons/basics/long.md", lesson("number = 2", "短\n<!-- more -->\n" + repeated("字", 5000)));
  CHECK(folder.load() == Lines{});
  CHECK(folder.library.lessons() == 3);
}

TEST_CASE("library: a number that is taken is named with its line and the other file") {
  ContentFolder folder;
  folder.write("lessons/basics/010-again.md",
               "+++\ntitle = \"题\"\nnumber = 9\nminutes = 1\nquestion = \"问\"\n+++\n文\n");
  CHECK(folder.load() == Lines{"lessons/basics/010-again.md:3: number 9 is already taken by "
                               "lessons/basics/009-good.md — give this lesson a number of its own"});
  CHECK(folder.library.lessons() == 1);
}

TEST_CASE("library: several bad lessons are all named") {
  ContentFolder folder;
  folder.write("lessons/basics/x.md", "x");
  folder.write("lessons/other/y.md", "y");
  CHECK(folder.load().size() == 2);
}

TEST_CASE("library: a link or a pipe among the lessons is named, neither followed nor waited for") {
  ContentFolder folder;
  folder.write("outside.md", lesson("number = 5"));
  fs::create_symlink(folder.path("outside.md"), folder.path("lessons/basics/link.md"));
  fs::create_directory_symlink(folder.path("lessons"), folder.path("lessons/loop"));
  REQUIRE(mkfifo(folder.path("lessons/basics/pipe.md").c_str(), 0600) == 0);
  CHECK(folder.load() ==
        Lines{"lessons/basics/link.md:1: not a regular file — save the lesson as a UTF-8 text file",
              "lessons/basics/pipe.md:1: not a regular file — save the lesson as a UTF-8 text file"});
  CHECK(folder.library.lesson(5) == nullptr);
}

TEST_CASE("library: mistakes in columns.toml are named with their line") {
  ContentFolder folder;
  folder.write(
      "columns.toml",
      "[[column]]\nid = \"a\"\nname = \"甲\"\nabuot = \"x\"\n\n[[column]]\nid = \"a\"\nname = \"乙\"\n\n"
      "[[column]]\nid = \"b\"\n");
  CHECK(folder.load() == Lines{"columns.toml:4: unknown key \"abuot\" — did you mean \"about\"?",
                               "columns.toml:6: column \"a\" is there twice — keep one of the two",
                               "columns.toml:10: \"name\" is missing — add a line name = \"…\""});
  folder.write("columns.toml", "[[column]]\nid = \n");
  const Lines lines = folder.load();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].starts_with("columns.toml:2: "));
}

TEST_CASE("library: a column that names a course without lessons is named with its line") {
  ContentFolder folder;
  folder.write("columns.toml", "\ncolumn = [{ id = \"b\", name = \"乙\", course = \"none\" }]\n");
  CHECK(folder.load() ==
        Lines{"columns.toml:2: column \"b\" names the course \"none\", which has no lesson — "
              "put lessons into lessons/none/ or leave `course` out"});
}

TEST_CASE("library: a mistyped table in columns.toml is named") {
  ContentFolder folder;
  folder.write("columns.toml", "[[colum]]\nid = \"a\"\nname = \"甲\"\n");
  const Lines lines = folder.load();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].starts_with("columns.toml:1: "));
}

TEST_CASE("library: without columns.toml or lessons there is a problem, not a crash") {
  ContentFolder folder;
  fs::remove(folder.path("columns.toml"));
  CHECK(folder.load() == Lines{"columns.toml: not a regular file — the content folder needs a columns.toml"});
  bot::Problems problems;
  CHECK(bot::Library::load(folder.path("nowhere"), problems).lessons() == 0);
  CHECK(problems.size() == 1);
}
