// What the platform reports besides messages: mutes, who comes and goes, who wants something.
#include <doctest/doctest.h>

#include "tests/support/reminding.hpp"

using namespace std::chrono_literals;

namespace {

/// A morning with an admin, in a group that has its lesson at eight.
struct Morning : World {
  Morning() {
    make_admin("周书记");
    at("2026-03-02 07:50");
    here().says("李四", "大家早").hears_nothing();
  }
  Chat here() { return group("一班"); }
  Chat admin() { return private_chat("周书记"); }
  std::int64_t attempts() {
    return count(
        "SELECT count(*) FROM attempts JOIN outbox ON attempts.outbox = outbox.id WHERE chat = '一班'");
  }
  std::int64_t members_messages() { return figures().events; }
};

bot::MemberMuted muted_for(bot::Milliseconds duration) {
  return {"bot", duration, true};
}
bot::MemberMuted whole_group(std::optional<bot::Milliseconds> duration) {
  return {{}, duration, false};
}
const bot::MemberMuted kUnmuted{"bot", 0ms, true};

}  // namespace

TEST_CASE_FIXTURE(Morning, "a muted bot sends nothing into the group until the mute ends") {
  here().happens(muted_for(1h));
  admin().hears("core.muted", "到 周一 2026-03-02 08:50 为止").hears_nothing();
  here().says("李四", "今日一课").hears_nothing();
  tick(50min);
  here().says("李四", "学伴怎么不说话").hears_nothing();
  CHECK(attempts() == 0);
  admin().says("周书记", "自检").hears("health.report", "不让我说话的会话 1 个");
  tick(20min);
  here().hears("lesson.push", "第1期");
  here().says("李四", "今日一课").hears("lesson.today");
  admin().says("周书记", "自检").hears("health.report").hears_nothing();
}

TEST_CASE_FIXTURE(Morning, "a lifted mute frees the group at once") {
  here().happens(muted_for(24h));
  admin().hears("core.muted");
  tick(1h);
  here().hears_nothing().happens(kUnmuted);
  admin().hears("core.chat_again");
  tick(1min);
  here().hears("lesson.push");
}

TEST_CASE_FIXTURE(Morning, "nobody is bothered with a short mute, nor with its end") {
  here().happens(muted_for(9min)).says("李四", "今日一课").hears_nothing();
  tick(10min);
  admin().hears_nothing();
  tick(10min);
  here().hears("lesson.push");
  here().happens(muted_for(5min)).happens(kUnmuted);
  here().says("李四", "今日一课").hears("lesson.today");
  admin().hears_nothing();
}

TEST_CASE_FIXTURE(Morning, "a mute whose end nobody tells is tried again after a day") {
  here().happens(bot::MemberMuted{"bot", {}, true});
  admin().hears("core.muted", "没说到什么时候");
  tick(23h);
  here().hears_nothing();
  tick(2h);
  here().hears("lesson.push");
  admin().hears_nothing();
}

TEST_CASE_FIXTURE(Morning, "a mute of others, or of the whole group, holds nothing back by itself") {
  here().happens(bot::MemberMuted{"李四", 1h, false}).happens(whole_group({}));
  here().says("李四", "今日一课").hears("lesson.today");
  tick(15min);
  here().hears("lesson.push");
  admin().hears_nothing();
}

TEST_CASE_FIXTURE(Morning, "a muted group that refused is free again when the whole mute is lifted") {
  here().happens(whole_group({}));
  next_send(bot::Refused{"被禁言", true});
  tick(15min);
  admin().hears("core.chat_paused");
  here().hears_nothing().happens(whole_group(0ms));
  admin().hears("core.chat_again");
  here().says("李四", "今日一课").hears("lesson.today");
}

TEST_CASE_FIXTURE(Morning, "the end of the whole group's mute does not end the bot's own") {
  here().happens(muted_for(1h)).happens(whole_group({})).happens(whole_group(0ms));
  admin().hears("core.muted").hears_nothing();
  here().says("李四", "今日一课").hears_nothing();
  tick(65min);
  here().hears("lesson.push");
}

