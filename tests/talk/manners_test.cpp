#include <doctest/doctest.h>

#include <fstream>

#include "tests/support/world.hpp"

using namespace std::chrono_literals;

namespace {

std::vector<std::string> lines_of(const std::string& file) {
  std::ifstream stream(std::string(XUEBAN_SOURCE "/tests/chats/") + file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE_FIXTURE(World, "the bot is silent on two hundred lines of ordinary talk") {
  const auto lines = lines_of("chatter.txt");
  REQUIRE(lines.size() >= 200);
  for (const std::string& line : lines) {
    INFO(line);
    group("一班").says("李四", line).hears_nothing();
  }
  CHECK(count("SELECT count(*) FROM inbox") == 0);
  CHECK(count("SELECT count(*) FROM outbox") == 0);
}

TEST_CASE_FIXTURE(World, "a command that mentions somebody else first is not for the bot") {
  group("一班").mentions_others("李四", "今日一课").hears_nothing();
}

TEST_CASE_FIXTURE(World, "a near miss gets one suggestion, and a full stop accepts it") {
  group("一班").says("李四", "学伴 今日一刻").hears("core.nearest", "今日一课");
  group("一班").says("王五", "。").hears_nothing();
  group("一班").says("李四", "。").hears("lesson.today");
}

TEST_CASE_FIXTURE(World, "a suggestion is open for two minutes and survives a restart") {
  group("一班").says("李四", "学伴 今日一刻").hears("core.nearest");
  restart();
  group("一班").says("李四", "。").hears("lesson.today");
  group("一班").says("王五", "学伴 今日一刻").hears("core.nearest");
  tick(3min);
  group("一班").says("王五", "。").hears_nothing();
}

TEST_CASE_FIXTURE(World, "an unknown word gets one hint, then ten minutes of silence for that person") {
  group("一班").says("李四", "学伴 变个魔术").hears("core.not_understood", "变个魔术");
  group("一班").says("李四", "学伴 再变一个").hears_nothing();
  group("一班").says("王五", "学伴 唱首歌").hears("core.not_understood");
  tick(10min);
  group("一班").says("李四", "学伴 再变一个").hears("core.not_understood");
  group("一班").says("李四", "再变一个").hears_nothing();
}

TEST_CASE_FIXTURE(World, "whoever only calls the bot hears that it is there, once") {
  group("一班").mentions_bot("李四", "").hears("core.here");
  group("一班").says("李四", "学伴").hears_nothing();
  group("一班").says("王五", "学伴，").hears("core.here");
  group("一班").says("赵六", "/").hears_nothing();
  private_chat("赵六").says("赵六", " ").hears_nothing();
}

TEST_CASE_FIXTURE(World, "the menu is numbered, and a number within two minutes does it") {
  group("一班").says("李四", "菜单").hears("menu.list", "1 今日一课");
  group("一班").says("王五", "1").hears_nothing();
  group("一班").says("李四", "1").hears("lesson.today");
  tick(1min);
  group("一班").says("李四", "/帮助").hears("menu.list");
  tick(3min);
  group("一班").says("李四", "1").hears_nothing();
}

TEST_CASE_FIXTURE(World, "the menu shows what the member may do") {
  make_admin("周书记");
  group("一班").says("周书记", "菜单").hears("menu.list", "自检");
  tick(2min);
  group("一班").says("李四", "菜单").hears("menu.list");
  CHECK(count("SELECT count(*) FROM outbox WHERE body LIKE '%自检%'") == 1);
}

TEST_CASE_FIXTURE(World, "only admins get the self-check; the others one private line") {
  make_admin("周书记");
  make_platform_owner("群主");
  group("一班").says("李四", "自检").hears_nothing();
  private_chat("李四").hears("core.not_allowed");
  group("一班").says("周书记", "自检").hears("health.report", "账号 qq：在线");
  tick(2min);
  group("一班").says("群主", "自检").hears("health.report");
  private_chat("周书记").says("周书记", "自检").hears("health.report", "一班");
  private_chat("群主").says("群主", "自检").hears("health.report");
  private_chat("李四").says("李四", "自检").hears("core.not_allowed");
}

TEST_CASE_FIXTURE(World, "anybody may ping, anywhere, as often as needed") {
  config.limits.per_group.reset();
  config.limits.per_account.reset();
  for (int i = 0; i < 30; ++i)
    group("一班").says("李四", "ping 你好 World").hears("ping.pong", "pong 你好 World");
  private_chat("陌生人").says("陌生人", "ping x").hears("ping.pong", "pong x");
  group("一班").says("李四", "ping不通了啊").hears_nothing();
  CHECK(count("SELECT count(*) FROM inbox") == 0);
}

TEST_CASE_FIXTURE(World, "the same message within five seconds is one message, and a command needs a pause") {
  config.limits.cooldown = 30s;
  group("一班").says("李四", "今日一课").hears("lesson.today");
  group("一班").says("李四", "每日一课").hears_nothing();
  tick(30s);
  group("一班").says("李四", "每日一课").hears("core.see_above");
  group("一班").says("李四", "L3").hears("lesson.full");
}

TEST_CASE_FIXTURE(World, "an answer that just stood there is not repeated") {
  group("一班").says("李四", "今日一课").hears("lesson.today");
  group("一班").says("王五", "今日一课").hears("core.see_above");
  group("一班").says("赵六", "今日一课").hears_nothing();
  tick(1min);
  group("一班").says("赵六", "今日一课").hears("lesson.today");
}

TEST_CASE_FIXTURE(World, "too many commands of one person: one private line, then five minutes of nothing") {
  config.limits.per_group.reset();
  config.limits.per_account.reset();
  for (int i = 1; i <= 10; ++i) group("一班").says("李四", "L" + std::to_string(i)).hears("lesson.full");
  group("一班").says("李四", "L11").hears_nothing();
  private_chat("李四").hears("core.too_many");
  group("一班").says("李四", "L12").hears_nothing();
  group("一班").says("王五", "L12").hears("lesson.full");
  tick(5min);
  group("一班").says("李四", "L12").hears("lesson.full");
}

TEST_CASE_FIXTURE(World, "what is over the pace of a group waits its turn, in order, and holds nobody else") {
  config.limits.per_group = bot::Rate{1, 20s};
  group("一班").says("李四", "今日一课").hears("lesson.today");
  group("一班").says("王五", "L3").hears_nothing();
  group("一班").says("赵六", "L5").hears_nothing();
  group("二班").says("孙七", "今日一课").hears("lesson.today");
  tick(10s);
  group("一班").hears("lesson.full", "L3 ").hears_nothing();
  tick(20s);
  group("一班").hears("lesson.full", "L5 ");
}

TEST_CASE_FIXTURE(World, "an answer that had to wait for a minute is dropped, its effect stays") {
  config.limits.per_group = bot::Rate{1, 2min};
  group("一班").says("李四", "今日一课").hears("lesson.today");
  group("一班").says("李四", "已学").hears_nothing();
  tick(3min);
  group("一班").hears_nothing();
  CHECK(count("SELECT count(*) FROM lesson_done") == 1);
  CHECK(count("SELECT count(*) FROM outbox WHERE state = 'missed'") == 1);
}

TEST_CASE_FIXTURE(World, "what arrives later than five minutes is booked, not answered") {
  delayed(10min);
  group("一班").says("李四", "已学").hears_nothing();
  group("一班").says("李四", "今日一课").hears_nothing();
  group("一班").says("李四", "学伴 胡说").hears_nothing();
  CHECK(count("SELECT count(*) FROM lesson_done") == 1);
}

TEST_CASE_FIXTURE(World, "the day of a late message is the day on which it was written") {
  at("2026-03-03 00:02");
  delayed(4min);
  group("一班").says("李四", "已学").hears("lesson.done");
  CHECK(count("SELECT count(*) FROM lesson_done WHERE day = '2026-03-02'") == 1);
}

TEST_CASE_FIXTURE(World, "English words work beside the Chinese ones, and a group can speak English") {
  bot::GroupProfile english = config.groups.fallback();
  english.account = "qq";
  english.chat = "class";
  english.language = "en";
  config.groups.add(english);
  group("class").says("Li", "/lesson").hears("lesson.today", "Think about it");
  group("class").says("Li", "done").hears("lesson.done", "Li read L1");
  group("class").says("Wang", "xueban, menu").hears("menu.list", "Answer with a number");
}

TEST_CASE_FIXTURE(World, "a group that is switched off hears nothing, not even a push") {
  at("2026-03-02 07:50");
  bot::GroupProfile off = config.groups.fallback();
  off.account = "qq";
  off.chat = "一班";
  off.enabled = false;
  config.groups.add(off);
  group("一班").says("李四", "今日一课").hears_nothing();
  tick(24h);
  group("一班").hears_nothing();
}

TEST_CASE("everything people type for a command is read as that command") {
  for (const std::string& line : lines_of("commands.txt")) {
    if (line.empty()) continue;
    const auto tab = line.find('\t');
    REQUIRE(tab != std::string::npos);
    const std::string typed = line.substr(0, tab);
    const std::string expected = line.substr(tab + 1);
    INFO(line);
    World world;
    world.make_admin("李四");
    World::Chat chat = world.group("一班");
    chat.says("李四", typed);
    if (expected == "silent") chat.hears_nothing();
    if (expected == "menu") chat.hears("menu.list");
    if (expected == "lesson.today" && typed.find("12") == std::string::npos) chat.hears("lesson.today");
    if (expected == "lesson.today" && typed.find("12") != std::string::npos) chat.hears("lesson.full", "L12");
    if (expected == "lesson.done") chat.hears("lesson.done");
    if (expected == "lesson.show") chat.hears("lesson.full");
    if (expected == "ping") chat.hears("ping.pong");
    if (expected == "health") chat.hears("health.report");
  }
}
