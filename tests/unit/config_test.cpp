#include "bot/config/config.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bot/config/limits_reader.hpp"
#include "tests/support/lines.hpp"
#include "tests/support/temporary_folder.hpp"

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view example = R"(timezone = "Asia/Shanghai"
data = "data"
[[account]]
name = "qq"
platform = "onebot11"
transport = "forward"
url = "ws://127.0.0.1:3001/"
token = "env:XUEBAN_QQ_TOKEN"
[limits]
cooldown = "3s"
per_group = "1/3s"
per_account = "15/1m"
)";

constexpr std::string_view secret = "hunter2-hunter2";

/// A temporary folder of configuration files. Problems are printed with paths relative to it.
class Folder : public support::TemporaryFolder {
 public:
  bot::ReadConfig read(const std::string& name = "xueban.toml") const {
    const bot::Environment environment = [this](const std::string& variable) -> std::optional<std::string> {
      const auto found = variables.find(variable);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    return bot::read_config(path(name), environment);
  }

  /// What is reported, a line each.
  std::vector<std::string> problems(const std::string& name = "xueban.toml") const {
    std::vector<std::string> lines;
    for (const bot::Problem& problem : read(name).problems) lines.push_back(relative(bot::printed(problem)));
    return lines;
  }

  std::string relative(std::string text) const {
    const std::string prefix = root_.string() + "/";
    for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
      text.erase(at, prefix.size());
    }
    return text;
  }

  std::map<std::string, std::string> variables{{"XUEBAN_QQ_TOKEN", std::string(secret)}};
};

/// What is reported for a text of xueban.toml alone.
Lines problems_of(std::string_view text) {
  Folder folder;
  folder.write("xueban.toml", text);
  return folder.problems();
}

/// The same for the one line, which stands at line 2.
std::string problem_of_line(const std::string& line) {
  const Lines lines = problems_of("\n" + line + "\n");
  if (lines.empty()) return "";
  CHECK(lines.size() == 1);
  return lines.front();
}

/// The same for a line of [limits], which stands at line 2.
std::string problem_of_limit(const std::string& line) {
  const Lines lines = problems_of("[limits]\n" + line + "\n");
  if (lines.empty()) return "";
  CHECK(lines.size() == 1);
  return lines.front();
}

/// An account with `line` at line 5 in place of its url or its token, or after both at line 6.
Lines problems_of_account(const std::string& line) {
  std::string text = "[[account]]\nname = \"qq\"\nplatform = \"onebot11\"\n";
  if (!line.starts_with("token")) text += "token = \"env:XUEBAN_QQ_TOKEN\"\n";
  if (!line.starts_with("url")) text += "url = \"ws://127.0.0.1:3001/\"\n";
  return problems_of(text + line + "\n");
}

/// What is reported for a group file `groups/g.toml` beside the example.
Lines problems_of_group(std::string_view text) {
  Folder folder;
  folder.write("xueban.toml", example);
  folder.write("groups/g.toml", text);
  return folder.problems();
}

bot::Limits limits_of(const std::string& lines) {
  Folder folder;
  folder.write("xueban.toml", "[limits]\n" + lines);
  const bot::ReadConfig read = folder.read();
  REQUIRE(read.config);
  return read.config->limits;
}

bool holds(const Lines& lines, std::string_view part) {
  return std::ranges::any_of(lines, [&](const std::string& line) { return line.find(part) != line.npos; });
}

}  // namespace

TEST_CASE("config: the example is accepted") {
  Folder folder;
  folder.write("xueban.toml", example);
  const bot::ReadConfig read = folder.read();
  CHECK(read.problems.empty());
  REQUIRE(read.config);
  const bot::Config& config = *read.config;
  CHECK(config.zone.name() == "Asia/Shanghai");
  CHECK(config.data == folder.path("data"));
  CHECK(config.content.empty());
  CHECK(config.language == "zh-CN");
  REQUIRE(config.accounts.size() == 1);
  CHECK(config.accounts[0].name == "qq");
  CHECK(config.accounts[0].platform == "onebot11");
  CHECK(config.accounts[0].transport == "forward");
  CHECK(config.accounts[0].url == "ws://127.0.0.1:3001/");
  CHECK(config.accounts[0].token.value() == secret);
  CHECK(config.accounts[0].token.source() == "env:XUEBAN_QQ_TOKEN");
  CHECK(config.limits == bot::Limits{});
}

TEST_CASE("config: an empty file means the defaults") {
  Folder folder;
  folder.write("xueban.toml", "");
  const bot::ReadConfig read = folder.read();
  CHECK(read.problems.empty());
  REQUIRE(read.config);
  CHECK(read.config->zone.name() == "Asia/Shanghai");
  CHECK(read.config->data == folder.path("data"));
  CHECK(read.config->accounts.empty());
  CHECK(read.config->limits == bot::Limits{});
  const bot::GroupProfile& group = read.config->groups.fallback();
  CHECK(group.file.empty());
  CHECK(group.nicknames.empty());
  CHECK(group.zone.name() == "Asia/Shanghai");
  REQUIRE(group.pushes.size() == 1);
  CHECK(group.pushes[0].occasion == "lesson");
  CHECK(group.pushes[0].subject == "daily");
  CHECK(group.pushes[0].at == 8h);
  CHECK(group.pushes[0].catch_up == 2h);
}

