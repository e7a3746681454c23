#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "bot/sandbox.hpp"

namespace {

std::string file_text(const std::string& path) {
  std::ifstream stream(std::string(XUEBAN_SOURCE "/") + path);
  REQUIRE(stream);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string played(const std::string& script, const std::string& language = "zh-CN") {
  std::ostringstream transcript;
  CHECK(bot::run_sandbox(XUEBAN_SOURCE "/content", language, XUEBAN_SOURCE "/tests/chats/" + script,
                         transcript) == 0);
  return transcript.str();
}

struct Practice {
  std::ostringstream out;
  bot::Sandbox sandbox;

  Practice() : sandbox(content(), bot::Instant{}, {.start = "2026-03-02 08:30"}, out) {}

  static std::shared_ptr<const bot::Content> content() {
    bot::Problems problems;
    return bot::load_content(XUEBAN_SOURCE "/content", problems);
  }

  std::string answer_to(const std::string& line) {
    out.str("");
    CHECK(sandbox.enter(line));
    return out.str();
  }
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a script gives the transcript that stands beside it") {
  CHECK(played("day.chat") == file_text("tests/chats/day.transcript"));
  CHECK(played("day-en.chat", "en") == file_text("tests/chats/day-en.transcript"));
}

TEST_CASE("the README shows the transcripts as they are") {
  const std::string readme = file_text("README.md");
  CHECK(contains(readme, file_text("tests/chats/day.transcript")));
  CHECK(contains(readme, file_text("tests/chats/day-en.transcript")));
}

TEST_CASE_FIXTURE(Practice, "a name before a colon speaks, and only a name of the group does") {
  CHECK(contains(answer_to("小王: 已学"), "小王 已学 L1"));
  CHECK(contains(answer_to("小张：已学"), "小张 已学 L1"));
  CHECK_FALSE(contains(answer_to("提醒: 已学"), "学伴"));
}

TEST_CASE_FIXTURE(Practice, "/as changes the speaker, /dm the place") {
  CHECK(contains(answer_to("/as 周书记"), "周书记"));
  CHECK(contains(answer_to("/dm"), "私聊"));
  CHECK(contains(answer_to("自检"), "学伴 ✉ 周书记: 自检"));
  answer_to("/group");
  CHECK(contains(answer_to("@学伴 菜单"), "自检"));
  CHECK(contains(answer_to("/as 孙悟空"), "没有“孙悟空”"));
}

TEST_CASE_FIXTURE(Practice, "quoting by number") {
  CHECK(contains(answer_to("L7"), "[2]"));
  CHECK(contains(answer_to(">2 看完了"), "已学 L7"));
  CHECK(contains(answer_to(">99 看完了"), "没有第 99 条"));
}

TEST_CASE_FIXTURE(Practice, "travelling shows what is pushed on the way") {
  CHECK(contains(answer_to("/time 明天 07:59"), "现在 周二 2026-03-03 07:59"));
  const std::string morning = answer_to("/time +3m");
  CHECK(contains(morning, "第1期"));
  const std::string days = answer_to("/time +3d");
  CHECK(contains(days, "第4期"));
  CHECK(contains(answer_to("/time 某一天"), "没看懂"));
  CHECK(contains(answer_to("/time 昨天"), "只能往后走"));
}

TEST_CASE_FIXTURE(Practice, "a name behind an at sign mentions that person") {
  answer_to("小李: 大家早");
  CHECK(contains(answer_to("周书记: @学伴 不理 @小李 2天"), "学伴 ✉ 周书记: 好，在那个群里不理 小李"));
  CHECK_FALSE(contains(answer_to("小李: L7"), "学伴"));
  CHECK(contains(answer_to("小王: L7"), "L7"));
  CHECK(contains(answer_to("周书记: 学伴 理 @小李"), "小李 说的指令照常回"));
  CHECK(contains(answer_to("小李: L7"), "学伴"));
}

TEST_CASE_FIXTURE(Practice,
                  "what is no command of the sandbox is said, and mentions of others are for others") {
  CHECK(contains(answer_to("/帮助"), "回数字就行"));
  CHECK_FALSE(contains(answer_to("@小王 今日一课"), "学伴"));
  CHECK_FALSE(sandbox.enter("/quit"));
}
