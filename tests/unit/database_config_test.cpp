#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/support/config_folder.hpp"

namespace fs = std::filesystem;
using support::Folder;
using support::holds;
using support::kSecret;
using support::problem_of_line;

namespace {

const std::string kWithPassword = "postgresql://xueban:" + std::string(kSecret) + "@db.example/xueban";

/// The shown setting of a folder's xueban.toml.
std::string dumped(const Folder& folder) {
  const std::string dump = bot::dump_config(*folder.read().config);
  CHECK(dump.find("hunter2") == std::string::npos);
  const std::size_t begin = dump.find("database = ");
  return dump.substr(begin, dump.find("  ", begin) - begin);
}

}  // namespace

TEST_CASE("database: SQLite unless another is named") {
  Folder folder;
  for (const char* text : {"", "database = \"sqlite\"\n"}) {
    folder.write("xueban.toml", text);
    CHECK(folder.problems().empty());
    CHECK(folder.read().config->database.empty());
    CHECK(dumped(folder) == "database = \"sqlite\"");
  }
}

TEST_CASE("database: a connection string from the environment or a file") {
  Folder folder;
  folder.variables["XUEBAN_DATABASE"] = kWithPassword;
  folder.write("xueban.toml", "database = \"env:XUEBAN_DATABASE\"\n");
  CHECK(folder.problems().empty());
  CHECK(folder.read().config->database.value() == kWithPassword);
  CHECK(dumped(folder) == "database = \"env:XUEBAN_DATABASE\"");

  folder.write("database.secret", kWithPassword + "\n", fs::perms(0600));
  folder.write("xueban.toml", "database = \"file:database.secret\"\n");
  CHECK(folder.problems().empty());
  CHECK(folder.read().config->database.value() == kWithPassword);
  CHECK(dumped(folder) == "database = \"file:database.secret\"");
  fs::permissions(folder.path("database.secret"), fs::perms(0640));
  CHECK(
      folder.problems() ==
      Lines{
          "xueban.toml:1: others can read the connection string's file database.secret \u2014 run: chmod 600 "
          "database.secret"});
}

TEST_CASE("database: what is no connection string is refused, and not shown") {
  Folder folder;
  folder.write("xueban.toml", "database = \"env:XUEBAN_DATABASE\"\n");
  CHECK(folder.problems() ==
        Lines{"xueban.toml:1: the environment variable XUEBAN_DATABASE is not set \u2014 set XUEBAN_DATABASE "
              "before starting, or use database = \"file:PATH\""});
  for (const std::string& text : {std::string(), std::string(kSecret), kWithPassword + "\nx"}) {
    folder.variables["XUEBAN_DATABASE"] = text;
    const Lines lines = folder.problems();
    REQUIRE(lines.size() == 1);
    CHECK(lines.front().starts_with("xueban.toml:1: the connection string from env:XUEBAN_DATABASE "));
    CHECK(lines.front().find("hunter2") == std::string::npos);
  }
  CHECK(problem_of_line("database = \"postgres\"") ==
        "xueban.toml:2: database is neither \"sqlite\" nor a connection string of PostgreSQL \u2014 write "
        "database = "
        "\"sqlite\" or database = \"env:XUEBAN_DATABASE\"");
  CHECK(problem_of_line("database = 5") ==
        "xueban.toml:2: database must be text, not a whole number \u2014 such as database = \"sqlite\"");
}

TEST_CASE("database: a literal password needs a file that only its owner reads") {
  Folder folder;
  for (const std::string& connection : {kWithPassword, "host=db.example password=" + std::string(kSecret)}) {
    folder.write("xueban.toml", "database = \"" + connection + "\"\n", fs::perms(0644));
    CHECK(folder.problems() == Lines{"xueban.toml:1: the connection string is written here and others can "
                                     "read this file \u2014 run: chmod "
                                     "600 xueban.toml, or write database = \"env:XUEBAN_DATABASE\""});
    fs::permissions(folder.path("xueban.toml"), fs::perms(0600));
    CHECK(folder.problems() ==
          Lines{"xueban.toml:1: warning: the connection string is written here \u2014 safer: "
                "database = \"env:XUEBAN_DATABASE\""});
    CHECK(folder.read().config->database.value() == connection);
    CHECK(dumped(folder) == "database = \"(literal, not shown)\"");
  }
}

TEST_CASE("database: without a password it may be written down") {
  for (const char* connection : {"host=/run/postgresql dbname=xueban",
                                 "postgresql://xueban@db.example:5433/xueban", "postgresql:///xueban"}) {
    CHECK(problem_of_line(std::string("database = \"") + connection + "\"") == "");
  }
}
