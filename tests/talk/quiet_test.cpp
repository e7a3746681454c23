// A group that is left in peace for a while: what is taken in, what is said all the same, what comes at the
// end.
#include <doctest/doctest.h>

#include <utility>

#include "schedules/stored_rule.hpp"
#include "tests/support/reminding.hpp"

using namespace std::chrono_literals;

namespace {

/// 一班 has lessons at these times, 周书记 leads it; it is Monday 14:20.
struct Quiet : Afternoon {
  void lessons_at(std::vector<std::chrono::minutes> times, bool urgent = false) {
    schedules::Rule rule;
    rule.times = std::move(times);
    bot::GroupProfile own = profile("一班");
    own.pushes = {
        {.occasion = "lesson", .subject = "daily", .when = schedules::stored(rule), .urgent = urgent}};
    config.groups.add(own);
  }
  std::int64_t held() { return count("SELECT count(*) FROM held"); }
  std::int64_t quiet_groups() { return count("SELECT count(*) FROM quiet"); }
};

}  // namespace

// ---- the time of quiet ----------------------------------------------------------------------------------

TEST_CASE_FIXTURE(Quiet, "quiet: an admin asks for two hours; what was kept comes as one digest") {
  lessons_at({15h, 16h, 17h});
  here().says("周书记", "安静 2小时").hears("quiet.begun", "到 16:20 前只收不发；紧急通知除外。");
  until_just_before("16:20");
  here().hears_nothing();
  CHECK(held() == 2);
  until("16:21");
  here().hears("core.digest", "安静时攒下 2 条").hears_nothing();
  CHECK(held() == 0);
  until("17:01");
  here().hears("lesson.push");
}

TEST_CASE_FIXTURE(Quiet, "quiet: nothing was kept, nothing is said at the end; one message comes as it is") {
  SUBCASE("nothing") {
    here().says("周书记", "安静 2小时").hears("quiet.begun");
    until("17:00");
    here().hears_nothing();
  }
  SUBCASE("one") {
    lessons_at({15h});
    here().says("周书记", "安静 2小时").hears("quiet.begun");
    until("16:21");
    here().hears("core.digest", "想一想");
  }
}

TEST_CASE_FIXTURE(Quiet, "quiet: an admin ends it at once, and the digest comes") {
  lessons_at({15h, 15h + 10min, 17h});
  here().says("周书记", "安静 2小时").hears("quiet.begun");
  until("15:20");
  here().hears_nothing();
  here().says("周书记", "恢复").hears("quiet.ended");
  tick(5s);
  here().hears("core.digest", "2 条").hears_nothing();
  here().says("周书记", "恢复").hears_nothing();
  here().says("周书记", "学伴 恢复").hears("quiet.not_quiet", "恢复 T3");
  until("17:01");
  here().hears("lesson.push");
}

TEST_CASE_FIXTURE(Quiet, "quiet: whoever quotes the bot's own answer ends it too") {
  here().says("周书记", "安静 2小时").hears("quiet.begun");
  here().quotes("周书记", "恢复").hears("quiet.ended");
}

TEST_CASE_FIXTURE(Quiet, "quiet: to resume a reminder is something else") {
  here().says("周书记", "安静 2小时").hears("quiet.begun");
  here().says("周书记", "学伴 明天9点提醒大家开会").hears("reminder.made", "T1");
  here().quotes("周书记", "停").hears("reminder.paused");
  SUBCASE("by a quote") {
    here().quotes("周书记", "恢复").hears("reminder.resumed");
  }
  SUBCASE("by its number") {
    here().says("周书记", "恢复 T1").hears("reminder.resumed");
  }
  tick(3s);
  here().says("周书记", "恢复").hears("quiet.ended");
}

TEST_CASE_FIXTURE(Quiet, "quiet: it survives a restart, and so does what was kept") {
  lessons_at({15h, 16h});
  here().says("周书记", "安静 2小时").hears("quiet.begun");
  restart();
  until("15:30");
  here().hears_nothing();
  restart();
  here().says("李四", "今日一课").hears_nothing();
  private_chat("李四").hears("lesson.today");
  until("16:21");
  here().hears("core.digest", "2 条");
}

TEST_CASE_FIXTURE(Quiet, "quiet: also when the program was off at its end") {
  lessons_at({15h, 15h + 30min});
  here().says("周书记", "安静 2小时").hears("quiet.begun");
  until("15:40");
  off(1h);
  tick(1s);
  here().hears("core.digest", "2 条");
}