TEST_CASE("config: a byte order mark and Windows line ends are accepted") {
  CHECK(problems_of("\xef\xbb\xbftimezone = \"Asia/Shanghai\"\r\n[limits]\r\nlines = 5\r\n").empty());
}

TEST_CASE("config: the content is looked for beside the file, then one folder up") {
  Folder folder;
  folder.write("config/xueban.toml", "");
  CHECK(folder.read("config/xueban.toml").config->content.empty());
  fs::create_directory(folder.path("content"));
  CHECK(folder.read("config/xueban.toml").config->content == folder.path("content"));
  fs::create_directory(folder.path("config/content"));
  CHECK(folder.read("config/xueban.toml").config->content == folder.path("config/content"));
  folder.write("config/xueban.toml", "content = \"../content\"\ndata = \"../data\"");
  CHECK(folder.read("config/xueban.toml").config->content == folder.path("content"));
  CHECK(folder.read("config/xueban.toml").config->data == folder.path("data"));
}

TEST_CASE("config: folders that cannot be") {
  CHECK(problem_of_line("content = \"nowhere\"")
            .starts_with("xueban.toml:2: content nowhere is not a folder — "));
  Folder folder;
  folder.write("xueban.toml", "data = \"file\"");
  folder.write("file", "");
  CHECK(folder.problems() == Lines{"xueban.toml:1: data file is not a folder — such as data = \"data\""});
}

TEST_CASE("config: files that cannot be read") {
  Folder folder;
  CHECK(folder.problems() ==
        Lines{"xueban.toml: this file does not exist — name the xueban.toml of your installation"});
  CHECK_FALSE(folder.read().config);
  fs::create_directory(folder.path("xueban.toml"));
  CHECK(holds(folder.problems(), "xueban.toml: this file is not a file"));
  folder.write("large.toml", std::string((std::size_t{1} << 20) + 1, '#'));
  CHECK(holds(folder.problems("large.toml"), "large.toml: this file is larger than 1 MiB"));
  folder.write("fits.toml", std::string(std::size_t{1} << 20, '#'));
  CHECK(folder.problems("fits.toml").empty());
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
        "xueban.toml:2: unknown key \"proxy_settings\" — known here: timezone, language, data, content, "
        "account, "
        "limits");
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

