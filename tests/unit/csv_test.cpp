#include "bot/texts/csv.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "bot/base/encoding.hpp"
#include "bot/base/utf8.hpp"
#include "bot/texts/table.hpp"

using namespace std::string_literals;
using namespace std::string_view_literals;
using bot::Problem;
using bot::Problems;

namespace {

using Cells = std::vector<std::string>;
using Rows = std::vector<Cells>;

struct Table {
  Rows rows{};
  std::vector<std::int64_t> numbers{};
  Cells problems{};  ///< as printed
};

Cells printed(const Problems& problems) {
  Cells lines;
  for (const Problem& problem : problems) lines.push_back(bot::printed(problem));
  return lines;
}

Table table_of(std::string_view bytes) {
  Table table;
  const auto take = [&](const bot::CsvRow& row) {
    table.rows.push_back(row.cells);
    table.numbers.push_back(row.number);
  };
  table.problems = printed(bot::read_csv(bytes, "people.csv", take));
  return table;
}

Rows rows_of(std::string_view bytes) {
  const Table table = table_of(bytes);
  CHECK(table.problems == Cells{});
  return table.rows;
}

std::string csv_of(const Rows& rows) {
  std::string csv;
  for (const Cells& row : rows) bot::append_csv_row(csv, row);
  return csv;
}

/// What a spreadsheet or an editor finds in the file.
std::string written(const std::string& cell) {
  const std::string csv = csv_of({{cell}});
  return csv.substr(3, csv.size() - 5);
}

const Rows kPeople = {{"姓名", "QQ"}, {"王小明", "10001"}};

}  // namespace

TEST_CASE("a file is read in every encoding that Excel saves in China") {
  CHECK(rows_of("姓名,QQ\r\n王小明,10001\r\n") == kPeople);
  CHECK(rows_of("\xef\xbb\xbf姓名,QQ\r\n王小明,10001\r\n") == kPeople);
  CHECK(rows_of("\xd0\xd5\xc3\xfb,QQ\r\n\xcd\xf5\xd0\xa1\xc3\xf7,10001\r\n") == kPeople);
  CHECK(rows_of("\x84\x31\x95\x33\xd0\xd5\xc3\xfb,QQ\n\xcd\xf5\xd0\xa1\xc3\xf7,10001\n") == kPeople);
  CHECK(
      rows_of(
          "\xff\xfe\xd3\x59\x0d\x54\t\0Q\0Q\0\r\0\n\0\x8b\x73\x0f\x5c\x0e\x66\t\0001\0000\0000\0000\0001\0"sv) ==
      kPeople);
  CHECK(
      rows_of(
          "\xfe\xff\x59\xd3\x54\x0d\0\t\0Q\0Q\0\n\x73\x8b\x5c\x0f\x66\x0e\0\t\0001\0000\0000\0000\0001"sv) ==
      kPeople);
}

TEST_CASE("characters that only GB18030 has are read") {
  // 䶮 is in no older Chinese character set; 𠮷 lies outside the first plane.
  CHECK(rows_of("\xcd\xf5\xfe\x9f,\x95\x34\xb2\x35") == Rows{{"王䶮", "𠮷"}});
}

TEST_CASE("what is no text is refused by name") {
  const auto only_problem = [](std::string_view bytes) {
    const Table table = table_of(bytes);
    CHECK(table.rows.empty());
    REQUIRE(table.problems.size() == 1);
    return table.problems[0];
  };
  const std::string again = " — save it from Excel as \"CSV UTF-8\"";
  const std::string workbook = "people.csv: an Excel workbook or another archive, not a text" + again;
  CHECK(only_problem("PK\x03\x04\x14\0\x06"sv) == workbook);
  CHECK(only_problem("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") == workbook);
  CHECK(only_problem("Q\0Q\0\n\0"sv) == "people.csv: not a text" + again);
  CHECK(only_problem("\xff\xfe\x00\xd8\x31\x00"sv) == "people.csv: not UTF-16, or damaged" + again);
  CHECK(only_problem("abc\xff\xff") == "people.csv: neither UTF-8 nor GB18030, or damaged" + again);
  CHECK(only_problem(std::string(bot::kLargestCsv + 1, 'a')) == "people.csv: larger than 20 MiB — split it");
}

