// Reminders after they were planned: stopped, started, changed, ended, late, and never twice.
#include <doctest/doctest.h>

#include "tests/support/reminding.hpp"

using namespace std::chrono_literals;

TEST_CASE_FIXTURE(Reminding,
                  "stopped by its number it is silent until it is started, and owes nothing of the pause") {
  here().says("周书记", "学伴 每天12点提醒大家休息").hears("reminder.made", "T1 ");
  here().says("周书记", "停 T1").hears("reminder.paused", "T1 停了，不再提醒：休息。回“开 T1”再开。");
  until("2026-03-02 13:00");
  here().hears_nothing();
  SUBCASE("without a break") {}
  SUBCASE("across a restart") {
    restart();
  }
  SUBCASE("off for a day") {
    off(24h);
  }
  here().says("小李", "T1").hears("reminder.is_paused", "T1 停着：休息");
  until("2026-03-03 14:00");
  here().hears_nothing();
  here()
      .says("周书记", "开 T1")
      .hears("reminder.resumed", "T1 接着提醒：休息\n接下来（北京时间）：\n周三 2026-03-04 12:00");
  until_just_before("2026-03-04 12:00");
  here().hears_nothing();
  tick(1ms);
  here().hears("reminder.due", "【提醒】休息").hears_nothing();
}

TEST_CASE_FIXTURE(Reminding, "the ways to write it: with and without a space, a mark, width or English") {
  here().says("小李", "学伴 每天12点提醒我吃药").hears("reminder.made", "T1 ");
  for (const char* stop : {"停 T1", "停T1", "暂停 t1", "停 Ｔ１ ", "/停T1！", "学伴，停 T1 谢谢",
                           "停 T1 谢谢", "学伴 停止提醒 T1", "学伴 停 T1 航班", "stop T1", "pause t1"}) {
    INFO(stop);
    here().says("小李", stop).hears("reminder.paused", "T1 ");
    tick(61s);
    here().says("小李", "开 T1").hears("reminder.resumed", "T1 ");
    tick(61s);
  }
  for (const char* talk : {"停T1航站楼", "停在T1", "T1在哪", "开 车去T1", "我在T1等", "改签 T1",
                           "取消 T1 航班", "停T1 航站楼", "开 T1 的门"}) {
    INFO(talk);
    here().says("小李", talk).hears_nothing();
  }
  CHECK(planned() == 1);
  here().says("小李", "学伴 取消提醒 T1").hears("reminder.cancelled", "吃药");
}

TEST_CASE_FIXTURE(Reminding, "quoting what the bot said of it means it, before and after a restart") {
  here().says("小李", "学伴 每天12点提醒我吃药").hears("reminder.made", "T1 ");
  here().says("小李", "学伴 每天13点提醒我午睡").hears("reminder.made", "T2 ");
  here().quotes("小李", "停").hears("reminder.paused", "T2 ");
  here().quotes("小李", "开").hears("reminder.resumed", "T2 ");
  until("2026-03-02 12:00");
  here().hears("reminder.due", "吃药");
  restart();
  here().quotes("小王", "停").hears("reminder.unknown", "没有 T1");
  here().quotes("小王", "好的").hears_nothing();
  here().quotes_stranger("小李", "停").hears_nothing();
  until("2026-03-02 13:00");
  here()
      .hears("reminder.due", "午睡")
      .quotes("小李", "学伴 改 内容 小睡")
      .hears("reminder.changed", "T2 改好了：每天 13:00 提醒您：小睡");
  here()
      .quotes("小李", "学伴 改 时间 每天14点")
      .hears("reminder.changed", "T2 改好了：每天 14:00 提醒您：小睡");
  here().quotes("小李", "取消").hears("reminder.cancelled", "T2 取消了：小睡");
  CHECK(planned() == 1);
}