TEST_CASE("config: a language needs words in the content") {
  Folder folder;
  fs::create_directories(folder.path("content/words/zh-CN"));
  fs::create_directories(folder.path("content/words/en"));
  folder.write("xueban.toml", "language = \"zh-CM\"");
  CHECK(folder.problems() ==
        Lines{"xueban.toml:1: the content has no words in \"zh-CM\" — did you mean \"zh-CN\"?"});
  folder.write("xueban.toml", "language = \"en\"");
  CHECK(folder.problems().empty());
  folder.write("groups/default.toml", "enabled = true\nlanguage = \"fr\"");
  CHECK(folder.problems() ==
        Lines{"groups/default.toml:2: the content has no words in \"fr\" — did you mean \"en\"?"});
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

TEST_CASE("limits: every key") {
  const bot::Limits limits = limits_of(R"(
cooldown = "250ms"
repeat = "1m30s"
per_member = "3/2m"
ignore = "1h30m"
per_group = "2/5s"
per_account = "30/1m"
unasked_hour = "1/1h"
unasked_day = "9/1d"
quiet_hours = "12:30-13:45"
same_answer = "2m"
hint = "1d"
backlog = "10m"
late_reply = "90s"
length = 500
lines = 20
)");
  CHECK(limits.cooldown == 250ms);
  CHECK(limits.repeat == 90s);
  CHECK(limits.per_member == bot::Rate{3, 2min});
  CHECK(limits.ignore == 90min);
  CHECK(limits.per_group == bot::Rate{2, 5s});
  CHECK(limits.per_account == bot::Rate{30, 1min});
  CHECK(limits.unasked_hour == bot::Rate{1, 1h});
  CHECK(limits.unasked_day == bot::Rate{9, 24h});
  CHECK(limits.quiet_hours == bot::DailySpan{12h + 30min, 13h + 45min});
  CHECK(limits.same_answer == 2min);
  CHECK(limits.hint == 24h);
  CHECK(limits.backlog == 10min);
  CHECK(limits.late_reply == 90s);
  CHECK(limits.length == 500);
  CHECK(limits.lines == 20);
}

TEST_CASE("limits: off lifts each of them") {
  for (const auto& key : bot::limits_keys()) {
    CAPTURE(key.name);
    const bot::Limits limits = limits_of(key.name + " = \"off\"\n");
    CHECK(key.print(limits) == "\"off\"");
    CHECK_FALSE(limits == bot::Limits{});
  }
}

TEST_CASE("limits: no cooldown also lifts repeat and per_member") {
  const bot::Limits limits = limits_of("cooldown = \"off\"\n");
  CHECK_FALSE(limits.cooldown);
  CHECK_FALSE(limits.repeat);
  CHECK_FALSE(limits.per_member);
  CHECK(limits.ignore == bot::Limits{}.ignore);
  CHECK(limits.per_group == bot::Limits{}.per_group);
}

TEST_CASE("limits: no cooldown leaves what is set itself") {
  const bot::Limits limits = limits_of("repeat = \"7s\"\ncooldown = \"off\"\n");
  CHECK(limits.repeat == 7s);
  CHECK_FALSE(limits.per_member);
  CHECK(limits_of("per_member = \"5/1m\"\ncooldown = \"off\"\n").per_member == bot::Rate{5, 1min});
  const bot::Limits others = limits_of("repeat = \"off\"\n");
  CHECK(others.cooldown);
  CHECK(others.per_member);
}

TEST_CASE("limits: numbers without a unit") {
  CHECK(problem_of_limit("cooldown = 5") ==
        "xueban.toml:2: cooldown must be a duration in quotes or \"off\", not a whole number — such as "
        "cooldown = "
        "\"5s\"");
  CHECK(problem_of_limit("cooldown = 2.5").find("such as cooldown = \"3s\"") != std::string::npos);
  CHECK(problem_of_limit("cooldown = false").find("or \"off\", not true or false") != std::string::npos);
  CHECK(problem_of_limit("per_group = 20").find("such as per_group = \"20/1m\"") != std::string::npos);
  CHECK(problem_of_limit("quiet_hours = 22:00:00").find("not a time without quotes") != std::string::npos);
  CHECK(
      problem_of_limit("lines = \"12\"") ==
      "xueban.toml:2: lines must be a whole number without quotes or \"off\", not text — such as lines = 12");
  CHECK(problem_of_limit("lines = 0") ==
        "xueban.toml:2: lines = 0 is out of range — write 1 to 1000000, or \"off\"");
  CHECK(problem_of_limit("length = -1").find("out of range") != std::string::npos);
}

TEST_CASE("limits: values that are not understood") {
  CHECK(problem_of_limit("cooldown = \"5\"") ==
        "xueban.toml:2: cooldown = \"5\" has a number without a unit (d, h, m, s or ms) — such as cooldown = "
        "\"1h30m\", or \"off\"");
  CHECK(problem_of_limit("per_group = \"3s\"").find("is not a rate") != std::string::npos);
  CHECK(problem_of_limit("quiet_hours = \"22-7\"").find("is not a time span") != std::string::npos);
  CHECK(problem_of_limit("quiet_hours = \"22:00-7:00\"").find("two digits") != std::string::npos);
  CHECK(problem_of_limit("hint = \"none\"").find("is not a duration") != std::string::npos);
}

TEST_CASE("limits: durations") {
  CHECK(*bot::parse_duration("3s") == 3s);
  CHECK(*bot::parse_duration("1h30m") == 90min);
  CHECK(*bot::parse_duration("1d2h3m4s5ms") == 26h + 3min + 4s + 5ms);
  CHECK(*bot::parse_duration("366d") == 24h * 366);
  for (const char* text :
       {"",     "s",       "3",           "0s",         "0h0m",         "3 s",  " 3s", "3s ",
        "3S",   "-3s",     "+3s",         "1.5s",       "30m1h",        "1m1m", "3x",  "s3",
        "367d", "366d1ms", "9999999999s", "999999999d", "\xe7\xa7\x92", "3s\n"}) {
    CAPTURE(text);
    CHECK(bot::parse_duration(text).error().code == bot::Errc::bad_input);
  }
}

TEST_CASE("limits: rates, spans and times of day") {
  CHECK(*bot::parse_rate("15/1m") == bot::Rate{15, 1min});
  for (const char* text : {"", "/", "1", "1/", "/1m", "0/1m", "-1/1m", "1/1m/1m", "1 / 1m", "1000001/1m"}) {
    CAPTURE(text);
    CHECK(bot::parse_rate(text).has_error());
  }
  CHECK(*bot::parse_daily_span("22:00-07:00") == bot::DailySpan{22h, 7h});
  for (const char* text : {"", "-", "22:00", "22:00-", "-07:00", "22:00-22:00", "24:00-07:00", "22:60-07:00",
                           "22:00 - 07:00", "2200-0700", "22:00-07:00-08:00"}) {
    CAPTURE(text);
    CHECK(bot::parse_daily_span(text).has_error());
  }
  CHECK(*bot::parse_clock("00:00") == 0min);
  CHECK(*bot::parse_clock("23:59") == 23h + 59min);
  for (const char* text : {"", "8:00", "08:0", "08.00", "24:00", "08:60", "ab:cd", "08:00:00", "-8:00"}) {
    CAPTURE(text);
    CHECK(bot::parse_clock(text).has_error());
  }
}

TEST_CASE("limits: printed values are read back") {
  for (const char* text : {"3s", "1h30m", "250ms", "1d", "26d3h4m5s6ms"}) {
    CHECK(bot::duration_text(*bot::parse_duration(text)) == text);
  }
  CHECK(bot::rate_text(*bot::parse_rate("15/60s")) == "15/1m");
  CHECK(bot::daily_span_text(*bot::parse_daily_span("22:00-07:05")) == "22:00-07:05");
}

TEST_CASE("limits: a span that crosses midnight") {
  const bot::DailySpan night{22h, 7h};
  CHECK(bot::within(night, 22h));
  CHECK(bot::within(night, 0h));
  CHECK(bot::within(night, 6h + 59min));
  CHECK_FALSE(bot::within(night, 7h));
  CHECK_FALSE(bot::within(night, 21h + 59min));
  const bot::DailySpan noon{12h, 13h};
  CHECK(bot::within(noon, 12h));
  CHECK_FALSE(bot::within(noon, 13h));
  CHECK_FALSE(bot::within(noon, 23h));
}

TEST_CASE("account: what it needs") {
  CHECK(problems_of("\n[[account]]\ntoken = \"env:XUEBAN_QQ_TOKEN\"\n") ==
        Lines{"xueban.toml:2: this account has no name — add name = \"qq\"",
              "xueban.toml:2: this account has no platform — add platform = \"onebot11\"",
              "xueban.toml:2: this account has no url — add url = \"ws://127.0.0.1:3001/\""});
}

TEST_CASE("account: what is supported") {
  const Lines lines = problems_of(
      "[[account]]\nname = \"qq\"\nplatform = \"onebot12\"\ntransport = \"reverse\"\nurl = "
      "\"wss://bot.example/\"\n"
      "token = \"env:XUEBAN_QQ_TOKEN\"\n");
  CHECK(lines == Lines{"xueban.toml:3: platform \"onebot12\" is not supported — supported: onebot11",
                       "xueban.toml:4: transport \"reverse\" is not supported — supported: forward"});
}

TEST_CASE("account: names are unique") {
  std::string text(example);
  const std::string second =
      text.substr(text.find("[[account]]"), text.find("[limits]") - text.find("[[account]]"));
  text.insert(text.find("[limits]"), second);
  CHECK(problems_of(text) == Lines{"xueban.toml:9: two accounts are called \"qq\" — give each its own name"});
}

TEST_CASE("account: addresses") {
  for (const char* url :
       {"ws://127.0.0.1:3001/", "ws://localhost:3001", "ws://[::1]:3001/", "ws://127.3.2.1/x?y=z",
        "wss://bot.example", "wss://bot.example:443/ws", "wss://[2001:db8::1]:443/"}) {
    CAPTURE(url);
    CHECK(problems_of_account(fmt::format("url = \"{}\"", url)).empty());
  }
  for (const char* url : {"", "http://127.0.0.1/", "127.0.0.1:3001", "ws://", "ws:///x", "ws://:3001",
                          "ws://h:", "ws://h:0", "ws://h:65536", "ws://h:x", "ws://h h", "WS://127.0.0.1"}) {
    CAPTURE(url);
    const Lines lines = problems_of_account(fmt::format("url = \"{}\"", url));
    CHECK(lines.size() == 1);
    CHECK(holds(lines, "xueban.toml:5: url "));
  }
}

TEST_CASE("account: a token in clear across the network is a warning") {
  for (const char* host : {"bot.example", "192.168.1.2", "127.example", "napcat", "[::2]"}) {
    CAPTURE(host);
    const Lines lines = problems_of_account(fmt::format("url = \"ws://{}:3001/\"", host));
    CHECK(lines.size() == 1);
    CHECK(holds(lines, "xueban.toml:5: warning: url leaves this machine without encryption"));
  }
}

TEST_CASE("account: no token is a warning") {
  const Lines none =
      problems_of("[[account]]\nname = \"qq\"\nplatform = \"onebot11\"\nurl = \"ws://127.0.0.1/\"\n");
  CHECK(none.size() == 1);
  CHECK(holds(none, "xueban.toml:1: warning: this account has no token"));
  const Lines empty = problems_of_account("token = \"\"");
  CHECK(empty.size() == 1);
  CHECK(holds(empty, "xueban.toml:5: warning: this account has no token"));
}

TEST_CASE("account: a token from the environment") {
  Folder folder;
  folder.write("xueban.toml", example);
  folder.variables.clear();
  CHECK(
      folder.problems() ==
      Lines{"xueban.toml:8: the environment variable XUEBAN_QQ_TOKEN is not set — set XUEBAN_QQ_TOKEN before "
            "starting, or use token = \"file:PATH\""});
  folder.variables["XUEBAN_QQ_TOKEN"] = "";
  CHECK(holds(folder.problems(), "xueban.toml:8: the token from env:XUEBAN_QQ_TOKEN is empty"));
  folder.variables["XUEBAN_QQ_TOKEN"] = "a\r\nb";
  CHECK(holds(folder.problems(), "xueban.toml:8: the token from env:XUEBAN_QQ_TOKEN holds a space"));
  CHECK(holds(problems_of_account("token = \"env:\""), "xueban.toml:5: token names no environment variable"));
  CHECK(holds(problems_of_account("token = 12345"), "xueban.toml:5: token must be text, not a whole number"));
}

TEST_CASE("account: a token from a file") {
  Folder folder;
  std::string text(example);
  text.replace(text.find("env:XUEBAN_QQ_TOKEN"), std::string_view("env:XUEBAN_QQ_TOKEN").size(),
               "file:qq.token");
  folder.write("config/xueban.toml", text);
  CHECK(holds(folder.problems("config/xueban.toml"),
              "config/xueban.toml:8: the token's file config/qq.token does not exist"));
  folder.write("config/qq.token", std::string(secret) + "\r\n", fs::perms(0600));
  const bot::ReadConfig read = folder.read("config/xueban.toml");
  CHECK(read.problems.empty());
  REQUIRE(read.config);
  CHECK(read.config->accounts[0].token.value() == secret);
  CHECK(read.config->accounts[0].token.source() == "file:qq.token");
  for (const int mode : {0640, 0604, 0644}) {
    fs::permissions(folder.path("config/qq.token"), fs::perms(mode));
    CHECK(folder.problems("config/xueban.toml") ==
          Lines{"config/xueban.toml:8: others can read the token's file config/qq.token — run: chmod 600 "
                "config/qq.token"});
  }
  folder.write("config/qq.token", "\n", fs::perms(0600));
  CHECK(holds(folder.problems("config/xueban.toml"), "the token from file:qq.token is empty"));
}

TEST_CASE("account: a literal token needs a file that only its owner reads") {
  Folder folder;
  std::string text(example);
  text.replace(text.find("env:XUEBAN_QQ_TOKEN"), std::string_view("env:XUEBAN_QQ_TOKEN").size(), secret);
  for (const int mode : {0640, 0604, 0644}) {
    folder.write("xueban.toml", text, fs::perms(mode));
    const Lines lines = folder.problems();
    CHECK(lines ==
          Lines{"xueban.toml:8: the token is written here and others can read this file — run: chmod 600 "
                "xueban.toml, or write token = \"env:XUEBAN_QQ_TOKEN\""});
    CHECK_FALSE(folder.read().config);
  }
  fs::permissions(folder.path("xueban.toml"), fs::perms(0600));
  CHECK(folder.problems() ==
        Lines{"xueban.toml:8: warning: the token is written here — safer: token = \"env:XUEBAN_QQ_TOKEN\""});
  REQUIRE(folder.read().config);
  CHECK(folder.read().config->accounts[0].token.value() == secret);
  CHECK(folder.read().config->accounts[0].token.source() == "literal");
}

TEST_CASE("account: an authority for certificates") {
  Folder folder;
  const std::string text =
      "[[account]]\nname = \"qq\"\nplatform = \"onebot11\"\nurl = \"wss://bot.example/\"\n"
      "token = \"env:XUEBAN_QQ_TOKEN\"\ncertificate_authority = \"ca.pem\"\n";
  folder.write("xueban.toml", text);
  CHECK(holds(folder.problems(), "xueban.toml:6: certificate_authority ca.pem cannot be read"));
  folder.write("ca.pem", "x");
  CHECK(folder.problems().empty());
  CHECK(folder.read().config->accounts[0].certificate_authority == folder.path("ca.pem").string());
  std::string plain = text;
  plain.replace(plain.find("wss://bot.example/"), 18, "ws://127.0.0.1/");
  folder.write("xueban.toml", plain);
  CHECK(holds(folder.problems(), "xueban.toml:1: warning: certificate_authority has no effect with ws://"));
}

TEST_CASE("account: no problem shows a secret") {
  const std::string hidden(secret);
  std::vector<std::string> values{
      "token = \"" + hidden + "\"",
      "token = \"" + hidden + " \"",
      "token = " + hidden,
      "token = '" + hidden,
      "token = \"" + hidden,
      "token = [\"" + hidden + "\"]",
      "token = {a = \"" + hidden + "\"}",
      "token = \"\"\"" + hidden + "\n",
      "token = 123456789012345678901234567890",
      "token = t" + hidden,
      "token = inf" + hidden,
      "token = 0x" + hidden,
      "token = \"\\q" + hidden + "\"",
      "token = \"env:" + hidden + "\"",
      "token = \"" + hidden + "\" " + hidden,
      "url = \"ws://me:" + hidden + "@127.0.0.1/\"",
      "url = \"ws://127.0.0.1/?access_token=" + hidden + "\"",
      "url = \"http://" + hidden + "/\"",
      "url = \"ws://127.0.0.1:" + hidden + "/\"",
      "name2 = \"" + hidden + "\"",
  };
  for (const std::string& value : values) {
    CAPTURE(value);
    const Lines lines = problems_of_account(value);
    CHECK_FALSE(lines.empty());
    CHECK_FALSE(holds(lines, hidden));
    CHECK_FALSE(holds(lines, "hunter2"));
    CHECK_FALSE(holds(lines, "1234567890123"));
  }
  Folder folder;
  folder.write("xueban.toml", example);
  folder.variables["XUEBAN_QQ_TOKEN"] = hidden + " " + hidden;
  CHECK(holds(folder.problems(), "xueban.toml:8: "));
  CHECK_FALSE(holds(folder.problems(), "hunter2"));
}

TEST_CASE("group: every key") {
  Folder folder;
  folder.write("xueban.toml", example);
  folder.write("groups/first.toml", R"(name = "Study group"
account = "qq"
chat = 123456789
language = "en"
timezone = "Asia/Urumqi"
admins = ["10001", 10002]
nicknames = ["Pal", "Study pal"]
enabled = false
[[push]]
at = "07:30"
[[push]]
occasion = "quiz"
column = "words"
at = "18:05"
catch_up = "30m"
)");
  const bot::ReadConfig read = folder.read();
  CHECK(read.problems.empty());
  REQUIRE(read.config);
  REQUIRE(read.config->groups.has_file("qq", "123456789"));
  const bot::GroupProfile& group = read.config->groups.find("qq", "123456789");
  CHECK(group.file == folder.path("groups/first.toml").string());
  CHECK(group.name == "Study group");
  CHECK(group.language == "en");
  CHECK(group.zone.name() == "Asia/Urumqi");
  CHECK(group.admins == Lines{"10001", "10002"});
  CHECK(group.nicknames == Lines{"Pal", "Study pal"});
  CHECK_FALSE(group.enabled);
  REQUIRE(group.pushes.size() == 2);
  CHECK(group.pushes[0].occasion == "lesson");
  CHECK(group.pushes[0].subject == "daily");
  CHECK(group.pushes[0].at == 7h + 30min);
  CHECK(group.pushes[0].catch_up == 2h);
  CHECK(group.pushes[1].occasion == "quiz");
  CHECK(group.pushes[1].subject == "words");
  CHECK(group.pushes[1].at == 18h + 5min);
  CHECK(group.pushes[1].catch_up == 30min);
}

TEST_CASE("group: what is not set is inherited") {
  Folder folder;
  folder.write("xueban.toml", "language = \"en\"\n" + std::string(example));
  folder.write("groups/default.toml",
               "timezone = \"Asia/Urumqi\"\nnicknames = [\"Pal\"]\nadmins = [\"1\"]\nenabled = false\n"
               "[[push]]\nat = \"09:00\"\n");
  folder.write("groups/a.toml", "account = \"qq\"\nchat = \"1\"\nenabled = true\n");
  folder.write("groups/b.toml",
               "account = \"qq\"\nchat = \"2\"\nnicknames = []\ntimezone = \"Asia/Tokyo\"\npush = []\n");
  const bot::ReadConfig read = folder.read();
  REQUIRE(read.config);
  const bot::GroupBook& groups = read.config->groups;
  CHECK(groups.fallback().file == folder.path("groups/default.toml").string());
  CHECK(groups.fallback().language == "en");
  CHECK(groups.fallback().zone.name() == "Asia/Urumqi");
  CHECK_FALSE(groups.find("qq", "77").enabled);
  const bot::GroupProfile& first = groups.find("qq", "1");
  CHECK(first.enabled);
  CHECK(first.language == "en");
  CHECK(first.zone.name() == "Asia/Urumqi");
  CHECK(first.nicknames == Lines{"Pal"});
  CHECK(first.admins == Lines{"1"});
  REQUIRE(first.pushes.size() == 1);
  CHECK(first.pushes[0].at == 9h);
  const bot::GroupProfile& second = groups.find("qq", "2");
  CHECK(second.zone.name() == "Asia/Tokyo");
  CHECK(second.nicknames.empty());
  CHECK(second.pushes.empty());
  CHECK_FALSE(second.enabled);
}

TEST_CASE("group: mistakes in one file") {
  CHECK(problems_of_group("nickname = [\"x\"]\naccount = \"qq\"\nchat = \"1\"\n") ==
        Lines{"groups/g.toml:1: unknown key \"nickname\" — did you mean \"nicknames\"?"});
  CHECK(problems_of_group("") == Lines{"groups/g.toml: this group has no account — add account = \"qq\"",
                                       "groups/g.toml: this group has no chat — add chat = \"123456789\""});
  CHECK(problems_of_group("account = \"qqq\"\nchat = \"1\"\n") ==
        Lines{"groups/g.toml:1: account \"qqq\" is not in xueban.toml — did you mean \"qq\"?"});
  const std::string start = "account = \"qq\"\nchat = \"1\"\n";
  CHECK(holds(problems_of_group(start + "admins = \"1\""),
              "groups/g.toml:3: admins must be a list, not text — "));
  CHECK(holds(problems_of_group(start + "admins = [\"1\",\n true]"),
              "groups/g.toml:4: admins must be a list of texts, not true or false"));
  CHECK(holds(problems_of_group(start + "nicknames = [3]"),
              "groups/g.toml:3: nicknames must be a list of texts"));
  CHECK(holds(problems_of_group(start + "nicknames = [\"\"]"), "groups/g.toml:3: nicknames is empty"));
  CHECK(holds(problems_of_group(start + "enabled = \"yes\""),
              "groups/g.toml:3: enabled must be true or false without quotes, not text"));
  CHECK(holds(problems_of_group("account = \"qq\"\nchat = \"1 2\""),
              "groups/g.toml:2: chat holds white space"));
  CHECK(holds(problems_of_group("account = \"qq\"\nchat = 1.5"), "groups/g.toml:2: chat must be text"));
  CHECK(holds(problems_of_group("account = \"qq\"\nchat = "), "groups/g.toml:2: this is not TOML"));
}

TEST_CASE("group: mistakes in a push") {
  const std::string start = "account = \"qq\"\nchat = \"1\"\n[[push]]\n";
  CHECK(problems_of_group(start + "at = \"8:00\"") ==
        Lines{"groups/g.toml:4: at = \"8:00\" is not a time of day from 00:00 to 23:59, two digits each — "
              "such as at = "
              "\"08:00\""});
  CHECK(problems_of_group(start + "at = 08:00:00") ==
        Lines{"groups/g.toml:4: at must be a time of day in quotes, not a time without quotes — such as at = "
              "\"08:00\""});
  CHECK(problems_of_group(start) == Lines{"groups/g.toml:3: this push has no time — add at = \"08:00\""});
  CHECK(holds(problems_of_group(start + "at = \"08:00\"\ncatchup = \"1h\""), "did you mean \"catch_up\"?"));
  CHECK(holds(problems_of_group(start + "at = \"08:00\"\ncatch_up = \"90s\""),
              "groups/g.toml:5: catch_up = \"90s\" is not in whole minutes"));
  CHECK(holds(problems_of_group(start + "at = \"08:00\"\ncatch_up = \"2d\""), "is longer than a day"));
  CHECK(holds(problems_of_group(start + "at = \"08:00\"\ncatch_up = 2"),
              "groups/g.toml:5: catch_up must be a dur"));
  CHECK(holds(problems_of_group(start + "at = \"08:00\"\n[[push]]\nat = \"08:00\""),
              "groups/g.toml:5: lesson \"daily\" at 08:00 is planned twice"));
  CHECK(holds(problems_of_group("account = \"qq\"\nchat = \"1\"\n[push]\nat = \"08:00\""),
              "groups/g.toml:3: push must be a list of tables — write [[push]] with two brackets"));
}

TEST_CASE("group: a push in the quiet hours is a warning") {
  const std::string start = "account = \"qq\"\nchat = \"1\"\n";
  const Lines lines = problems_of_group(start + "[[push]]\nat = \"08:00\"\n[[push]]\nat = \"06:30\"\n");
  CHECK(lines ==
        Lines{"groups/g.toml:5: warning: lesson \"daily\" at 06:30 lies in the quiet hours 22:00-07:00 — it "
              "waits until 07:00; move one of the two"});
  Folder folder;
  folder.write("xueban.toml", "[limits]\nquiet_hours = \"22:00-09:00\"\n");
  CHECK(
      holds(folder.problems(), "xueban.toml:2: warning: the daily lesson at 08:00 lies in the quiet hours"));
  folder.write("groups/default.toml", "[[push]]\nat = \"09:00\"\n");
  CHECK(folder.problems().empty());
  folder.write("xueban.toml", "[limits]\nquiet_hours = \"off\"\n");
  folder.write("groups/default.toml", "[[push]]\nat = \"02:00\"\n");
  CHECK(folder.problems().empty());
}

TEST_CASE("group: default.toml is nobody's own file") {
  Folder folder;
  folder.write("xueban.toml", example);
  folder.write("groups/default.toml", "account = \"qq\"\nchat = \"1\"\n");
  CHECK(
      folder.problems() ==
      Lines{"groups/default.toml:1: account has no place in default.toml — move it into the group's own file",
            "groups/default.toml:2: chat has no place in default.toml — move it into the group's own file"});
}

TEST_CASE("group: one file for each chat") {
  Folder folder;
  folder.write("xueban.toml", example);
  folder.write("groups/a.toml", "account = \"qq\"\nchat = \"1\"\n");
  folder.write("groups/b.toml", "account = \"qq\"\nchat = 1\n");
  CHECK(folder.problems() == Lines{"groups/b.toml:2: chat 1 of account \"qq\" already has the file "
                                   "groups/a.toml — delete one of the two "
                                   "files"});
}

TEST_CASE("group: files that are not read") {
  Folder folder;
  folder.write("xueban.toml", example);
  folder.write("groups/.hidden.toml", "x");
  folder.write("groups/notes.txt", "x");
  folder.write("groups/a.toml~", "x");
  CHECK(folder.problems().empty());
  fs::create_directory(folder.path("groups/folder.toml"));
  CHECK(holds(folder.problems(), "groups/folder.toml: this file is not a file"));
  Folder other;
  other.write("xueban.toml", example);
  other.write("groups", "");
  CHECK(holds(other.problems(), "groups: this folder cannot be read"));
}

TEST_CASE("group: no account is configured") {
  Folder folder;
  folder.write("xueban.toml", "");
  folder.write("groups/a.toml", "account = \"qq\"\nchat = \"1\"\n");
  CHECK(folder.problems() ==
        Lines{"groups/a.toml:1: account \"qq\" is not in xueban.toml — add an [[account]] there"});
}

TEST_CASE("config: a file in the current folder finds its groups") {
  Folder folder;
  folder.write("xueban.toml", example);
  folder.write("groups/a.toml", "account = \"qq\"\nchat = \"1\"\nadmin = 1\n");
  const fs::path before = fs::current_path();
  fs::current_path(folder.path(""));
  const Lines lines = folder.problems();
  const bot::ReadConfig read = bot::read_config("xueban.toml", [](const std::string&) { return "t"; });
  fs::current_path(before);
  REQUIRE(read.problems.size() == 1);
  CHECK(bot::printed(read.problems[0]) ==
        "groups/a.toml:3: unknown key \"admin\" — did you mean \"admins\"?");
}

TEST_CASE("config: a text in memory reads no group file") {
  Folder folder;
  folder.write("xueban.toml", "");
  folder.write("groups/a.toml", "not TOML");
  const auto environment = [](const std::string&) { return std::string(secret); };
  const bot::ReadConfig read = bot::read_config_text(example, folder.path("xueban.toml"), environment);
  CHECK(read.problems.empty());
  REQUIRE(read.config);
  CHECK(read.config->accounts.size() == 1);
  CHECK(read.config->groups.own().empty());
}

TEST_CASE("config: the environment of the process") {
  REQUIRE(setenv("XUEBAN_CONFIG_TEST", "value", 1) == 0);
  CHECK(bot::process_environment()("XUEBAN_CONFIG_TEST") == "value");
  REQUIRE(unsetenv("XUEBAN_CONFIG_TEST") == 0);
  CHECK(bot::process_environment()("XUEBAN_CONFIG_TEST") == std::nullopt);
}

TEST_CASE("dump: settings, where they come from, and no secret") {
  Folder folder;
  folder.write("xueban.toml", example);
  folder.write("groups/default.toml", "nicknames = [\"Pal\"]\n");
  folder.write("groups/a.toml", "chat = \"1\"\naccount = \"qq\"\n[[push]]\nat = \"07:45\"\n");
  const bot::ReadConfig read = folder.read();
  REQUIRE(read.config);
  const std::string dump = folder.relative(bot::dump_config(*read.config));
  CAPTURE(dump);
  const auto shows = [&dump](std::string_view setting, std::string_view origin) {
    return dump.find(fmt::format("\n{:<40}  # {}\n", setting, origin)) != std::string::npos;
  };
  CHECK(shows("timezone = \"Asia/Shanghai\"", "xueban.toml:1"));
  CHECK(shows("language = \"zh-CN\"", "built-in"));
  CHECK(shows("[[account]]", "xueban.toml:3"));
  CHECK(shows("cooldown = \"3s\"", "xueban.toml:10"));
  CHECK(shows("quiet_hours = \"22:00-07:00\"", "built-in"));
  CHECK(shows("lines = 12", "built-in"));
  CHECK(shows("nicknames = [\"Pal\"]", "groups/default.toml:1"));
  CHECK(shows("chat = \"1\"", "groups/a.toml:1"));
  CHECK(shows("[[push]]", "groups/a.toml:3"));
  CHECK(dump.find("at = \"07:45\"\n") != std::string::npos);
  CHECK(dump.find("token = \"env:XUEBAN_QQ_TOKEN\"\n") != std::string::npos);
  CHECK(dump.find("hunter2") == std::string::npos);
}

TEST_CASE("dump: a literal token is not shown") {
  Folder folder;
  std::string text(example);
  text.replace(text.find("env:XUEBAN_QQ_TOKEN"), std::string_view("env:XUEBAN_QQ_TOKEN").size(), secret);
  folder.write("xueban.toml", text, fs::perms(0600));
  const std::string dump = bot::dump_config(*folder.read().config);
  CHECK(dump.find("hunter2") == std::string::npos);
  CHECK(dump.find("literal") != std::string::npos);
}

TEST_CASE("dump: what it prints of xueban.toml is read back as the same") {
  Folder folder;
  folder.write("xueban.toml",
               std::string(example) + "quiet_hours = \"off\"\nunasked_day = \"9/36h\"\nlength = \"off\"\n");
  const bot::ReadConfig read = folder.read();
  REQUIRE(read.config);
  const std::string dump = bot::dump_config(*read.config);
  folder.write("again.toml", dump.substr(0, dump.find("\n# groups")));
  const bot::ReadConfig again = folder.read("again.toml");
  CHECK(again.problems.empty());
  REQUIRE(again.config);
  CHECK(again.config->limits == read.config->limits);
  CHECK(again.config->data == read.config->data);
  CHECK(again.config->accounts[0].token.value() == secret);
}

TEST_CASE("shipped: the files are accepted and show the defaults") {
  const fs::path shipped = fs::path(XUEBAN_SOURCE) / "config";
  const bot::ReadConfig read =
      bot::read_config(shipped / "xueban.toml", [](const std::string&) { return std::nullopt; });
  for (const bot::Problem& problem : read.problems) MESSAGE(bot::printed(problem));
  CHECK(read.problems.empty());
  REQUIRE(read.config);
  CHECK(read.config->limits == bot::Limits{});
  CHECK(read.config->accounts.empty());
  CHECK(read.config->data == fs::path(XUEBAN_SOURCE) / "data");
  CHECK(read.config->content == fs::path(XUEBAN_SOURCE) / "content");
  const bot::GroupProfile& group = read.config->groups.fallback();
  CHECK(group.nicknames == Lines{"\u5b66\u4f34"});
  REQUIRE(group.pushes.size() == 1);
  CHECK(group.pushes[0].at == 8h);
  CHECK(group.enabled);
  for (const auto& key : bot::limits_keys()) {
    CAPTURE(key.name);
    CHECK(read.config->line((shipped / "xueban.toml").string(), "limits." + key.name) > 0);
  }
}

TEST_CASE("shipped: what is commented out is accepted too") {
  Folder folder;
  const auto uncommented = [](const fs::path& file) {
    std::ifstream stream(file);
    std::string text;
    bool example_begun = false;
    for (std::string line; std::getline(stream, line);) {
      const std::string bare = line.starts_with("# ") ? line.substr(2) : "";
      const bool setting =
          bare.starts_with("[[") || (bare.find(" = ") < 25 && bare[0] >= 'a' && bare[0] <= 'z');
      example_begun = example_begun || setting;
      if (setting && !bare.starts_with("certificate_authority")) text += bare + "\n";
    }
    return text;
  };
  const fs::path shipped = fs::path(XUEBAN_SOURCE) / "config";
  folder.write("xueban.toml", uncommented(shipped / "xueban.toml"));
  folder.write("groups/first.toml", uncommented(shipped / "groups/default.toml"));
  CHECK(folder.problems() == Lines{});
  const bot::ReadConfig read = folder.read();
  REQUIRE(read.config);
  REQUIRE(read.config->accounts.size() == 1);
  CHECK(read.config->groups.has_file("qq", "123456789"));
}
