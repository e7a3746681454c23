#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bot/base/problem.hpp"
#include "schedules/workdays.hpp"
#include "tests/support/lines.hpp"
#include "tests/support/temporary_folder.hpp"

using schedules::Day;
using schedules::Workdays;

namespace {

Day on(int year, unsigned month, unsigned day) {
  return Day(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day));
}

Lines printed(const bot::Problems& problems) {
  Lines lines;
  for (const bot::Problem& problem : problems) lines.push_back(bot::printed(problem));
  return lines;
}

Lines problems_of(std::string_view json) {
  Workdays workdays;
  bot::Problems problems;
  workdays.read(json, "2026.json", problems);
  CHECK(workdays.years().empty() == !problems.empty());
  return printed(problems);
}

/// A file of this year with these entries, each on a line of its own, the first on line 2.
std::string file_of(int year, const Lines& entries) {
  std::string json = "{\"year\": " + std::to_string(year) + ", \"days\": [\n";
  for (const std::string& entry : entries) json += entry + (&entry == &entries.back() ? "\n" : ",\n");
  return json + "]}";
}

std::string entry(const std::string& date, const std::string& off, const std::string& name = "春节") {
  return R"({"name": ")" + name + R"(", "date": ")" + date + R"(", "isOffDay": )" + off + "}";
}

const std::filesystem::path kShipped = std::filesystem::path(XUEBAN_SOURCE) / "content/calendar";

const Workdays& shipped() {
  static const Workdays workdays = [] {
    bot::Problems problems;
    Workdays loaded = schedules::load_workdays(kShipped, problems);
    CHECK(printed(problems) == Lines{});
    return loaded;
  }();
  return workdays;
}

/// What the notices of the State Council say, written down independently of the shipped files: days off as
/// ranges, then the weekend days on which people work.
struct Notice {
  int year;
  std::string_view off;
  std::string_view work;
};

const std::vector<Notice> kNotices = {
    {2019, "2018-12-30..2019-01-01 02-04..02-10 04-05 05-01..05-04 06-07 09-13 10-01..10-07",
     "2018-12-29 02-02 02-03 04-28 05-05 09-29 10-12"},
    // Prolonged in January; work began again on Monday, 3 February.
    {2020, "01-01 01-24..02-02 04-04..04-06 05-01..05-05 06-25..06-27 10-01..10-08",
     "01-19 02-03 04-26 05-09 06-28 09-27 10-10"},
    {2021, "01-01..01-03 02-11..02-17 04-03..04-05 05-01..05-05 06-12..06-14 09-19..09-21 10-01..10-07",
     "02-07 02-20 04-25 05-08 09-18 09-26 10-09"},
    {2022, "01-01..01-03 01-31..02-06 04-03..04-05 04-30..05-04 06-03..06-05 09-10..09-12 10-01..10-07",
     "01-29 01-30 04-02 04-24 05-07 10-08 10-09"},
    {2023, "2022-12-31..2023-01-02 01-21..01-27 04-05 04-29..05-03 06-22..06-24 09-29..10-06",
     "01-28 01-29 04-23 05-06 06-25 10-07 10-08"},
    {2024, "01-01 02-10..02-17 04-04..04-06 05-01..05-05 06-10 09-15..09-17 10-01..10-07",
     "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12"},
    {2025, "01-01 01-28..02-04 04-04..04-06 05-01..05-05 05-31..06-02 10-01..10-08",
     "01-26 02-08 04-27 09-28 10-11"},
    {2026, "01-01..01-03 02-15..02-23 04-04..04-06 05-01..05-05 06-19..06-21 09-25..09-27 10-01..10-07",
     "01-04 02-14 02-28 05-09 09-20 10-10"},
};

Day day_of_notice(int year, std::string text) {
  if (text.size() == 5) text = std::to_string(year) + "-" + text;
  return on(std::stoi(text.substr(0, 4)), static_cast<unsigned>(std::stoi(text.substr(5, 2))),
            static_cast<unsigned>(std::stoi(text.substr(8, 2))));
}