TEST_CASE_FIXTURE(Reminding, "the hour is changed, the words are changed, by whoever made it and by admins") {
  here().says("小李", "学伴 提醒我明天8点交报告").hears("reminder.made", "T1 ");
  here()
      .says("小李", "改 T1 时间 明天9点")
      .hears("reminder.changed", "T1 改好了：周二 2026-03-03 09:00（北京时间）提醒您：交报告");
  here()
      .says("小李", "改T1 明天10点")
      .hears("reminder.changed", "T1 改好了：周二 2026-03-03 10:00（北京时间）提醒您：交报告");
  here()
      .says("周书记", "改 T1 内容：交周报")
      .hears("reminder.changed", "周二 2026-03-03 10:00（北京时间）提醒您：交周报");
  here()
      .says("周书记", "改 T1 时间 每个工作日10点")
      .hears("reminder.changed",
             "T1 改好了：每个工作日 10:00 提醒您：交周报\n接下来（北京时间）：\n周一 2026-03-02 10:00\n周二 "
             "2026-03-03 10:00");
  here()
      .says("小李", "改 T1 时间 后天")
      .hears("reminder.changed", "周三 2026-03-04 09:00（北京时间）提醒您：交周报\n没说几点");
  until_just_before("2026-03-04 09:00");
  here().hears_nothing();
  tick(1ms);
  here().hears("reminder.due", "@小李 提醒您：交周报");
  tick(24h);
  here().hears_nothing().says("小李", "改 T1 时间 明天9点").hears("reminder.unknown", "没有 T1");
}

TEST_CASE_FIXTURE(Reminding, "a change that is not understood changes nothing") {
  here().says("小李", "学伴 提醒我今天10点交报告").hears("reminder.made", "T1 ");
  here().says("小李", "改 T1 时间 25点").hears("reminder.which_time", "25点");
  here().says("小李", "改 T1 今天8点").hears("reminder.past");
  here().says("小李", "改 T1 时间 开会前10分钟").hears("reminder.which_event");
  here().says("小李", "改 T1 内容").hears("reminder.of_what");
  std::string text;
  for (int i = 0; i < 201; ++i) text += "长";
  here().says("小李", "学伴 改 T1 内容 " + text).hears("reminder.too_long");
  until("2026-03-02 10:00");
  here().hears("reminder.due", "交报告");
}

TEST_CASE_FIXTURE(Reminding, "what is changed for everybody is told about the quiet hours too") {
  here().says("周书记", "学伴 提醒大家今天10点关灯").hears("reminder.made", "T1 ");
  here().says("周书记", "改 T1 时间 今天23:00").hears("reminder.changed", "会等到 07:00 再发");
  until_just_before("2026-03-03 07:00");
  here().hears_nothing();
  tick(1ms);
  here().hears("reminder.due", "【提醒】关灯");
}

TEST_CASE_FIXTURE(Reminding, "what stands still is changed but stays still, and the answer says so") {
  here().says("小李", "学伴 每天12点提醒我吃药").hears("reminder.made", "T1 ");
  here().says("小李", "停 T1").hears("reminder.paused");
  here().says("小李", "改 T1 时间 每天13点").hears("reminder.changed", "它还停着，回“开 T1”再开");
  until("2026-03-02 14:00");
  here().hears_nothing().says("小李", "开 T1").hears("reminder.resumed", "周二 2026-03-03 13:00");
  here().says("小李", "改 T1 时间 每天15点").hears("reminder.changed", "每天 15:00");
  CHECK(count("SELECT count(*) FROM outbox WHERE body LIKE '%还停着%'") == 1);
  until("2026-03-02 15:00");
  here().hears("reminder.due", "吃药");
}

TEST_CASE_FIXTURE(Reminding, "one whose time went by while it stood still is not promised again") {
  here().says("小李", "学伴 提醒我今天10点交报告").hears("reminder.made", "T1 ");
  here().says("小李", "停 T1").hears("reminder.paused");
  until("2026-03-02 11:00");
  here().hears_nothing().says("小李", "开 T1").hears("reminder.over", "T1 的时间已经过了");
  tick(61s);
  here().says("小李", "改 T1 内容 交周报").hears("reminder.over");
  here().says("小李", "改 T1 时间 今天12点").hears("reminder.changed", "周一 2026-03-02 12:00");
  here().says("小李", "开 T1").hears("reminder.resumed", "周一 2026-03-02 12:00");
  until("2026-03-02 12:00");
  here().hears("reminder.due", "交报告");
}

