#include "bot/people/roster.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "bot/people/roster_date.hpp"

using bot::read_roster;
using bot::ReadRoster;
using bot::RosterRow;

namespace {

using Lines = std::vector<std::string>;

ReadRoster roster_of(std::string_view bytes) {
  return read_roster(bytes, "people.csv");
}

Lines problems_of(std::string_view bytes) {
  Lines lines;
  for (const bot::Problem& problem : roster_of(bytes).problems) lines.push_back(bot::printed(problem));
  return lines;
}

/// What is wrong with one person's cell below this header.
Lines problems_of(std::string_view header, std::string_view cell) {
  return problems_of(fmt::format("姓名,{}\n王小明,{}\n", header, cell));
}

std::string day(std::string_view text) {
  const auto date = bot::read_roster_date(text);
  return date ? iso_date(*date) : "none";
}

std::vector<RosterRow> without_lines(std::vector<RosterRow> rows) {
  for (RosterRow& row : rows) row.line = 0;
  return rows;
}

const std::vector<RosterRow> kPeople = {
    {.name = "王小明",
     .account = "qq",
     .user = "10001",
     .group = "初心学习群",
     .category = "教师",
     .tags = {"新入职", "90后", "党小组二"},
     .unit = "第一支部",
     .birthday = "1990/3/5",
     .joined = "2021-09-01",
     .left = "2024-06-30",
     .role = "骨干"},
    {.name = "=HYPERLINK(\"http://example.org\")", .user = "ou_A-1", .birthday = "农历八月十五"},
    {.name = "Zoë, \"Z\"", .account = "wecom", .user = "10001"}};

}  // namespace

TEST_CASE("a roster is read by its Chinese names and by its English ones") {
  const ReadRoster chinese = roster_of(
      "姓名,平台账号,QQ号,所在群,类别,标签,支部,生日,入群,离群,角色\n"
      "王小明,qq,10001,初心学习群,教师,新入职、90后；党小组二 "
      "新入职,第一支部,1990/3/5,2021年9月1日,2024/6/30 "
      "0:00,骨干\n");
  CHECK(chinese.problems.empty());
  REQUIRE(chinese.rows.size() == 1);
  CHECK(chinese.rows[0].line == 2);
  CHECK(without_lines(chinese.rows)[0] == kPeople[0]);

  const ReadRoster english = roster_of(
      "Role;Leave date;Join date;Date of birth;Unit;Tags;Category;Group;User ID;Account;Full name\n"
      "骨干;2024.6.30;20210901;1990/3/"
      "5;第一支部;\"新入职,90后,党小组二\";教师;初心学习群;１０００１;qq;王小明\n");
  CHECK(english.problems.empty());
  CHECK(without_lines(english.rows) == std::vector<RosterRow>{kPeople[0]});
}

TEST_CASE("a roster that Excel saved as GB18030 is read") {
  const ReadRoster roster = roster_of("\xd0\xd5\xc3\xfb,QQ\r\n\xcd\xf5\xd0\xa1\xc3\xf7,10001\r\n");
  REQUIRE(roster.rows.size() == 1);
  CHECK(roster.rows[0].name == "王小明");
  CHECK(roster.rows[0].user == "10001");
}

TEST_CASE("a cell is one line without marks that nobody sees") {
  const ReadRoster roster = roster_of("姓名,QQ,标签\n\"\u202d王\n小明\u202c\",\u200b10001,\"a\nb　c\"\n");
  REQUIRE(roster.rows.size() == 1);
  CHECK(roster.rows[0].name == "王 小明");
  CHECK(roster.rows[0].user == "10001");
  CHECK(roster.rows[0].tags == Lines{"a", "b", "c"});
}

TEST_CASE("what is written is read back") {
  for (const char* language : {"zh-CN", "en"}) {
    CAPTURE(language);
    const std::string csv = bot::write_roster(kPeople, language);
    const ReadRoster back = roster_of(csv);
    CHECK(back.problems.empty());
    CHECK(without_lines(back.rows) == kPeople);
    CHECK(bot::write_roster(back.rows, language) == csv);
  }
  CHECK(bot::write_roster({}, "zh-CN") ==
        "\xef\xbb\xbf姓名,平台账号,号码,群,类别,标签,单位,生日,入群,离群,角色\r\n");
  CHECK(bot::write_roster({}, "en") ==
        "\xef\xbb\xbfname,account,user,group,category,tags,unit,birthday,joined,left,role\r\n");
}

TEST_CASE("a formula in a name is inert in the file, and the name is what it was") {
  const std::string csv = bot::write_roster({kPeople[1]}, "zh-CN");
  CHECK(csv.find("\r\n\"'=HYPERLINK(") != std::string::npos);
  CHECK(roster_of(csv).rows[0].name == kPeople[1].name);
}

TEST_CASE("a name must be a name") {
  CHECK(problems_of("姓名,QQ\n,10001\n").empty());
  CHECK(problems_of("姓名,QQ,群\n,,一班\n") ==
        Lines{"people.csv:2: column A \"姓名\": is empty — write the name, or delete the row"});
  CHECK(
      problems_of("姓名\n王?明\n") ==
      Lines{
          "people.csv:2: column A \"姓名\": \"王?明\" has lost characters — type the name again and save as "
          "\"CSV UTF-8\""});
  CHECK(problems_of("姓名\n10001\n") ==
        Lines{"people.csv:2: column A \"姓名\": \"10001\" is a number, not a name — write the name"});
}