void add_days(const Notice& notice, std::string_view list, bool off, std::map<Day, bool>& days) {
  std::istringstream words{std::string(list)};
  for (std::string word; words >> word;) {
    const auto dots = word.find("..");
    const Day first = day_of_notice(notice.year, word.substr(0, dots));
    const Day last = dots == std::string::npos ? first : day_of_notice(notice.year, word.substr(dots + 2));
    for (Day day = first; day <= last; day += std::chrono::days(1)) days.emplace(day, off);
  }
}

std::map<Day, bool> announced() {
  std::map<Day, bool> days;
  for (const Notice& notice : kNotices) {
    add_days(notice, notice.off, true, days);
    add_days(notice, notice.work, false, days);
  }
  return days;
}

}  // namespace

TEST_CASE("the shipped files say what the State Council announced, and nothing else") {
  const auto days = announced();
  for (Day day = on(2018, 1, 1); day <= on(2027, 12, 31); day += std::chrono::days(1)) {
    CAPTURE(day.time_since_epoch().count());
    const Workdays::Entry* found = shipped().entry(day);
    const auto expected = days.find(day);
    REQUIRE((found != nullptr) == (expected != days.end()));
    if (found == nullptr) continue;
    CHECK(found->off == expected->second);
    CHECK_FALSE(found->name.empty());
  }
  CHECK(shipped().years() == std::set<int>{2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026});
}

TEST_CASE("the number of days off and of make-up workdays in each notice") {
  const auto count = [](int year, bool off) {
    const auto days = announced();
    return std::ranges::count_if(days, [&](const auto& each) {
      return std::chrono::year_month_day(each.first).year() == std::chrono::year(year) && each.second == off;
    });
  };
  // By calendar year: the notices of 2019 and 2023 begin in December.
  CHECK(count(2018, true) == 2);
  CHECK(count(2018, false) == 1);
  CHECK(count(2019, true) == 22);
  CHECK(count(2020, true) == 30);
  CHECK(count(2021, true) == 31);
  CHECK(count(2022, true) == 32);
  CHECK(count(2023, true) == 26);
  CHECK(count(2024, true) == 28);
  CHECK(count(2025, true) == 28);
  CHECK(count(2026, true) == 33);
  CHECK(count(2026, false) == 6);
}

TEST_CASE("2026: days off, make-up weekends and ordinary days") {
  const Workdays& workdays = shipped();
  CHECK(workdays.covers(2026));
  REQUIRE(workdays.entry(on(2026, 2, 17)) != nullptr);
  CHECK(workdays.entry(on(2026, 2, 17))->name == "春节");
  CHECK(workdays.entry(on(2026, 9, 25))->name == "中秋节");
  CHECK_FALSE(workdays.is_workday(on(2026, 2, 17)));
  CHECK_FALSE(workdays.is_workday(on(2026, 2, 23)));
  CHECK(workdays.is_workday(on(2026, 2, 24)));
  for (const Day make_up : {on(2026, 1, 4), on(2026, 2, 14), on(2026, 2, 28), on(2026, 5, 9), on(2026, 9, 20),
                            on(2026, 10, 10)}) {
    CHECK(workdays.is_workday(make_up));
  }
  CHECK_FALSE(workdays.is_workday(on(2026, 1, 10)));
  CHECK_FALSE(workdays.is_workday(on(2026, 1, 11)));
  CHECK(workdays.is_workday(on(2026, 1, 12)));
  CHECK(workdays.entry(on(2026, 1, 12)) == nullptr);
  int count = 0;
  for (Day day = on(2026, 1, 1); day <= on(2026, 12, 31); day += std::chrono::days(1)) {
    if (workdays.is_workday(day)) ++count;
  }
  CHECK(count == 248);
}

TEST_CASE("a year that is not announced counts Monday to Friday") {
  const Workdays& workdays = shipped();
  CHECK_FALSE(workdays.covers(2027));
  CHECK(workdays.is_workday(on(2027, 1, 1)));
  CHECK(workdays.is_workday(on(2027, 10, 1)));
  CHECK_FALSE(workdays.is_workday(on(2027, 10, 2)));
  CHECK_FALSE(workdays.is_workday(on(2027, 10, 3)));
  CHECK(workdays.is_workday(on(2027, 10, 4)));
}