TEST_CASE_FIXTURE(Reminding,
                  "what others made is not touched: their own is unknown, everybody's needs an admin") {
  here().says("小李", "学伴 提醒我今天10点体检").hears("reminder.made", "T1 ");
  here().says("周书记", "学伴 提醒大家今天11点开会").hears("reminder.made", "T2 ");
  here().says("小王", "停 T1").hears("reminder.unknown", "没有 T1");
  here().says("小王", "取消 T9").hears("reminder.unknown", "没有 T9");
  here().says("小王", "停 T2").hears_nothing();
  private_chat("小王").hears("reminder.not_yours");
  here().says("小赵", "改 T2 时间 今天12点").hears_nothing();
  private_chat("小赵").hears("reminder.not_yours");
  private_chat("小王").says("小王", "取消 T2").hears("reminder.unknown");
  group("二班").says("小李", "取消 T1").hears("reminder.unknown");
  until("2026-03-02 10:00");
  here().hears("reminder.due", "体检");
  here().says("小李", "学伴 提醒我今天12点吃饭").hears("reminder.made", "T3 ");
  here().says("周书记", "取消 T3").hears("reminder.cancelled", "T3 取消了：吃饭");
  until("2026-03-02 11:00");
  here().hears("reminder.due", "开会");
  until("2026-03-02 13:00");
  here().hears_nothing();
}

TEST_CASE_FIXTURE(Reminding,
                  "the list shows what is for everybody and one's own, not what is somebody else's") {
  here().says("小李", "学伴 提醒我今天10点体检").hears("reminder.made", "T1 ");
  here().says("小王", "学伴 日程").hears("reminder.none");
  here().says("周书记", "学伴 每个工作日17:50提醒大家填日志").hears("reminder.made", "T2 ");
  here().says("小李", "学伴 每天12点提醒我吃药").hears("reminder.made", "T3 ");
  here().says("周书记", "学伴 提醒大家今天11点开会").hears("reminder.made", "T4 ");
  here().says("小李", "停 T3").hears("reminder.paused");
  here()
      .says("小王", "学伴 日程")
      .hears("reminder.list",
             "日程（北京时间）\nT2 每个工作日 17:50 填日志｜下次 周一 2026-03-02 17:50\n"
             "T4 周一 2026-03-02 11:00 开会");
  here()
      .says("小李", "学伴 我的提醒")
      .hears("reminder.list",
             "T1 周一 2026-03-02 10:00 体检（个人）\n"
             "T2 每个工作日 17:50 填日志｜下次 周一 2026-03-02 17:50\n"
             "T3 每天 12:00 吃药（个人）（停着）\nT4 周一 2026-03-02 11:00 开会");
  private_chat("小李").says("小李", "日程").hears("reminder.none");
  here().says("小王", "T1").hears("reminder.unknown");
  here().says("小王", "看提醒 T4").hears("reminder.shown", "开会");
  here().says("小王", "日程").hears_nothing();
  off(24h);
}

TEST_CASE_FIXTURE(Reminding, "a long list comes in pages, and no line of it is cut") {
  config.limits.per_member.reset();
  config.limits.per_account.reset();
  std::string text;
  for (int i = 0; i < 200; ++i) text += "长";
  for (int hour = 10; hour < 20; ++hour) {
    here().says("小李", "学伴 每天" + std::to_string(hour) + "点提醒我喝水").hears("reminder.made");
  }
  here().says("小李", "学伴 每天20点提醒我" + text).hears("reminder.made");
  here()
      .says("小李", "学伴 日程")
      .hears("reminder.list", "T5 每天 14:00 喝水（个人）｜下次 周一 2026-03-02 14:00\n还有，@我说“日程 2”");
  here().says("小李", "学伴 日程 2").hears("reminder.list", "日程（北京时间）\nT6 每天 15:00 喝水（个人）");
  here().says("小李", "学伴 日程 9").hears("reminder.list", "…（个人）｜下次 周一 2026-03-02 20:00");
  here().says("小李", "日程 2").hears_nothing();
  for (int number = 1; number <= 11; ++number) {
    here().says("小李", "取消 T" + std::to_string(number)).hears("reminder.cancelled");
  }
}