TEST_CASE_FIXTURE(Morning, "a bot that was removed tells the admin once and stays silent there") {
  here().happens(bot::MemberLeft{"bot", "群主", true}).happens(bot::MemberLeft{"bot", "群主", true});
  admin().hears("core.removed", "不在“一班”里了").hears_nothing();
  tick(24h * 3);
  here().hears_nothing();
  admin().hears_nothing();
  CHECK(attempts() == 0);
}

TEST_CASE_FIXTURE(Morning, "a bot that was taken in again speaks again") {
  here().happens(bot::MemberLeft{"bot", {}, true});
  admin().hears("core.removed");
  tick(15min);
  here().hears_nothing().happens(bot::MemberJoined{"bot", true});
  admin().hears("core.chat_again");
  tick(1min);
  here().hears("lesson.push");
}

TEST_CASE_FIXTURE(Morning, "a group that the bot is taken into is known before anybody speaks there") {
  group("二班").happens(bot::MemberJoined{"bot", true}).hears_nothing();
  CHECK(count("SELECT count(*) FROM known_groups WHERE chat = '二班'") == 1);
  tick(15min);
  here().hears("lesson.push");
  group("二班").hears("lesson.push");
}

TEST_CASE_FIXTURE(Morning, "other members may come, go, tap and take back as they like") {
  const std::int64_t before = members_messages();
  here()
      .happens(bot::MemberJoined{"小李", false})
      .happens(bot::MemberLeft{"小李", "群主", false})
      .happens(bot::MessageRecalled{"1", "李四"})
      .happens(bot::Poked{"李四", "bot", true})
      .hears_nothing();
  private_chat("李四").happens(bot::Poked{"李四", "bot", true}).hears_nothing();
  admin().hears_nothing();
  CHECK(members_messages() == before);
  CHECK(count("SELECT count(*) FROM outbox") == 0);
}

TEST_CASE_FIXTURE(Morning, "who wants something is told to the admin, who answers it at the platform") {
  private_chat("小李").happens(
      bot::Requested{bot::Requested::What::friendship, "小李", " 我是\n新学员\x1b[1m ", "f1"});
  admin().hears("core.request_friendship", "小李 想加我为好友，留言：我是 新学员\\x1b[1m\n").hears_nothing();
  here().happens(bot::Requested{bot::Requested::What::joining, "小王", "", "f2"}).hears_nothing();
  tick(5s);
  admin().hears("core.request_joining", "小王 申请加入“一班”\n");
  group("三班").happens(
      bot::Requested{bot::Requested::What::invitation, "小张", std::string(300, 'x'), "f3"});
  tick(5s);
  admin().hears("core.request_invitation", std::string(60, 'x') + "…\n").hears_nothing();
  private_chat("小李").hears_nothing();
}

TEST_CASE_FIXTURE(Morning, "a flood of requests is told three times an hour") {
  for (int i = 0; i < 20; ++i) {
    private_chat("小李").happens(bot::Requested{bot::Requested::What::friendship, "小李", "hi", "f"});
  }
  tick(5min);
  for (int i = 0; i < 3; ++i) admin().hears("core.request_friendship");
  admin().hears_nothing();
  tick(1h);
  here().hears("lesson.push");
  private_chat("小李").happens(bot::Requested{bot::Requested::What::friendship, "小李", "hi", "f"});
  admin().hears("core.request_friendship").hears_nothing();
}

TEST_CASE_FIXTURE(World, "without an admin nobody is told of requests, mutes and removals") {
  group("一班").says("李四", "大家早");
  group("一班").happens(bot::Requested{bot::Requested::What::joining, "小王", "", "f"});
  group("一班").happens(muted_for(1h)).happens(bot::MemberLeft{"bot", {}, true}).hears_nothing();
  private_chat("小王").hears_nothing();
  CHECK(count("SELECT count(*) FROM outbox") == 0);
}
