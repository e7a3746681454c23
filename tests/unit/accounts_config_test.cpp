#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/config_folder.hpp"

namespace fs = std::filesystem;
using support::Folder;
using support::holds;
using support::kExample;
using support::kSecret;
using support::problems_of;
using support::problems_of_account;

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
  std::string text(kExample);
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
  folder.write("xueban.toml", kExample);
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
  std::string text(kExample);
  text.replace(text.find("env:XUEBAN_QQ_TOKEN"), std::string_view("env:XUEBAN_QQ_TOKEN").size(),
               "file:qq.token");
  folder.write("config/xueban.toml", text);
  CHECK(holds(folder.problems("config/xueban.toml"),
              "config/xueban.toml:8: the token's file config/qq.token does not exist"));
  folder.write("config/qq.token", std::string(kSecret) + "\r\n", fs::perms(0600));
  const bot::ReadConfig read = folder.read("config/xueban.toml");
  CHECK(read.problems.empty());
  REQUIRE(read.config);
  CHECK(read.config->accounts[0].token.value() == kSecret);
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
  std::string text(kExample);
  text.replace(text.find("env:XUEBAN_QQ_TOKEN"), std::string_view("env:XUEBAN_QQ_TOKEN").size(), kSecret);
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
  CHECK(folder.read().config->accounts[0].token.value() == kSecret);
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
  const std::string hidden(kSecret);
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
  folder.write("xueban.toml", kExample);
  folder.variables["XUEBAN_QQ_TOKEN"] = hidden + " " + hidden;
  CHECK(holds(folder.problems(), "xueban.toml:8: "));
  CHECK_FALSE(holds(folder.problems(), "hunter2"));
}