TEST_CASE("a file without days in its year does not count as announced, and is no problem") {
  for (const std::string& json :
       {file_of(2027, {}), file_of(2027, {entry("2026-12-31", "true", "元旦")}),
        std::string(R"({"$schema": "x", "year": 2027, "papers": [], "days": []})")}) {
    Workdays workdays;
    bot::Problems problems;
    workdays.read(json, "2027.json", problems);
    CHECK(printed(problems) == Lines{});
    CHECK_FALSE(workdays.covers(2027));
    CHECK_FALSE(workdays.covers(2026));
  }
}

TEST_CASE("days of a neighbouring year count, but that year is not covered by them") {
  const Workdays& workdays = shipped();
  CHECK_FALSE(workdays.covers(2018));
  CHECK(workdays.is_workday(on(2018, 12, 29)));
  CHECK_FALSE(workdays.is_workday(on(2018, 12, 31)));
  CHECK_FALSE(workdays.is_workday(on(2022, 12, 31)));
}

TEST_CASE("the file of a day's own year wins over a neighbour's, in whatever order they are read") {
  const std::string own = file_of(2026, {entry("2026-12-31", "true", "own")});
  const std::string neighbour =
      file_of(2027, {entry("2026-12-31", "false", "neighbour"), entry("2026-12-30", "true", "neighbour"),
                     entry("2027-01-01", "true", "neighbour")});
  for (const auto& [first, second] : {std::pair(own, neighbour), std::pair(neighbour, own)}) {
    Workdays workdays;
    bot::Problems problems;
    workdays.read(first, "first.json", problems);
    workdays.read(second, "second.json", problems);
    CHECK(printed(problems) == Lines{});
    CHECK(workdays.entry(on(2026, 12, 31))->name == "own");
    CHECK_FALSE(workdays.is_workday(on(2026, 12, 31)));
    CHECK(workdays.entry(on(2026, 12, 30))->name == "neighbour");
    CHECK(workdays.years() == std::set<int>{2026, 2027});
  }
}

TEST_CASE("a file that is not of the public form gives one clear sentence") {
  CHECK(problems_of("") == Lines{"2026.json:1: JSON: incomplete JSON — correct the JSON near this line"});
  CHECK(problems_of("{\n \"year\": 2026,\n}") ==
        Lines{"2026.json:3: JSON: syntax error — correct the JSON near this line"});
  CHECK(problems_of("[]") ==
        Lines{"2026.json: there is no \"year\" from 1900 to 2100 — write the year of the "
              "announcement as \"year\": 2027"});
  CHECK(problems_of(R"({"days": []})").size() == 1);
  CHECK(problems_of(R"({"year": "soon", "days": []})").size() == 1);
  CHECK(problems_of(R"({"year": 20266, "days": []})").size() == 1);
  const Lines no_list{
      "2026.json: there is no list \"days\" — write \"days\": [{\"name\", \"date\", \"isOffDay\"}, …]"};
  CHECK(problems_of(R"({"year": 2026})") == no_list);
  CHECK(problems_of(R"({"year": 2026, "days": {"2026-01-01": true}})") == no_list);
  CHECK(
      problems_of(file_of(2026, Lines(401, "1"))) ==
      Lines{"2026.json: \"days\" has 401 entries, more than 400 — list only what the announcement changes"});
  CHECK(problems_of(std::string(100, '[')).size() == 1);
}

