#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "tests/support/config_folder.hpp"

using support::holds;
using support::problem_of_limit;
using support::problem_of_line;
using support::problems_of;
using support::problems_of_account;

TEST_CASE("config: a byte order mark and Windows line ends are accepted") {
  CHECK(problems_of("\xef\xbb\xbftimezone = \"Asia/Shanghai\"\r\n[limits]\r\nlines = 5\r\n").empty());
}

TEST_CASE("config: unknown keys name the nearest known one") {
  CHECK(problem_of_line("timezon = \"Asia/Shanghai\"") ==
        "xueban.toml:2: unknown key \"timezon\" — did you mean \"timezone\"?");
  CHECK(problem_of_line("[[accounts]]") ==
        "xueban.toml:2: unknown key \"accounts\" — did you mean \"account\"?");
  CHECK(problem_of_limit("coldown = \"3s\"") ==
        "xueban.toml:2: unknown key \"coldown\" — did you mean \"cooldown\"?");
  CHECK(problems_of_account("tokn = \"abc\"") ==
        Lines{"xueban.toml:6: unknown key \"tokn\" — did you mean \"token\"?"});
  CHECK(problem_of_line("proxy_settings = 1") ==
        "xueban.toml:2: unknown key \"proxy_settings\" — known here: timezone, language, data, database, "
        "content, superadmins, "
        "alarm_after, account, alarm, limits, metrics, server");
  CHECK(problem_of_line("\"a\\u001bb\" = 1").find("unknown key \"a\\x1bb\"") != std::string::npos);
}

TEST_CASE("config: wrong kinds of values") {
  CHECK(problem_of_line("timezone = 8") ==
        "xueban.toml:2: timezone must be text, not a whole number — such as timezone = \"Asia/Shanghai\"");
  CHECK(problem_of_line("language = true").find("language must be text, not true or false") !=
        std::string::npos);
  CHECK(problem_of_line("data = []").find("data must be text, not a list") != std::string::npos);
  CHECK(problem_of_line("data = \"\"") == "xueban.toml:2: data is empty — such as data = \"data\"");
  CHECK(problem_of_line("data = \" x\"").find("data has white space at its end") != std::string::npos);
  CHECK(problem_of_line("limits = 3").starts_with("xueban.toml:2: limits must be a table — write [limits]"));
  CHECK(problem_of_line("[[limits]]").starts_with("xueban.toml:2: limits must be a table"));
  CHECK(problem_of_line("[account]")
            .starts_with("xueban.toml:2: account must be a list of tables — write [[acc"));
  CHECK(problem_of_line("account = [3]").starts_with("xueban.toml:2: account must be a list of tables"));
  CHECK(problem_of_line("timezone = \"Asia/Shangai\"") ==
        "xueban.toml:2: time zone \"Asia/Shangai\" is unknown — such as timezone = \"Asia/Shanghai\"");
}

TEST_CASE("config: what is not TOML") {
  CHECK(problem_of_line("timezone = Asia").starts_with("xueban.toml:2: this is not TOML: "));
  CHECK(problem_of_line("timezone").starts_with("xueban.toml:"));
  CHECK(problem_of_line("timezone = \u201cAsia\u201d").find("in half width") != std::string::npos);
  const std::string twice = problems_of("data = \"a\"\ndata = \"b\"\n").front();
  CHECK(twice.starts_with("xueban.toml:2: this is not TOML: "));
  CHECK(twice.find("'data'") != std::string::npos);
}

TEST_CASE("config: nesting is bounded") {
  const auto repeated = [](std::string_view part, std::size_t times) {
    std::string text;
    while (times-- > 0) text += part;
    return text;
  };
  CHECK(holds(problems_of("data = " + repeated("[", 100000)), "xueban.toml:1: this is not TOML"));
  CHECK(holds(problems_of(repeated("a.", 100000) + "a = 1"),
              "xueban.toml: this file holds more than 2000 dots"));
  CHECK(holds(problems_of(repeated("a.", 1999) + "a = 1"), "xueban.toml:1: unknown key \"a\""));
}

TEST_CASE("config: all problems are reported at once, in the order of lines") {
  const Lines lines = problems_of("zone = 1\nlanguage = 2\n[limits]\nlines = \"a\"\ncooldown = 3\nbad = 1\n");
  REQUIRE(lines.size() == 5);
  CHECK(lines[0].starts_with("xueban.toml:1: "));
  CHECK(lines[1].starts_with("xueban.toml:2: "));
  CHECK(lines[2].starts_with("xueban.toml:4: "));
  CHECK(lines[3].starts_with("xueban.toml:5: "));
  CHECK(lines[4].starts_with("xueban.toml:6: "));
}
