#include "bot/config/config.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "tests/support/config_folder.hpp"

namespace fs = std::filesystem;
using support::Folder;
using support::holds;
using support::kExample;
using support::kSecret;
using support::problem_of_line;
using namespace std::chrono_literals;

TEST_CASE("config: the example is accepted") {
  Folder folder;
  folder.write("xueban.toml", kExample);
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
  CHECK(config.accounts[0].token.value() == kSecret);
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
  CHECK(group.pushes[0].when.empty());
  CHECK(group.pushes[0].catch_up == 2h);
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

TEST_CASE("config: a file in the current folder finds its groups") {
  Folder folder;
  folder.write("xueban.toml", kExample);
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
  const auto environment = [](const std::string&) { return std::string(kSecret); };
  const bot::ReadConfig read = bot::read_config_text(kExample, folder.path("xueban.toml"), environment);
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