TEST_CASE("UTF-8 that somebody damaged is not taken for GB18030") {
  const std::string people = "姓名,QQ\n王小明,10001\n李雷,10002\n";
  for (const std::size_t lost : {std::size_t{11}, people.find("明") + 1, people.find("雷") + 2}) {
    std::string damaged = people;
    damaged.erase(lost, 1);
    if (bot::utf8::valid(damaged)) continue;
    CAPTURE(lost);
    CHECK(bot::text_of_bytes(damaged).error().detail == "damaged UTF-8");
  }
  CHECK(bot::text_of_bytes("\xef\xbb\xbf\xd0\xd5\xc3\xfb").error().detail == "damaged UTF-8");
}

TEST_CASE("the separator is found, or said") {
  CHECK(rows_of("姓名;QQ\n王小明;10001") == kPeople);
  CHECK(rows_of("姓名\tQQ\n王小明\t10001") == kPeople);
  CHECK(rows_of("sep=|\r\n姓名|QQ\r\n王小明|10001") == kPeople);
  CHECK(rows_of("\xef\xbb\xbfSEP=;\r\n姓名;QQ\r\n王小明;10001") == kPeople);
  CHECK(rows_of("姓名,\"a;b;c;d\"\n") == Rows{{"姓名", "a;b;c;d"}});
  CHECK(rows_of("花名册\n姓名;QQ\n") == Rows{{"花名册"}, {"姓名", "QQ"}});
  CHECK(rows_of("姓名\n王小明\n") == Rows{{"姓名"}, {"王小明"}});
}

TEST_CASE("line ends, quotation marks and blanks are read as Excel means them") {
  CHECK(rows_of("a,b\rc,d\r") == Rows{{"a", "b"}, {"c", "d"}});
  CHECK(rows_of("\"a,\"\"b\"\"\",\"第一行\r\n第二行\"\r\nc,d") ==
        Rows{{"a,\"b\"", "第一行\n第二行"}, {"c", "d"}});
  CHECK(rows_of("\"a\"b,c\"d\"") == Rows{{"ab", "c\"d\""}});
  CHECK(rows_of(" a\t,　王小明　,\" b \"") == Rows{{"a", "王小明", "b"}});
  CHECK(rows_of("a,,b,,,\n,,,,\n") == Rows{{"a", "", "b"}});
  CHECK(rows_of("=\"007\",\"=\"\"10001\"\"\"") == Rows{{"007", "10001"}});
  CHECK(rows_of("").empty());
  CHECK(rows_of("\r\n\r\n").empty());
}

TEST_CASE("rows are counted as Excel counts them") {
  CHECK(table_of("a,b\n\"1\n2\",3\n\n\nc\n").numbers == std::vector<std::int64_t>{1, 2, 5});
  CHECK(table_of("sep=;\na;b\nc;d\n").numbers == std::vector<std::int64_t>{1, 2});
}

TEST_CASE("a problem names the row and the column") {
  CHECK(table_of("a,b\nc,\"d\ne,f\n").problems ==
        Cells{"people.csv:2: a quotation mark opens in this row and never closes — close or delete it"});
  CHECK(table_of("a,b\nc,王\xef\xbf\xbd\n").problems ==
        Cells{"people.csv:2: column B has lost characters: it contains U+FFFD — type them again"});
  const Table table = table_of("a,b\n" + std::string(bot::kLongestCsvCell + 1, 'x') + ",y\n");
  CHECK(table.problems ==
        Cells{"people.csv:2: column A holds more than 10000 characters — look for a quotation "
              "mark that is not closed"});
  CHECK(table.rows[1] == Cells{std::string(bot::kLongestCsvCell, 'x'), "y"});
}

TEST_CASE("a hundred thousand rows are the end, however many blank ones lie between") {
  std::string full;
  for (std::size_t row = 0; row < bot::kMostCsvRows; ++row) full += "a\n\n";
  CHECK(table_of(full + ",,\n").problems.empty());
  const Table table = table_of(full + "a\n");
  CHECK(table.rows.size() == bot::kMostCsvRows);
  CHECK(table.problems.size() == 1);
}

TEST_CASE("a cell that a spreadsheet would compute is written as text") {
  CHECK(written("=HYPERLINK(\"http://example.org\")") == "\"'=HYPERLINK(\"\"http://example.org\"\")\"");
  CHECK(written("+8613800000000") == "'+8613800000000");
  CHECK(written("-1") == "'-1");
  CHECK(written("@SUM(A1)") == "'@SUM(A1)");
  CHECK(written("＝1+1") == "'＝1+1");
  CHECK(written("\t=1+1") == "'=1+1");
  CHECK(written("\r=1+1") == "'=1+1");
  CHECK(written("'=1+1") == "''=1+1");
  CHECK(written("'tis") == "'tis");
  CHECK(written("1+1=2") == "1+1=2");
}

