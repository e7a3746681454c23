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
              "xueban.toml:2: this account has no platform — add platform = \"onebot11\""});
  CHECK(problems_of(
            "\n[[account]]\nname = \"qq\"\nplatform = \"onebot11\"\ntoken = \"env:XUEBAN_QQ_TOKEN\"\n") ==
        Lines{"xueban.toml:2: this account has no url — add url = \"ws://127.0.0.1:3001/\""});
}

namespace {

/// What is reported for an account with these lines, its platform at line 3.
Lines problems_of_platform(const std::string& platform, const std::string& lines) {
  Folder folder;
  folder.variables["HOOK"] = "https://robot.example/send?key=hunter2";
  folder.variables["WORD"] = "open-sesame";
  folder.variables["KEY"] = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C";
  folder.write("xueban.toml", "[[account]]\nname = \"a\"\nplatform = \"" + platform + "\"\n" + lines);
  return folder.problems();
}

}  // namespace

TEST_CASE("account: each platform and transport with its keys") {
  const std::string token = "token = \"env:WORD\"\n";
  const std::string secret = "secret = \"env:WORD\"\n";
  const std::string hook = "webhook = \"env:HOOK\"\n";
  CHECK(problems_of_platform("onebot11", "transport = \"reverse\"\nself = \"10001\"\n" + token) == Lines{});
  CHECK(problems_of_platform("onebot11",
                             "transport = \"http\"\nurl = \"http://127.0.0.1:3000\"\nself = \"1\"\n" + token +
                                 secret) == Lines{});
  CHECK(problems_of_platform("wecom-webhook", hook) == Lines{});
  CHECK(problems_of_platform("wecom-robot", "self = \"BOT\"\n" + secret) == Lines{});
  CHECK(problems_of_platform("wecom-robot", "transport = \"callback\"\naes_key = \"env:KEY\"\n" + token) ==
        Lines{});
  for (const char* platform : {"webhook", "dingtalk", "feishu"}) {
    CHECK(problems_of_platform(platform, hook) == Lines{});
    CHECK(problems_of_platform(platform, hook + secret) == Lines{});
  }
}

TEST_CASE("account: a WeCom webhook may write markdown") {
  const std::string hook = "webhook = \"env:HOOK\"\n";
  for (const char* format : {"text", "markdown", "markdown_v2"}) {
    CAPTURE(format);
    CHECK(problems_of_platform("wecom-webhook", hook + "format = \"" + format + "\"\n") == Lines{});
  }
  CHECK(problems_of_platform("wecom-webhook", hook + "format = \"html\"\n").size() == 1);
  CHECK(holds(problems_of_platform("wecom-webhook", hook + "format = \"html\"\n"), "markdown_v2"));
  CHECK(problems_of_platform("dingtalk", hook + "format = \"markdown\"\n") ==
        Lines{"xueban.toml:1: format means nothing to dingtalk by post — delete it, or correct platform and "
              "transport"});
}

TEST_CASE("account: what a platform lacks, and what means nothing to it") {
  CHECK(problems_of_platform("feishu", "") ==
        Lines{"xueban.toml:1: this account has no webhook — add webhook = \"env:XUEBAN_WEBHOOK\""});
  CHECK(
      problems_of_platform("wecom-webhook", "webhook = \"env:HOOK\"\nsecret = \"env:WORD\"\n") ==
      Lines{
          "xueban.toml:1: secret means nothing to wecom-webhook by post — delete it, or correct platform and "
          "transport"});
  CHECK(problems_of_platform("dingtalk", "webhook = \"env:HOOK\"\nurl = \"https://robot.example/\"\n") ==
        Lines{"xueban.toml:1: url means nothing to dingtalk by post — delete it, or correct platform and "
              "transport"});
  CHECK(problems_of_platform("feishu", "webhook = \"env:HOOK\"\ntransport = \"reverse\"\n") ==
        Lines{"xueban.toml:1: feishu has no transport \"reverse\" — leave transport out, or see the README's "
              "table "
              "of accounts"});
}

TEST_CASE("account: a webhook's address is https, and is never shown") {
  Folder folder;
  folder.write("xueban.toml", "[[account]]\nname = \"a\"\nplatform = \"feishu\"\nwebhook = \"env:HOOK\"\n");
  for (const char* bad : {"robot.example/hunter2", "ws://hunter2", "http://robot.example/hunter2",
                          "https://robot.example/hunter2 x", ""}) {
    CAPTURE(bad);
    folder.variables["HOOK"] = bad;
    const Lines lines = folder.problems();
    REQUIRE(lines.size() == 1);
    CHECK(lines.front().starts_with("xueban.toml:4: the address from env:HOOK "));
    CHECK_FALSE(holds(lines, "hunter2"));
  }
  folder.variables["HOOK"] = "http://127.0.0.1:9/hunter2";
  CHECK(folder.problems() == Lines{});
  CHECK(bot::dump_config(*folder.read().config).find("hunter2") == std::string::npos);
  CHECK(folder.read().config->accounts[0].transport == "post");
}

TEST_CASE("account: the secret of Standard Webhooks is raw, or whsec_ and base64") {
  Folder folder;
  folder.write("xueban.toml",
               "[[account]]\nname = \"a\"\nplatform = \"webhook\"\nwebhook = \"http://127.0.0.1:9/x\"\n"
               "secret = \"env:WORD\"\n",
               fs::perms(0600));
  for (const char* good : {"raw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_Zg=="}) {
    folder.variables["WORD"] = good;
    CHECK_FALSE(holds(folder.problems(), "base64"));
  }
  for (const char* bad : {"whsec_", "whsec_Zg", "whsec_Zg=x", "whsec_Z===", "whsec_Z!=="}) {
    CAPTURE(bad);
    folder.variables["WORD"] = bad;
    CHECK(holds(folder.problems(), "xueban.toml:1: the secret begins with whsec_, and no base64 follows"));
  }
}

TEST_CASE("account: what is supported") {
  const Lines lines = problems_of(
      "[[account]]\nname = \"qq\"\nplatform = \"onebot12\"\ntransport = \"reverse\"\nurl = "
      "\"wss://bot.example/\"\n"
      "token = \"env:XUEBAN_QQ_TOKEN\"\n");
  CHECK(lines == Lines{"xueban.toml:3: platform \"onebot12\" is not supported — supported: onebot11, "
                       "wecom-webhook, wecom-robot, webhook, dingtalk, feishu"});
  CHECK(
      holds(problems_of_account("transport = \"pigeon\""),
            "xueban.toml:6: transport \"pigeon\" is not supported — supported: forward, reverse, http, post, "
            "connection, callback"));
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
  for (const char* url : {"", "ftp://127.0.0.1/", "127.0.0.1:3001", "ws://", "ws:///x", "ws://:3001",
                          "ws://h:", "ws://h:0", "ws://h:65536", "ws://h:x", "ws://h h", "WS://127.0.0.1"}) {
    CAPTURE(url);
    const Lines lines = problems_of_account(fmt::format("url = \"{}\"", url));
    CHECK(lines.size() == 1);
    CHECK(holds(lines, "xueban.toml:5: url "));
  }
}

TEST_CASE("account: an address of another protocol") {
  CHECK(problems_of_account("url = \"http://127.0.0.1/\"") ==
        Lines{"xueban.toml:1: url must begin with ws:// or wss:// here — compare it with the platform's "
              "settings"});
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
  CHECK(holds(folder.problems(), "xueban.toml:1: warning: certificate_authority has no effect without TLS"));
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
