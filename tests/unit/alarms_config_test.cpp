#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "bot/config/alarm_reader.hpp"
#include "tests/support/config_folder.hpp"

namespace fs = std::filesystem;
using support::Folder;
using support::holds;
using support::kExample;
using support::problem_of_line;
using support::problems_of;
using namespace std::chrono_literals;

namespace {

constexpr const char* kWebhook = "https://hooks.example/send?key=hunter2";

/// The example with alarms behind it, from line 13.
class AlarmFolder : public Folder {
 public:
  explicit AlarmFolder(const std::string& alarms) {
    write("xueban.toml", std::string(kExample) + alarms);
    variables["HOOK"] = kWebhook;
  }
};

/// What is reported for one alarm at line 1, with its key at line 2.
Lines problems_of_alarm(const std::string& lines) {
  Folder folder;
  folder.variables["HOOK"] = kWebhook;
  folder.write("xueban.toml", "[[alarm]]\n" + lines + "\n");
  return folder.problems();
}

}  // namespace

TEST_CASE("alarm: the three ways") {
  const AlarmFolder folder(
      "[[alarm]]\naccount = \"qq\"\nto = 12345678\n"
      "[[alarm]]\nwebhook = \"env:HOOK\"\npreset = \"feishu\"\n"
      "[[alarm]]\ncommand = [\"/bin/cat\", \"-\", \"two words\"]\n");
  CHECK(folder.problems() == Lines{});
  const auto config = folder.read().config;
  REQUIRE(config);
  REQUIRE(config->alarms.size() == 3);
  CHECK(config->alarms[0].account == "qq");
  CHECK(config->alarms[0].to == "12345678");
  CHECK(config->alarms[1].webhook.value() == kWebhook);
  CHECK(config->alarms[1].preset == "feishu");
  CHECK(config->alarms[2].command == Lines{"/bin/cat", "-", "two words"});
  CHECK(config->alarm_after == 3min);
  CHECK(bot::unwatched_accounts(*config).empty());
}

TEST_CASE("alarm: exactly one way, with what belongs to it") {
  for (const char* lines : {"", "account = \"qq\"\nto = \"1\"\nwebhook = \"env:HOOK\"",
                            "webhook = \"env:HOOK\"\ncommand = [\"/bin/cat\"]"}) {
    CAPTURE(lines);
    const Lines problems = problems_of_alarm(lines);
    CHECK(holds(
        problems,
        "xueban.toml:1: an alarm goes exactly one way \u2014 write one of account, webhook and command"));
  }
  for (const char* lines : {"account = \"qq\"", "account = \"qq\"\nto = \"1\"\ngroup = \"2\""}) {
    CHECK(holds(problems_of_alarm(lines), "xueban.toml:1: this alarm needs one person or one group"));
  }
  CHECK(holds(problems_of_alarm("webhook = \"env:HOOK\"\nto = \"1\""), "to is for an alarm with account"));
  CHECK(holds(problems_of_alarm("command = [\"/bin/cat\"]\npreset = \"wecom\""),
              "preset is for an alarm with webhook"));
  CHECK(holds(problems_of_alarm("webhook = \"env:HOOK\"\npreset = \"slack\""),
              "preset \"slack\" is not supported"));
  CHECK(problems_of("alarm = 5\n") ==
        Lines{"xueban.toml:1: alarm must be a list of tables \u2014 write [[alarm]] "
              "with two brackets, once for each way"});
  CHECK(holds(problems_of("[alarm]\nto = \"1\"\n"), "two brackets"));
}

TEST_CASE("alarm: an account that does not exist") {
  CHECK(problems_of_alarm("account = \"qq2\"\nto = \"1\"") ==
        Lines{"xueban.toml:1: this alarm goes through the account \"qq2\", which does not exist \u2014 use "
              "the name of "
              "an [[account]]"});
}