TEST_CASE("an entry that is wrong is named with its line") {
  const std::string good = entry("2026-02-16", "true");
  const auto wrong = [&](const std::string& bad) { return problems_of(file_of(2026, {good, bad})); };
  CHECK(wrong(entry("2026-02-30", "true")) ==
        Lines{"2026.json:3: \"2026-02-30\" is no date — write year-month-day"});
  CHECK(wrong(entry("2026-2-17", "true")) ==
        Lines{"2026.json:3: \"2026-2-17\" is no date — write year-month-day"});
  for (const char* date : {"2026-13-01", "2026-00-01", "2026-01-00", "2026/01/01", "2026-01-1x", "-026-01-01",
                           "2026-01-01T00:00", "2025-02-29", "+026-01-01"}) {
    CHECK(wrong(entry(date, "true")).size() == 1);
  }
  CHECK(wrong(entry("2062-02-17", "true")) ==
        Lines{"2026.json:3: 2062-02-17 is not near the year 2026 — correct the date, or \"year\" above"});
  for (const char* off : {"\"true\"", "1", "null"}) {
    CHECK(wrong(entry("2026-02-17", off)) ==
          Lines{"2026.json:3: \"isOffDay\" of 2026-02-17 is neither true nor false — write true for a day "
                "off, false for a make-up workday"});
  }
  CHECK(wrong(entry("2026-02-17", "true", "")) ==
        Lines{"2026.json:3: 2026-02-17 has no name — write \"name\": \"…\""});
  const Lines no_date{"2026.json: entry 2 of \"days\" has no date — write \"date\": \"2026-10-01\""};
  CHECK(wrong("{}") == no_date);
  CHECK(wrong("\"2026-02-17\"") == no_date);
  CHECK(wrong(R"({"date": 20260217, "isOffDay": true})") == no_date);
}

TEST_CASE("two entries of one day must agree") {
  const std::string off = entry("2026-02-16", "true");
  CHECK(problems_of(file_of(2026, {off, entry("2026-02-17", "true"), entry("2026-02-16", "false")})) ==
        Lines{"2026.json:4: 2026-02-16 is there twice, as a day off and as a workday — keep the one that the "
              "announcement says"});
  CHECK(problems_of(file_of(2026, {off, off})) == Lines{});
}

TEST_CASE("every wrong entry is named, and the file is left out whole") {
  const std::string json = file_of(2026, {entry("2026-02-16", "true"), entry("2026-02-30", "true"),
                                          entry("2026-02-17", "1"), entry("2025-12-31", "true")});
  Workdays workdays;
  bot::Problems problems;
  workdays.read(json, "2026.json", problems);
  CHECK(problems.size() == 2);
  CHECK(bot::has_errors(problems));
  CHECK_FALSE(workdays.covers(2026));
  CHECK(workdays.entry(on(2026, 2, 16)) == nullptr);
  CHECK(workdays.entry(on(2025, 12, 31)) == nullptr);
}

TEST_CASE("a folder: other files are ignored, a second file of a year and one too large are refused") {
  const support::TemporaryFolder folder;
  folder.write("README.md", "not JSON");
  folder.write("2026.json", "\xef\xbb\xbf" + file_of(2026, {entry("2026-02-17", "true")}));
  folder.write("2027.json", file_of(2026, {entry("2026-02-17", "false")}));
  folder.write("2028.json", file_of(2028, {}) + std::string(1 << 20, ' '));
  folder.write("2029.json", "{\"year\": 2029, \"days\": [{\"name\": \"\xff\"}]}");
  bot::Problems problems;
  const Workdays workdays = schedules::load_workdays(folder.path(), problems);
  const std::string at = folder.path().string();
  CHECK(printed(problems) ==
        Lines{at + "/2027.json: another file already has the year 2026 — keep one of the two",
              at + "/2028.json: larger than 1 MiB — save the year's days as a UTF-8 text file in JSON",
              at + "/2029.json: not UTF-8 — save the year's days as a UTF-8 text file in JSON"});
  CHECK(workdays.years() == std::set<int>{2026});
  CHECK_FALSE(workdays.is_workday(on(2026, 2, 17)));
}

TEST_CASE("a folder that is not there is no problem") {
  bot::Problems problems;
  const Workdays workdays = schedules::load_workdays(kShipped / "none", problems);
  CHECK(printed(problems) == Lines{});
  CHECK(workdays.years().empty());
  CHECK(workdays.is_workday(on(2026, 2, 17)));
}