TEST_CASE_FIXTURE(Reminding, "numbers count per chat and are never given again") {
  here().says("小李", "学伴 提醒我今天10点体检").hears("reminder.made", "T1 ");
  group("二班").says("小李", "学伴 提醒我今天10点跑步").hears("reminder.made", "T1 ");
  private_chat("小李").says("小李", "提醒我今天10点喝水").hears("reminder.made", "T1 ");
  here().says("小李", "取消 T1").hears("reminder.cancelled", "体检");
  here().says("小李", "学伴 提醒我今天10点体检").hears("reminder.made", "T2 ");
  restart();
  here().says("小李", "撤 T2").hears("reminder.cancelled", "体检");
  here().says("小李", "开 T2").hears("reminder.unknown");
  here().says("小李", "学伴 提醒我今天10点体检").hears("reminder.made", "T3 ");
  until("2026-03-02 10:00");
  here().hears("reminder.due", "体检").hears_nothing();
  group("二班").hears("reminder.due", "跑步");
  private_chat("小李").hears("reminder.due", "喝水");
  here().says("小李", "学伴 提醒我今天11点体检").hears("reminder.made", "T4 ");
  off(24h);
  here().hears_nothing();
}

TEST_CASE_FIXTURE(Reminding, "whose hour is changed after it has spoken speaks no second time that day") {
  here().says("周书记", "学伴 每天10点提醒大家喝水").hears("reminder.made", "T1 ");
  until("2026-03-02 10:00");
  here().hears("reminder.due", "喝水");
  here()
      .says("周书记", "改 T1 时间 每天15点")
      .hears("reminder.changed", "接下来（北京时间）：\n周二 2026-03-03 15:00");
  SUBCASE("while it runs") {}
  SUBCASE("across a restart") {
    restart();
  }
  until_just_before("2026-03-03 15:00");
  here().hears_nothing();
  tick(1ms);
  here().hears("reminder.due", "喝水").hears_nothing();
}

TEST_CASE_FIXTURE(Reminding,
                  "what has spoken today cannot be moved to today; nothing is changed and that is said") {
  here().says("周书记", "学伴 每天10点提醒大家喝水").hears("reminder.made", "T1 ");
  until("2026-03-02 10:00");
  here().hears("reminder.due", "喝水");
  here().says("周书记", "改 T1 时间 今天15点").hears("reminder.spoken", "T1 那天已经提醒过");
  until_just_before("2026-03-03 10:00");
  here().hears_nothing();
  tick(1ms);
  here().hears("reminder.due", "喝水");
}

TEST_CASE_FIXTURE(Reminding,
                  "changed before it spoke it speaks at the new hour alone, also when off at the old one") {
  here().says("周书记", "学伴 每天10点提醒大家喝水").hears("reminder.made", "T1 ");
  here().says("周书记", "改 T1 时间 每天11点").hears("reminder.changed", "周一 2026-03-02 11:00");
  SUBCASE("running") {}
  SUBCASE("off over the old hour") {
    off(80min);
  }
  until_just_before("2026-03-02 11:00");
  here().hears_nothing();
  tick(1ms);
  here().hears("reminder.due", "喝水");
  until("2026-03-03 10:30");
  here().hears_nothing();
}

TEST_CASE_FIXTURE(Reminding, "ended and planned again: the old one is silent, the new one speaks once") {
  here().says("周书记", "学伴 每天10点提醒大家喝水").hears("reminder.made", "T1 ");
  until("2026-03-02 09:59");
  here().says("周书记", "取消 T1").hears("reminder.cancelled");
  here().says("周书记", "学伴 每天10点提醒大家喝水").hears("reminder.made", "T2 ");
  SUBCASE("running") {}
  SUBCASE("restarted") {
    restart();
  }
  until("2026-03-02 10:00");
  here().hears("reminder.due", "喝水");
  until("2026-03-02 11:00");
  here().hears_nothing();
}

TEST_CASE_FIXTURE(Reminding, "what waits for the link is withdrawn by a stop, a change and an end") {
  here().says("周书记", "学伴 每天10点提醒大家喝水").hears("reminder.made", "T1 ");
  until("2026-03-02 09:59");
  link_down();
  until("2026-03-02 10:00");
  SUBCASE("stopped") {
    here().says("周书记", "停 T1");
    link_up();
    here().hears("reminder.paused");
  }
  SUBCASE("changed") {
    here().says("周书记", "改 T1 内容 喝茶");
    link_up();
    here().hears("reminder.changed", "接下来（北京时间）：\n周二 2026-03-03 10:00");
  }
  SUBCASE("ended") {
    here().says("周书记", "取消 T1");
    link_up();
    here().hears("reminder.cancelled");
  }
  SUBCASE("ended, then restarted") {
    here().says("周书记", "取消 T1");
    restart();
    here().hears("reminder.cancelled");
  }
  until("2026-03-02 12:00");
  here().hears_nothing();
}

