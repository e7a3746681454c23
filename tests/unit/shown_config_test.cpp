#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "bot/config/limits_reader.hpp"
#include "tests/support/config_folder.hpp"

namespace fs = std::filesystem;
using support::Folder;
using support::kExample;
using support::kSecret;
using namespace std::chrono_literals;

TEST_CASE("dump: settings, where they come from, and no secret") {
  Folder folder;
  folder.write("xueban.toml", kExample);
  folder.write("groups/default.toml", "nicknames = [\"Pal\"]\n");
  folder.write("groups/a.toml",
               "chat = \"1\"\naccount = \"qq\"\n[[push]]\ntext = \"Fill in the log\"\nwhen = \"every day "
               "07:45\"\nexpires = \"30m\"\n");
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
  for (const char* setting : {"occasion = \"reminder\"", "column = \"Fill in the log\"",
                              "when = \"every day 07:45\"", "expires = \"30m\"", "coalesce = true"}) {
    CHECK(dump.find(std::string(setting) + "\n") != std::string::npos);
  }
  CHECK(dump.find("token = \"env:XUEBAN_QQ_TOKEN\"\n") != std::string::npos);
  CHECK(dump.find("hunter2") == std::string::npos);
}

TEST_CASE("dump: a literal token is not shown") {
  Folder folder;
  std::string text(kExample);
  text.replace(text.find("env:XUEBAN_QQ_TOKEN"), std::string_view("env:XUEBAN_QQ_TOKEN").size(), kSecret);
  folder.write("xueban.toml", text, fs::perms(0600));
  const std::string dump = bot::dump_config(*folder.read().config);
  CHECK(dump.find("hunter2") == std::string::npos);
  CHECK(dump.find("literal") != std::string::npos);
}

TEST_CASE("dump: what it prints of xueban.toml is read back as the same") {
  Folder folder;
  folder.write("xueban.toml",
               std::string(kExample) + "quiet_hours = \"off\"\nunasked_day = \"9/36h\"\nlength = \"off\"\n");
  const bot::ReadConfig read = folder.read();
  REQUIRE(read.config);
  const std::string dump = bot::dump_config(*read.config);
  folder.write("again.toml", dump.substr(0, dump.find("\n# groups")));
  const bot::ReadConfig again = folder.read("again.toml");
  CHECK(again.problems.empty());
  REQUIRE(again.config);
  CHECK(again.config->limits == read.config->limits);
  CHECK(again.config->data == read.config->data);
  CHECK(again.config->accounts[0].token.value() == kSecret);
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
  folder.variables["XUEBAN_DATABASE"] = "postgresql://db.example/xueban";
  folder.variables["XUEBAN_ALARM_WEBHOOK"] = "https://hooks.example/send?key=hunter2";
  folder.variables["XUEBAN_WEBHOOK"] = "https://robot.example/send?key=hunter2";
  folder.variables["XUEBAN_SECRET"] = "hunter2";
  folder.variables["XUEBAN_ROBOT_SECRET"] = "hunter3";
  folder.variables["XUEBAN_QQ2_TOKEN"] = "hunter4";
  folder.write("groups/first.toml", uncommented(shipped / "groups/default.toml"));
  CHECK(folder.problems() == Lines{});
  const bot::ReadConfig read = folder.read();
  REQUIRE(read.config);
  REQUIRE(read.config->accounts.size() == 5);
  CHECK(read.config->alarms.size() == 3);
  CHECK(read.config->groups.has_file("qq", "123456789"));
}