TEST_CASE_FIXTURE(Quiet, "quiet: a new end takes the place of the old one") {
  lessons_at({15h, 15h + 10min, 16h});
  SUBCASE("later") {
    here().says("周书记", "安静 1小时").hears("quiet.begun", "15:20");
    until("15:05");
    here().says("周书记", "安静 2小时").hears("quiet.begun", "17:05");
    until("17:04");
    here().hears_nothing();
    until("17:06");
    here().hears("core.digest", "3 条");
  }
  SUBCASE("earlier") {
    here().says("周书记", "安静 3小时").hears("quiet.begun", "17:20");
    until("15:15");
    here().says("周书记", "安静 5分钟").hears("quiet.begun", "15:20");
    until("15:21");
    here().hears("core.digest", "2 条");
    until("16:01");
    here().hears("lesson.push");
  }
}

TEST_CASE_FIXTURE(Quiet, "quiet: a digest that falls into the night waits for the morning") {
  lessons_at({21h});
  here().says("周书记", "安静到晚上11点").hears("quiet.begun", "23:00");
  until("明天 06:59");
  here().hears_nothing();
  until("07:01");
  here().hears("core.digest");
}

TEST_CASE_FIXTURE(Quiet, "quiet: a quiet of days keeps what it silenced until its end") {
  lessons_at({9h});
  here().says("周书记", "安静 3天").hears("quiet.begun", "周四 2026-03-05 14:20");
  until("2026-03-05 14:21");
  here().hears("core.digest", "3 条");
}

TEST_CASE_FIXTURE(Quiet, "quiet: what is urgent passes") {
  lessons_at({15h}, true);
  here().says("周书记", "安静 2小时").hears("quiet.begun");
  until("15:01");
  here().hears("lesson.push");
}

TEST_CASE_FIXTURE(Quiet, "quiet: another group hears as ever") {
  here().says("周书记", "安静 2小时").hears("quiet.begun");
  group("二班").says("孙七", "今日一课").hears("lesson.today");
}

TEST_CASE_FIXTURE(Quiet, "quiet: how people say it, and until when") {
  const std::vector<std::pair<std::string, std::string>> said = {
      {"安静", "15:20"},
      {"安静！", "15:20"},
      {"安静2小时", "16:20"},
      {"安静半小时", "14:50"},
      {"安静 两个半小时", "16:50"},
      {"安静到16:00", "16:00"},
      {"安静到明早8点", "周二 2026-03-03 08:00"},
      {"安静 到周五下午3点", "周五 2026-03-06 15:00"},
      {"学伴 安静", "15:20"},
      {"学伴，安静2小时吧", "16:20"},
      {"学伴 安静一下", "15:20"},
      {"学伴 闭嘴", "15:20"},
      {"学伴 别吵了", "15:20"},
      {"学伴 少说点", "15:20"},
      {"/别吵 2小时", "16:20"},
      {"学伴 闭嘴2小时", "16:20"},
      {"/quiet 2 hours", "16:20"},
      {"quiet until 20:00", "20:00"},
      {"/hush for half an hour", "14:50"},
      {"/quiet", "15:20"},
  };
  for (const auto& [typed, until_then] : said) {
    INFO(typed);
    World world;
    world.at("2026-03-02 14:20");
    world.make_admin("周书记");
    world.group("一班").says("周书记", typed).hears("quiet.begun", "到 " + until_then + " 前只收不发");
  }
}

TEST_CASE_FIXTURE(Quiet, "quiet: what cannot be an end is said, to whoever called the bot") {
  here().says("周书记", "学伴 安静 到下班").hears("quiet.which_time", "下班");
  tick(3s);
  here().says("周书记", "学伴 安静到今天8点").hears("quiet.past");
  tick(3s);
  here().says("周书记", "学伴 安静 8天").hears("quiet.too_long", "最多 7 天");
  tick(3s);
  here().says("周书记", "学伴 安静 每天8点").hears("quiet.which_time");
  tick(3s);
  here().says("周书记", "学伴 安静 7天").hears("quiet.begun", "周一 2026-03-09 14:20");
}

TEST_CASE_FIXTURE(Quiet, "quiet: in private it does not know for which group") {
  private_chat("周书记").says("周书记", "安静 2小时").hears("quiet.in_group");
  private_chat("周书记").says("周书记", "恢复").hears("quiet.in_group");
  private_chat("周书记").says("周书记", "不理 1234").hears("quiet.in_group");
  CHECK(quiet_groups() == 0);
}

// ---- silences -------------------------------------------------------------------------------------------