TEST_CASE("an id that Excel changed is refused, with the way to avoid it") {
  const auto said = [](std::string_view id) {
    return Lines{
        fmt::format("people.csv:2: column B \"QQ\": \"{}\" is what Excel made of an id — format the whole "
                    "column as text, type the ids again and save",
                    id)};
  };
  CHECK(problems_of("QQ", "1.23457E+11") == said("1.23457E+11"));
  CHECK(problems_of("QQ", "1E+12") == said("1E+12"));
  CHECK(problems_of("QQ", "10001.0") == said("10001.0"));
  CHECK(problems_of("QQ", "\"10,001\"") == said("10,001"));
  CHECK(problems_of("QQ", "10001 10002") ==
        Lines{"people.csv:2: column B \"QQ\": \"10001 10002\" holds a blank — write one id"});
  for (const char* id : {"12E5", "E123", "=\"000123456789012\"", "wang.xiaoming", "1e"}) {
    CAPTURE(id);
    CHECK(problems_of("QQ", id).empty());
  }
}

TEST_CASE("an id is in one row of an account") {
  CHECK(problems_of("姓名,账号,平台账号\n王小明,10001,qq\n李雷,10001,wecom\n韩梅梅,10001,qq\n") ==
        Lines{"people.csv:4: column B \"账号\": \"10001\" is in row 2 already — keep one of the two rows"});
  CHECK(problems_of("姓名,账号\n王小明,\n李雷,\n").empty());
}

TEST_CASE("a day must be a day") {
  CHECK(
      problems_of("生日", "1990-13-40") ==
      Lines{
          "people.csv:2: column B \"生日\": \"1990-13-40\" is not a day — write it as 1990-03-05, 3月5日 or "
          "农历八月十五"});
  CHECK(
      problems_of("生日", "32937") ==
      Lines{"people.csv:2: column B \"生日\": \"32937\" is not a day but Excel's number of one — format the "
            "column as a date and save again"});
  CHECK(
      problems_of("入群", "9月1日") ==
      Lines{"people.csv:2: column B \"入群\": \"9月1日\" is not a day — write it as 2021-09-01 or 2021/9/1"});
  CHECK(problems_of("姓名,入群,离群\n王小明,2021/9/1,2021/8/31\n") ==
        Lines{"people.csv:2: column C \"离群\": 2021-08-31 is before column B \"入群\", 2021-09-01 — correct "
              "one of "
              "them"});
  CHECK(problems_of("生日", "农历八月十五").empty());
  CHECK(problems_of("生日", "農曆八月十五").empty());
}

TEST_CASE("what Excel could not show is refused") {
  CHECK(
      problems_of("生日", "########") ==
      Lines{
          "people.csv:2: column B \"生日\": Excel saved ######## instead of what the cell holds — widen the "
          "column or correct the formula, and save again"});
  CHECK(problems_of("姓名,单位\n#NAME?,#N/A\n").size() == 2);
}

TEST_CASE("names and ids in each other's columns are said once") {
  const std::string csv = "姓名,QQ\n10001,王小明\n10002,李雷\n";
  CHECK(problems_of(csv) ==
        Lines{"people.csv:2: column A \"姓名\": \"10001\" is an id, and the name is in column B "
              "\"QQ\" (rows like this: 2) — exchange the two headers"});
  CHECK(roster_of(csv).rows.empty());
}

TEST_CASE("everything that is wrong is said at once, and the other rows are read") {
  const std::string csv =
      "姓名,QQ,生日,性别\n"
      "王?明,1.2E+11,2月30日,男\n"
      "李雷,10002,2月29日,男\n";
  CHECK(problems_of(csv).size() == 4);
  REQUIRE(roster_of(csv).rows.size() == 1);
  CHECK(roster_of(csv).rows[0].line == 3);
  CHECK(problems_of(csv)[0] ==
        "people.csv:1: warning: column D \"性别\" is not known and not read — did you mean \"类别\"?");
}

TEST_CASE("days are read in the forms that people and Excel use") {
  for (const char* text : {"1990-03-05", "1990/3/5", "1990.3.5", "1990年3月5日", "19900305",
                           " 1990/03/05 0:00:00", "１９９０／３／５", "1990-3-5号"}) {
    CAPTURE(text);
    CHECK(day(text) == "1990-03-05");
  }
  for (const char* text : {"3月5日", "3月5号", "3-5", "03/05"}) {
    CAPTURE(text);
    CHECK(day(text) == "03-05");
  }
  CHECK(day("2月29日") == "02-29");
  CHECK(day("2000-02-29") == "2000-02-29");
  for (const char* text :
       {"", "-", "3.10", "1990-02-29", "1899-01-01", "2200-01-01", "90-3-5", "5/3/1990", "1990-3", "3月",
        "5-Mar", "1990-3-5-1", "0-5", "-3-5", "1990--5", "3-5-", "199003051", "明天", "3-5 早上"}) {
    CAPTURE(text);
    CHECK(day(text) == "none");
  }
}

TEST_CASE("thirty thousand people are read") {
  std::vector<RosterRow> people;
  for (int row = 0; row < 30'000; ++row) {
    people.push_back(kPeople[0]);
    people.back().user = std::to_string(10'000 + row);
  }
  const ReadRoster roster = roster_of(bot::write_roster(people, "zh-CN"));
  CHECK(roster.problems.empty());
  CHECK(without_lines(roster.rows) == people);
}
