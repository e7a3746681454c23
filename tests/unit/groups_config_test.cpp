#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "tests/support/config_folder.hpp"

namespace fs = std::filesystem;
using support::Folder;
using support::holds;
using support::kExample;
using support::problems_of_group;
using namespace std::chrono_literals;

TEST_CASE("group: every key") {
  Folder folder;
  folder.write("xueban.toml", kExample);
  folder.write("groups/first.toml", R"(name = "Study group"
account = "qq"
chat = 123456789
language = "en"
timezone = "Asia/Urumqi"
admins = ["10001", 10002]
nicknames = ["Pal", "Study pal"]
enabled = false
[[push]]
[[push]]
occasion = "quiz"
column = "words"
when = "every day 18:05"
catch_up = "30m"
expires = "90m"
coalesce = false
sharp = true
cheerful = true
urgent = true
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
  CHECK(group.pushes[0] == bot::Push{.occasion = "lesson", .subject = "daily", .line = 9});
  CHECK(group.pushes[1] == bot::Push{.occasion = "quiz",
                                     .subject = "words",
                                     .when = "every day 18:05",
                                     .catch_up = 30min,
                                     .expires = 90min,
                                     .coalesce = false,
                                     .sharp = true,
                                     .cheerful = true,
                                     .urgent = true,
                                     .line = 10});
}

TEST_CASE("group: the one chat of a webhook needs no id") {
  Folder folder;
  folder.variables["HOOK"] = "https://robot.example/send?key=hunter2";
  folder.write("xueban.toml", std::string(kExample) +
                                  "[[account]]\nname = \"robot\"\nplatform = \"wecom-webhook\"\n"
                                  "webhook = \"env:HOOK\"\n");
  folder.write("groups/a.toml", "account = \"robot\"\n");
  CHECK(folder.problems() == Lines{});
  CHECK(folder.read().config->groups.has_file("robot", "robot"));
  folder.write("groups/b.toml", "account = \"robot\"\nchat = \"class\"\n");
  CHECK(folder.problems() == Lines{});
  CHECK(folder.read().config->groups.has_file("robot", "class"));
  folder.write("groups/b.toml", "account = \"robot\"\nname = \"the same\"\n");
  CHECK(holds(folder.problems(), "chat robot of account \"robot\" already has the file"));
  folder.write("groups/b.toml", "account = \"qq\"\n");
  CHECK(holds(folder.problems(), "groups/b.toml: this group has no chat"));
}

TEST_CASE("group: what is not set is inherited") {
  Folder folder;
  folder.write("xueban.toml", "language = \"en\"\n" + std::string(kExample));
  folder.write("groups/default.toml",
               "timezone = \"Asia/Urumqi\"\nnicknames = [\"Pal\"]\nadmins = [\"1\"]\nenabled = false\n"
               "[[push]]\nwhen = \"every day 09:00\"\n");
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
  CHECK(first.pushes[0].when == "every day 09:00");
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

TEST_CASE("group: a push is a column at its slot or a text at its time") {
  Folder folder;
  folder.write("xueban.toml", kExample);
  folder.write("groups/g.toml", R"(account = "qq"
chat = "1"
[[push]]
column = "news"
[[push]]
text = "Fill in the log"
when = "every workday 17:50"
[[push]]
occasion = "quiz"
)");
  const bot::ReadConfig read = folder.read();
  CHECK(read.problems.empty());
  REQUIRE(read.config);
  const std::vector<bot::Push>& pushes = read.config->groups.find("qq", "1").pushes;
  REQUIRE(pushes.size() == 3);
  CHECK(pushes[0] == bot::Push{.occasion = "lesson", .subject = "news", .line = 3});
  CHECK(pushes[1] ==
        bot::Push{
            .occasion = "reminder", .subject = "Fill in the log", .when = "every workday 17:50", .line = 5});
  CHECK(pushes[2] == bot::Push{.occasion = "quiz", .line = 8});
}

TEST_CASE("group: mistakes in a push") {
  const std::string start = "account = \"qq\"\nchat = \"1\"\n[[push]]\n";
  CHECK(holds(problems_of_group(start + "at = \"08:00\""), "groups/g.toml:4: unknown key \"at\""));
  CHECK(problems_of_group(start + "when = 08:00:00") ==
        Lines{"groups/g.toml:4: when must be text, not a time without quotes — such as when = \"every "
              "workday 08:00\""});
  CHECK(holds(problems_of_group(start + "when = \"\""), "groups/g.toml:4: when is empty"));
  CHECK(problems_of_group(start + "text = \"x\"") ==
        Lines{"groups/g.toml:3: this push has no time — add when = \"every workday 17:50\""});
  CHECK(problems_of_group(start + "column = \"news\"\ntext = \"x\"\nwhen = \"every day 08:00\"") ==
        Lines{"groups/g.toml:3: this push has a column and a text — delete one of the two"});
  CHECK(holds(problems_of_group(start + "catchup = \"1h\""), "did you mean \"catch_up\"?"));
  CHECK(holds(problems_of_group(start + "catch_up = \"90s\""),
              "groups/g.toml:4: catch_up = \"90s\" is not in whole minutes"));
  CHECK(holds(problems_of_group(start + "catch_up = \"2d\""), "is longer than a day"));
  CHECK(holds(problems_of_group(start + "expires = 2"), "groups/g.toml:4: expires must be a dur"));
  CHECK(holds(problems_of_group(start + "sharp = \"yes\""), "groups/g.toml:4: sharp must be true or false"));
  CHECK(holds(problems_of_group("account = \"qq\"\nchat = \"1\"\n[push]\nwhen = \"every day 08:00\""),
              "groups/g.toml:3: push must be a list of tables — write [[push]] with two brackets"));
}

TEST_CASE("group: the same thing is planned once, with all its times") {
  const std::string start = "account = \"qq\"\nchat = \"1\"\n[[push]]\nwhen = \"every day 08:00\"\n";
  CHECK(problems_of_group(start + "[[push]]\nwhen = \"every day 20:00\"\n") ==
        Lines{"groups/g.toml:5: lesson \"daily\" is planned twice — write all its times into one, such as "
              "when = \"every day 08:00, 20:00\""});
  CHECK(problems_of_group(start + "[[push]]\noccasion = \"quiz\"\ncolumn = \"daily\"\n").empty());
  CHECK(problems_of_group(start + "[[push]]\ncolumn = \"news\"\n").empty());
}

TEST_CASE("group: default.toml is nobody's own file") {
  Folder folder;
  folder.write("xueban.toml", kExample);
  folder.write("groups/default.toml", "account = \"qq\"\nchat = \"1\"\n");
  CHECK(
      folder.problems() ==
      Lines{"groups/default.toml:1: account has no place in default.toml — move it into the group's own file",
            "groups/default.toml:2: chat has no place in default.toml — move it into the group's own file"});
}

TEST_CASE("group: one file for each chat") {
  Folder folder;
  folder.write("xueban.toml", kExample);
  folder.write("groups/a.toml", "account = \"qq\"\nchat = \"1\"\n");
  folder.write("groups/b.toml", "account = \"qq\"\nchat = 1\n");
  CHECK(folder.problems() == Lines{"groups/b.toml:2: chat 1 of account \"qq\" already has the file "
                                   "groups/a.toml — delete one of the two "
                                   "files"});
}

TEST_CASE("group: files that are not read") {
  Folder folder;
  folder.write("xueban.toml", kExample);
  folder.write("groups/.hidden.toml", "x");
  folder.write("groups/notes.txt", "x");
  folder.write("groups/a.toml~", "x");
  CHECK(folder.problems().empty());
  fs::create_directory(folder.path("groups/folder.toml"));
  CHECK(holds(folder.problems(), "groups/folder.toml: this file is not a file"));
  Folder other;
  other.write("xueban.toml", kExample);
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