TEST_CASE_FIXTURE(Quiet, "quiet: members say such words to each other") {
  for (const char* talk : {"大家安静一下", "安静",         "安静 2小时", "安静2小时",
                           "安静一下",     "安静点",       "安静！！",   "安静到明早8点",
                           "闭嘴",         "别吵",         "别吵了",     "别吵，到时候见真章",
                           "少说点",       "恢复",         "恢复了",     "恢复了吗大家",
                           "quiet",        "quiet please", "be quiet",   "不理他",
                           "别理 他",      "不理 1234",    "理",         "不理名单",
                           "别@我",        "可以@我",      "别我",       "don't mention me"}) {
    INFO(talk);
    here().says("李四", talk).hears_nothing();
    private_chat("李四").hears_nothing();
    tick(6s);
  }
  CHECK(quiet_groups() == 0);
  CHECK(count("SELECT count(*) FROM outbox") == 0);
}

TEST_CASE_FIXTURE(Quiet, "quiet: so do admins") {
  for (const char* talk : {"大家安静一下", "安静一下", "安静点", "安静了", "安静吧", "安静的夜晚",
                           "安静 大家听我说", "安静，我们开会", "闭嘴", "别吵了", "别吵 2小时", "少说点",
                           "恢复", "恢复了", "恢复 正常了", "别理他", "不理 1234", "理"}) {
    INFO(talk);
    here().says("周书记", talk).hears_nothing();
    private_chat("周书记").hears_nothing();
    tick(6s);
  }
  here().says_about("周书记", "别理 ", "李四").hears_nothing();
  CHECK(quiet_groups() == 0);
  CHECK(count("SELECT count(*) FROM ignored") == 0);
  CHECK(count("SELECT count(*) FROM outbox") == 0);
}

TEST_CASE_FIXTURE(Quiet, "quiet: nobody is told that such words came too late, and members' change nothing") {
  delayed(10min);
  for (const char* talk : {"安静", "恢复了", "别@我", "安静 2小时"})
    here().says("李四", talk).hears_nothing();
  here().says("周书记", "别@我").hears_nothing();
  private_chat("周书记").hears_nothing();
  private_chat("李四").hears_nothing();
  CHECK(quiet_groups() == 0);
}

TEST_CASE_FIXTURE(Quiet, "quiet: asked for while the bot could not hear, it counts from when it was said") {
  lessons_at({15h, 16h + 15min});
  delayed(10min);
  here().says("周书记", "安静 2小时").hears_nothing();
  delayed(0s);
  until("16:09");
  here().hears_nothing();
  CHECK(held() == 1);
  until("16:11");
  here().hears("core.digest", "想一想");
  until("16:16");
  here().hears("lesson.push");
}

TEST_CASE_FIXTURE(Quiet, "quiet: what was asked for before it does not end it, however late that comes") {
  here().says("周书记", "安静 2小时").hears("quiet.begun");
  tick(1min);
  delayed(10min);
  here().says("周书记", "恢复").hears_nothing();
  here().says("周书记", "安静 5分钟").hears_nothing();
  delayed(0s);
  tick(10min);
  here().says("周书记", "自检").hears("health.report", "本群安静到 周一 2026-03-02 16:20");
  delayed(6min);
  here().says("周书记", "恢复").hears_nothing();
  delayed(0s);
  tick(70s);
  here().says("周书记", "学伴 恢复").hears("quiet.not_quiet");
}

TEST_CASE_FIXTURE(Quiet, "quiet: a member who calls the bot is told in private that it needs an admin") {
  here().says("李四", "学伴 安静 2小时").hears_nothing();
  private_chat("李四").hears("core.not_allowed");
  CHECK(quiet_groups() == 0);
}

TEST_CASE_FIXTURE(Quiet, "quiet: the words of this feature are never suggested") {
  here().says("李四", "学伴 不行").hears("core.not_understood");
  tick(10min);
  here().says("李四", "学伴 别吃").hears("core.not_understood");
  tick(10min);
  here().says("李四", "学伴 不理解").hears("core.not_understood");
}

// ---- what members hear of a quiet group -----------------------------------------------------------------