TEST_CASE("what is written opens in Excel and reads back") {
  const Rows rows = {{"sep=;", "a;b", "c\td"},
                     {"=1+1", "'=1+1", "''+1", "-", "@", "＝1", "=\"007\""},
                     {"第一行\n第二行", "\"", "\"\"", ",", "'"},
                     {"", "", "王小明"}};
  const std::string csv = csv_of(rows);
  CHECK(csv.starts_with("\xef\xbb\xbf"));
  CHECK(csv.ends_with("\r\n"));
  CHECK(rows_of(csv) == rows);
  CHECK(rows_of(csv_of({{"Sep=|"}})) == Rows{{"Sep=|"}});
  CHECK(rows_of(csv_of({{"a\0b"s}})) == Rows{{"ab"}});
}

TEST_CASE("columns are called as Excel calls them") {
  CHECK(bot::column_letter(0) == "A");
  CHECK(bot::column_letter(25) == "Z");
  CHECK(bot::column_letter(26) == "AA");
  CHECK(bot::column_letter(701) == "ZZ");
  CHECK(bot::column_letter(702) == "AAA");
}

namespace {

const std::vector<bot::TableColumn> kColumns = {{"name", {"姓名", "name"}, true},
                                                {"day", {"生日", "birthday"}, false}};

struct Named {
  Cells rows{};  ///< "number name day"
  Cells problems{};
};

Named named(std::string_view bytes) {
  Named named;
  const auto take = [&](const bot::TableRow& row) -> Problems {
    named.rows.push_back(fmt::format("{} {} {}", row.number(), row["name"], row["day"]));
    return row["day"] == "?" ? Problems{row.error("day", "is odd", "ask")} : Problems{};
  };
  named.problems = printed(bot::read_table(bytes, "people.csv", kColumns, take));
  return named;
}

}  // namespace

TEST_CASE("a column is known by any of its names, however it is typed") {
  for (const char* header : {"姓名,生日", "　姓 名 ：,生日（必填）", "NAME,Birthday *", "name,生 日(公历)"}) {
    CAPTURE(header);
    const Named table = named(std::string(header) + "\n王小明,3-5\n");
    CHECK(table.rows == Cells{"2 王小明 3-5"});
    CHECK(table.problems.empty());
  }
  CHECK(named("生日,姓名\n3-5,王小明\n").rows == Cells{"2 王小明 3-5"});
  CHECK(named("姓名\n王小明\n").rows == Cells{"2 王小明 "});
}

TEST_CASE("a title may stand above the header") {
  CHECK(named("学习小组花名册,,\n,,\n姓名,生日\n王小明,3-5\n").rows == Cells{"4 王小明 3-5"});
  CHECK(named("a\nb\nc\nd\ne\n姓名\n").problems.size() == 1);
}

TEST_CASE("a table says everything that is wrong with it") {
  CHECK(named("姓名,生曰,电话\n王小明,3-5\n").problems ==
        Cells{"people.csv:1: warning: column B \"生曰\" is not known and not read — did you mean \"生日\"?",
              "people.csv:1: warning: column C \"电话\" is not known and not read — known here: 姓名, 生日"});
  CHECK(named("姓名,name\n王小明,王小明\n").problems ==
        Cells{"people.csv:1: columns A \"姓名\" and B \"name\" mean the same — delete one of them"});
  CHECK(
      named("姓名,生日\n王小明,3-5,6\n李雷,?\n").problems ==
      Cells{
          "people.csv:2: column C holds \"6\" but has no name — name the column, or put a cell with a comma "
          "in quotation marks",
          "people.csv:3: column B \"生日\": is odd — ask"});
  CHECK(named("生日\n3-5\n").problems == Cells{"people.csv: no row at the top has the column \"姓名\" — name "
                                               "the columns in the first row, and save "
                                               "it from Excel as \"CSV UTF-8\""});
  CHECK(named("").problems.size() == 1);
  CHECK(named("PK\x03\x04").problems.size() == 1);
}

TEST_CASE("a thousand problems are enough to read") {
  std::string csv = "姓名,生日\n";
  for (int row = 0; row < 1234; ++row) csv += "王小明,?\n";
  const Named table = named(csv);
  REQUIRE(table.problems.size() == 1001);
  CHECK(table.problems.back() == "people.csv: 234 more problems are not shown — correct the first ones");
}