TEST_CASE("alarm: a secret signs where the platform signs") {
  AlarmFolder folder("[[alarm]]\nwebhook = \"env:HOOK\"\npreset = \"dingtalk\"\nsecret = \"env:WORD\"\n");
  folder.variables["WORD"] = "open-sesame";
  CHECK(folder.problems() == Lines{});
  CHECK(folder.read().config->alarms[0].secret.value() == "open-sesame");
  CHECK(bot::dump_config(*folder.read().config).find("open-sesame") == std::string::npos);
  CHECK(holds(problems_of_alarm("webhook = \"env:HOOK\"\npreset = \"wecom\"\nsecret = \"env:HOOK\""),
              "xueban.toml:1: secret means nothing to the preset wecom"));
  CHECK(holds(problems_of_alarm("command = [\"/bin/cat\"]\nsecret = \"env:HOOK\""),
              "secret is for an alarm with webhook"));
}

TEST_CASE("alarm: an account that only speaks has no private chats") {
  const std::string robot = "[[account]]\nname = \"robot\"\nplatform = \"feishu\"\nwebhook = \"env:HOOK\"\n";
  const AlarmFolder one(robot + "[[alarm]]\naccount = \"robot\"\nto = \"1\"\n");
  CHECK(holds(one.problems(), "the account \"robot\" is a webhook and writes to its one group only"));
  const AlarmFolder group(robot + "[[alarm]]\naccount = \"robot\"\ngroup = \"robot\"\n");
  CHECK(group.problems() == Lines{});
}

TEST_CASE("alarm: a webhook is https and is never shown") {
  AlarmFolder folder("[[alarm]]\nwebhook = \"env:HOOK\"\n");
  CHECK(bot::dump_config(*folder.read().config).find("\nwebhook = \"env:HOOK\"\npreset = \"plain\"\n") !=
        std::string::npos);
  CHECK(bot::dump_config(*folder.read().config).find("hunter2") == std::string::npos);
  for (const char* bad : {"", "http://hooks.example/hunter2", "ftp://hunter2", "https://a/hunter2 x"}) {
    folder.variables["HOOK"] = bad;
    const Lines problems = folder.problems();
    REQUIRE(problems.size() == 1);
    CHECK(problems.front().starts_with("xueban.toml:14: the webhook's address from env:HOOK "));
    CHECK_FALSE(holds(problems, "hunter2"));
  }
  folder.variables["HOOK"] = "http://127.0.0.1:9/hunter2";
  CHECK(folder.problems() == Lines{});
  folder.write("xueban.toml", "[[alarm]]\nwebhook = \"" + std::string(kWebhook) + "\"\n");
  CHECK(holds(folder.problems(), "the webhook's address is written here and others can read this file"));
}

TEST_CASE("alarm: a command is a program that can be run") {
  CHECK(
      holds(problems_of_alarm("command = []"), "xueban.toml:2: command does not begin with the whole path"));
  CHECK(holds(problems_of_alarm("command = [\"notify\"]"), "there is no shell"));
  CHECK(holds(problems_of_alarm("command = [\"/no/such\"]"), "command /no/such cannot be run"));
  CHECK(holds(problems_of_alarm("command = \"/bin/cat\""), "command must be a list, not text"));
}

TEST_CASE("alarm_after: one second to five minutes") {
  CHECK(problem_of_line("alarm_after = \"1s\"").empty());
  CHECK(problem_of_line("alarm_after = \"5m\"").empty());
  for (const char* bad : {"\"6m\"", "\"500ms\"", "\"off\""}) {
    CHECK(problem_of_line(std::string("alarm_after = ") + bad) ==
          "xueban.toml:2: alarm_after is no time from one second to five minutes \u2014 such as alarm_after "
          "= \"3m\"");
  }
  CHECK(problem_of_line("alarm_after = 3").find("must be a duration in quotes") != std::string::npos);
}

TEST_CASE("alarm: who would be told of nothing") {
  const auto warned = [](const std::string& alarms) {
    const AlarmFolder folder(alarms);
    Lines lines;
    for (const auto& problem : bot::unwatched_accounts(*folder.read().config))
      lines.push_back(folder.relative(bot::printed(problem)));
    return lines;
  };
  const Lines nobody{
      "xueban.toml: warning: nobody will be told when the account qq is cut off \u2014 add an [[alarm]] that "
      "does not go through it, such as webhook = \"env:XUEBAN_ALARM_WEBHOOK\""};
  CHECK(warned("") == nobody);
  CHECK(warned("[[alarm]]\naccount = \"qq\"\nto = \"1\"\n") == nobody);
  CHECK(warned("[[alarm]]\ncommand = [\"/bin/cat\"]\n").empty());
}