TEST_CASE_FIXTURE(Quiet,
                  "quiet: what members do is booked without a word, what they ask is answered in private") {
  here().says("李四", "今日一课").hears("lesson.today");
  here().says("周书记", "安静 2小时").hears("quiet.begun");
  here().says("李四", "已学").hears_nothing();
  private_chat("李四").hears_nothing();
  CHECK(count("SELECT count(*) FROM lesson_done") == 1);
  here().says("李四", "L3").hears_nothing();
  private_chat("李四").hears("lesson.full");
  here().says("李四", "学伴 提醒我明天下午3点交报告").hears_nothing();
  private_chat("李四").hears("reminder.made", "周二 2026-03-03 15:00");
  here().says("李四", "学伴 提醒我昨天下午3点交报告").hears_nothing();
  private_chat("李四").hears("reminder.past");
  CHECK(planned() == 1);
  here().says("李四", "学伴 变个魔术").hears_nothing();
  here().says("李四", "学伴").hears_nothing();
  private_chat("李四").hears_nothing();
  here().says("周书记", "L3").hears("lesson.full");
  here().says("周书记", "学伴 变个魔术").hears("core.not_understood");
  here().says("周书记", "已学").hears("lesson.done");
}

TEST_CASE_FIXTURE(Quiet, "quiet: the menu comes in private, and so does its choice") {
  here().says("周书记", "安静 2小时").hears("quiet.begun");
  here().says("李四", "菜单").hears_nothing();
  private_chat("李四").hears("menu.list");
  private_chat("李四").says("李四", "1").hears("lesson.today");
}

TEST_CASE_FIXTURE(Quiet, "quiet: where the platform lets the bot write to nobody, questions get no answer") {
  bot::Capabilities deaf_in_private;
  deaf_in_private.push = false;
  allow(deaf_in_private);
  here().says("周书记", "安静 2小时").hears("quiet.begun");
  here().says("李四", "今日一课").hears_nothing();
  private_chat("李四").hears_nothing();
  here().says("李四", "已学").hears_nothing();
  CHECK(count("SELECT count(*) FROM lesson_done") == 1);
}

TEST_CASE_FIXTURE(Quiet, "quiet: a refusal is told in private as ever") {
  here().says("周书记", "安静 2小时").hears("quiet.begun");
  here().says("李四", "自检").hears_nothing();
  private_chat("李四").hears("core.not_allowed");
}

TEST_CASE_FIXTURE(Quiet, "quiet: answers that were collected are not told together in it") {
  config.limits.merge_window = 60s;
  here().says("李四", "今日一课").hears("lesson.today");
  here().says("李四", "已学").hears_nothing();
  here().says("周书记", "安静 2小时").hears("quiet.begun");
  here().says("王五", "已学").hears_nothing();
  tick(2min);
  here().hears_nothing();
  CHECK(count("SELECT count(*) FROM lesson_done") == 2);
  CHECK(count("SELECT count(*) FROM merged") == 0);
}

TEST_CASE_FIXTURE(Quiet, "quiet: what somebody wants to be reminded of comes in private") {
  here().says("李四", "学伴 15点提醒我交报告").hears("reminder.made");
  here().says("李四", "学伴 17点提醒我回家").hears("reminder.made");
  here().says("周书记", "安静 2小时").hears("quiet.begun");
  until("15:01");
  here().hears_nothing();
  private_chat("李四").hears("reminder.due", "交报告");
  until("17:01");
  here().hears("reminder.due", "@李四 提醒您：回家");
}

TEST_CASE_FIXTURE(Quiet,
                  "quiet: or, where the platform lets the bot write to nobody, at the end and by name") {
  here().says("李四", "学伴 15点提醒我交报告").hears("reminder.made");
  here().says("周书记", "安静 2小时").hears("quiet.begun");
  bot::Capabilities closed;
  closed.push = false;
  allow(closed);
  until("16:19");
  here().hears_nothing();
  private_chat("李四").hears_nothing();
  until("16:21");
  here().hears("core.digest", "@李四 提醒您：交报告");
  CHECK_FALSE(mentions_anybody(transcript().back()));
}

TEST_CASE_FIXTURE(Quiet, "quiet: the self-check says so") {
  here().says("周书记", "安静 2小时").hears("quiet.begun");
  here().says("周书记", "自检").hears("health.report", "本群安静到 周一 2026-03-02 16:20");
  here().says("周书记", "恢复").hears("quiet.ended");
  tick(70s);
  here().says("周书记", "自检").hears("health.report");
  CHECK(transcript().back().text.find("安静") == std::string::npos);
}

TEST_CASE_FIXTURE(Quiet, "quiet: whoever asks why nothing was sent hears of it") {
  lessons_at({15h});
  here().says("周书记", "安静 2小时").hears("quiet.begun");
  until("15:05");
  here().says("周书记", "学伴 为什么没发").hears("record.quiet", "安静到 周一 2026-03-02 16:20");
  here().says("周书记", "恢复").hears("quiet.ended");
  tick(70s);
  here().hears("core.digest");
  here().says("周书记", "学伴 为什么没发").hears("record.all_sent");
}