TEST_CASE_FIXTURE(Reminding, "what waits for the digest is withdrawn too") {
  for (const char* hour : {"10:00", "10:10", "10:20"}) {
    here().says("周书记", "学伴 提醒大家今天" + std::string(hour) + "开会" + hour).hears("reminder.made");
  }
  here().says("周书记", "学伴 每天10:30提醒大家喝水").hears("reminder.made", "T4 ");
  until("2026-03-02 10:40");
  here().hears("reminder.due", "10:00").hears("reminder.due", "10:10").hears_nothing();
  here().says("周书记", "停 T4").hears("reminder.paused");
  until("2026-03-02 11:01");
  here().hears("core.digest", "【提醒】开会10:20").hears_nothing();
}

TEST_CASE_FIXTURE(Reminding, "delivered twice, planned once") {
  here().says("小李", "学伴 提醒我今天10点体检").hears("reminder.made", "T1 ");
  here().repeats_event().hears_nothing();
  restart();
  here().repeats_event().hears_nothing();
  CHECK(count("SELECT count(*) FROM schedules") == 1);
  here().says("小李", "停 T1").hears("reminder.paused");
  here().says("小李", "开 T1").hears("reminder.resumed");
  here().repeats_event().hears_nothing();
  until("2026-03-02 10:00");
  here().hears("reminder.due", "体检").hears_nothing();
  here().repeats_event().hears_nothing();
  off(1h);
  here().hears_nothing();
}

TEST_CASE_FIXTURE(Reminding, "planned before a stop, said after it, once") {
  here().says("小李", "学伴 提醒我今天10点体检").hears("reminder.made", "T1 ");
  private_chat("小李").says("小李", "提醒我今天10点喝水").hears("reminder.made", "T1 ");
  off(30min);
  until_just_before("2026-03-02 10:00");
  here().hears_nothing();
  tick(1ms);
  here().hears("reminder.due", "提醒您：体检");
  private_chat("小李").hears("reminder.due", "提醒您：喝水");
  off(10min);
  tick(3h);
  here().hears_nothing();
  private_chat("小李").hears_nothing();
}

TEST_CASE_FIXTURE(Reminding, "after an outage it is caught up with the minutes by which it is late") {
  here().says("周书记", "学伴 每个工作日17:50提醒大家填日志").hears("reminder.made", "T1 ");
  here().says("小李", "学伴 提醒我今天17:50下班").hears("reminder.made", "T2 ");
  until("2026-03-02 17:45");
  SUBCASE("off") {
    off(28min);
    here().hears("reminder.due", "@小李 补发（迟 23 分）：提醒您：下班");
    tick(3s);
    here().hears("reminder.due", "补发（迟 23 分）：【提醒】填日志");
  }
  SUBCASE("off for a minute only") {
    off(6min);
    here().hears("reminder.due", "@小李 提醒您：下班");
    tick(3s);
    here().hears("reminder.due", "【提醒】填日志");
    CHECK(count("SELECT count(*) FROM outbox WHERE body LIKE '%补发%'") == 0);
  }
  SUBCASE("off for too long") {
    off(3h);
    CHECK(count("SELECT count(*) FROM occurrences WHERE state = 'missed' AND reason = 'downtime'") == 2);
  }
  tick(1h);
  here().hears_nothing();
  private_chat("小李").hears_nothing();
  CHECK(planned() == 1);
}

TEST_CASE_FIXTURE(Reminding, "of several days only the last is caught up") {
  here().says("周书记", "学伴 每天12点提醒大家休息").hears("reminder.made", "T1 ");
  off(75h + 30min);
  here().hears("reminder.due", "补发（迟 30 分）：【提醒】休息");
  until("2026-03-06 11:00");
  here().hears_nothing();
}
