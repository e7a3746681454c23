// Reminders: planned by a sentence, said on the minute, refused with a reason.
#include <doctest/doctest.h>

#include "tests/support/reminding.hpp"

using namespace std::chrono_literals;

TEST_CASE_FIXTURE(Reminding, "both word orders plan the same, and each is said once, to the person") {
  here()
      .says("小李", "学伴，提醒我明天下午3点交报告")
      .hears("reminder.made", "T1 周二 2026-03-03 15:00（北京时间）提醒您：交报告");
  here().says("小王", "@学伴 明天下午3点提醒我交周报").hears_nothing();
  here()
      .mentions_bot("小王", "明天下午3点提醒我交周报")
      .hears("reminder.made", "T2 周二 2026-03-03 15:00（北京时间）提醒您：交周报");
  here().says("小王", "好的").hears_nothing();
  until_just_before("2026-03-03 15:00");
  here().hears_nothing();
  tick(1ms);
  here().hears("reminder.due", "@小李 提醒您：交报告").hears_nothing();
  tick(3s);
  here().hears("reminder.due", "@小王 提醒您：交周报");
  tick(48h);
  here().hears_nothing();
  private_chat("小李").hears_nothing();
  CHECK(planned() == 0);
}

TEST_CASE_FIXTURE(Reminding, "a repeating one names its rule and the next five times, and keeps to them") {
  const std::string_view told =
      "T1 每个工作日 17:50 提醒大家：填日志\n接下来（北京时间）：\n周四 2026-04-02 17:50\n周五 2026-04-03 "
      "17:50\n"
      "周二 2026-04-07 17:50\n周三 2026-04-08 17:50\n周四 2026-04-09 17:50\n回“停 T1”就停";
  at("2026-04-02 09:00");
  SUBCASE("the time first") {
    here().says("周书记", "学伴 每个工作日17:50提醒大家填日志").hears("reminder.made", told);
  }
  SUBCASE("the time behind") {
    here().says("周书记", "学伴 提醒大家每个工作日17:50填日志").hears("reminder.made", told);
  }
  SUBCASE("with a comma, please") {
    here().says("周书记", "学伴，请你每个工作日17:50，提醒大家：填日志").hears("reminder.made", told);
  }
  until_just_before("2026-04-02 17:50");
  here().hears_nothing();
  tick(1ms);
  here().hears("reminder.due", "【提醒】填日志");
  until("2026-04-03 17:50");
  here().hears("reminder.due");
  until_just_before("2026-04-07 17:50");
  here().hears_nothing();
  tick(1ms);
  here().hears("reminder.due").hears_nothing();
  CHECK(planned() == 1);
}

TEST_CASE_FIXTURE(Reminding,
                  "every hour of a day is said, and a repeating one for a member calls the member") {
  here().says("小李", "学伴 每天12点提醒我吃药").hears("reminder.made", "T1 每天 12:00 提醒您：吃药\n接下来");
  until("2026-03-02 12:00");
  here().hears("reminder.due", "@小李 提醒您：吃药");
  until("2026-03-03 12:00");
  here().hears("reminder.due", "@小李 提醒您：吃药").hears_nothing();
}

TEST_CASE_FIXTURE(Reminding, "the name may run on into the sentence, but without a time that is talk") {
  here().says("小李", "学伴明天下午3点提醒我交报告").hears("reminder.made", "提醒您：交报告");
  here().says("小王", "学伴提醒我的时候我正开车").hears_nothing();
  here().says("小赵", "学伴昨天提醒大家交表了").hears_nothing();
  here().says("小陈", "/抱拳 谢谢提醒，我毕业了").hears_nothing();
  private_chat("小赵").hears_nothing();
}

TEST_CASE_FIXTURE(Reminding, "in English, in both word orders, and only when called") {
  bot::GroupProfile english = profile("class");
  english.language = "en";
  config.groups.add(english);
  auto room = group("class");
  room.says("Li", "remind me tomorrow 15:00 report").hears_nothing();
  room.says("Li", "tomorrow 15:00 remind me to report").hears_nothing();
  room.says("Li", "xueban, remind me tomorrow 15:00 report")
      .hears("reminder.made", "T1 Tue 2026-03-03 15:00 (Beijing time), for you: report");
  room.says("Wang", "/tomorrow 15:00 remind me to call")
      .hears("reminder.made", "T2 Tue 2026-03-03 15:00 (Beijing time), for you: call");
  room.says("周书记", "xueban every workday 17:50 remind everyone to fill in the log")
      .hears("reminder.made",
             "T3 every workday 17:50, for everyone: fill in the log\nNext (Beijing time):\nMon 2026-03-02 "
             "17:50\n"
             "Tue 2026-03-03 17:50\nWed 2026-03-04 17:50\nThu 2026-03-05 17:50\nFri 2026-03-06 17:50\n"
             "Say stop T3 to stop it");
  room.says("Li", "xueban, don’t forget tomorrow 16:00 minutes").hears("reminder.made", "for you: minutes");
  room.says("Li", "xueban, call me tomorrow 17:00 to leave").hears("reminder.made", "for you: leave");
  room.says("Li", "the train leaves at stop T9 today").hears_nothing();
  room.says("Li", "reminders are useful").hears_nothing();
  until("2026-03-02 17:50");
  room.hears("reminder.due", "[Reminder] fill in the log");
  until("2026-03-03 15:00");
  room.hears("reminder.due", "@Li Reminder: report");
  tick(3s);
  room.hears("reminder.due", "@Wang Reminder: call");
}

TEST_CASE_FIXTURE(Reminding, "in private no name is needed, and it comes in private, to nobody's ear") {
  here().says("小李", "大家好").hears_nothing();
  private_chat("小李")
      .says("小李", "提醒我半小时后喝水")
      .hears("reminder.made", "T1 周一 2026-03-02 09:30（北京时间）提醒您：喝水");
  private_chat("小王").says("小王", "10点提醒大家散步").hears("reminder.made", "提醒您：散步");
  until("2026-03-02 09:30");
  private_chat("小李").hears("reminder.due", "提醒您：喝水");
  until("2026-03-02 10:00");
  private_chat("小王").hears("reminder.due", "提醒您：散步");
  tick(24h);
  private_chat("小李").hears_nothing();
  here().hears_nothing();
  CHECK(count("SELECT count(*) FROM outbox WHERE kind = 'reminder.due' AND mention <> ''") == 0);
}

TEST_CASE_FIXTURE(Reminding, "a group elsewhere lives by its own clock and names its zone") {
  bot::GroupProfile berlin = profile("柏林");
  berlin.zone = *bot::Zone::named("Europe/Berlin");
  config.groups.add(berlin);
  group("柏林")
      .says("小李", "学伴 提醒我今天8点交报告")
      .hears("reminder.made", "周一 2026-03-02 08:00（Europe/Berlin）");
  until_just_before("2026-03-02 15:00");
  group("柏林").hears_nothing();
  tick(1ms);
  group("柏林").hears("reminder.due", "交报告");
}

TEST_CASE_FIXTURE(Reminding, "a day without an hour is taken at nine, and the answer says so") {
  here()
      .says("小李", "学伴 提醒我明天交报告")
      .hears("reminder.made", "周二 2026-03-03 09:00（北京时间）提醒您：交报告\n没说几点");
  here().says("小李", "学伴 提醒我明天9点半开门").hears("reminder.made", "09:30（北京时间）提醒您：开门");
  CHECK(count("SELECT count(*) FROM outbox WHERE body LIKE '%没说几点%'") == 1);
  until("2026-03-03 09:00");
  here().hears("reminder.due", "交报告");
  until("2026-03-03 09:30");
  here().hears("reminder.due", "开门");
}

TEST_CASE_FIXTURE(Reminding, "only admins remind everybody; a member is told so in private") {
  here().says("小李", "学伴 每个工作日17:50提醒大家填日志").hears_nothing();
  private_chat("小李").hears("reminder.admins_only");
  here().says("小王", "学伴 提醒所有人明天8点开会").hears_nothing();
  private_chat("小王").hears("reminder.admins_only");
  CHECK(count("SELECT count(*) FROM schedules") == 0);
  make_platform_owner("群主");
  here()
      .says("群主", "学伴 提醒大家今天10点开会")
      .hears("reminder.made", "T1 周一 2026-03-02 10:00（北京时间）提醒大家：开会");
  here().says("小李", "学伴 提醒我今天11点走").hears("reminder.made", "T2 ");
  until("2026-03-02 11:00");
  here().hears("reminder.due", "【提醒】开会").hears("reminder.due", "@小李 提醒您：走");
}

TEST_CASE_FIXTURE(Reminding, "without its name it plans nothing and answers no ordinary talk") {
  for (const char* talk : {"记得提醒我明天交作业",
                           "提醒我明天下午3点交报告",
                           "明天下午3点提醒大家开会",
                           "提醒",
                           "提醒我",
                           "日程",
                           "谁提醒一下小王",
                           "停",
                           "开",
                           "改",
                           "取消",
                           "撤",
                           "停电了",
                           "停一下吧",
                           "开会了",
                           "开门啊",
                           "改天吧",
                           "改天再说",
                           "取消了",
                           "恢复",
                           "暂停",
                           "改 明天8点吧",
                           "停 车",
                           "开 会",
                           "取消 明天的会",
                           "恢复 正常了",
                           "看提醒",
                           "stop",
                           "start",
                           "cancel please",
                           "change it",
                           "stop it",
                           "T",
                           "停T",
                           "开 L3"}) {
    INFO(talk);
    here().says("小李", talk).hears_nothing();
  }
  here().mentions_others("小李", "学伴 提醒我明天交作业").hears_nothing();
  private_chat("小李").hears_nothing();
  CHECK(count("SELECT count(*) FROM schedules") == 0);
  CHECK(count("SELECT count(*) FROM outbox") == 0);
}

TEST_CASE_FIXTURE(Reminding, "called by its name it asks which one") {
  for (const char* asked : {"学伴 停", "学伴 开", "学伴 改", "学伴，取消", "学伴 看提醒", "/stop"}) {
    INFO(asked);
    here().says("小李", asked).hears("reminder.which_one", "停 T3");
    tick(70s);
  }
  private_chat("小李").says("小李", "取消").hears("reminder.which_one");
  here().says("小李", "学伴 谢谢提醒").hears_nothing();
  here().mentions_bot("小李", "多谢你提醒我").hears_nothing();
  here().quotes("小李", "停").hears_nothing();
}

TEST_CASE_FIXTURE(Reminding, "what was not understood is said honestly, once, and nothing is kept") {
  here()
      .says("小李", "学伴 25点提醒我交报告")
      .hears("reminder.which_time", "没听懂“25点”里的时间，什么也没有记");
  here().says("小李", "学伴 提醒我有空时交报告").hears("reminder.which_time", "什么也没有记").hears_nothing();
  here().says("小李", "学伴 每隔两周周二提醒我交报告").hears("reminder.which_time", "每隔两周周二");
  here().says("小王", "学伴 今天8点提醒我交报告").hears("reminder.past", "没有记");
  tick(61s);
  here().says("小王", "学伴 提醒我2026年3月1日8点交报告").hears("reminder.past");
  here().says("小赵", "学伴 明天8点提醒我").hears("reminder.of_what");
  tick(61s);
  here().says("小赵", "学伴 提醒我明天8点").hears("reminder.of_what");
  tick(61s);
  here().says("小赵", "学伴 提醒我").hears("reminder.of_what");
  tick(61s);
  here().says("小赵", "学伴 提醒").hears("reminder.of_what");
  CHECK(count("SELECT count(*) FROM schedules") == 0);
  tick(48h);
  here().hears_nothing();
}

TEST_CASE_FIXTURE(Reminding, "a sentence that arrived so late that its time is over plans nothing") {
  delayed(4min);
  here().says("小李", "学伴 2分钟后提醒我关火").hears("reminder.past");
  here()
      .says("小李", "学伴 10分钟后提醒我关灯")
      .hears("reminder.made", "T1 周一 2026-03-02 09:06（北京时间）");
  delayed(10min);
  here().says("小李", "学伴 3分钟后提醒我关窗").hears_nothing();
  private_chat("小李").hears("core.too_old", "08:50您说的“3分钟后提醒我关窗”");
  CHECK(count("SELECT count(*) FROM schedules") == 1);
  until("2026-03-02 09:06");
  here().hears("reminder.due", "关灯");
}

TEST_CASE_FIXTURE(Reminding, "two hundred characters are kept, one more is too long") {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "长";
  here().says("小李", "学伴 今天10点提醒我" + text + "长").hears("reminder.too_long", "最多 200 个字");
  CHECK(count("SELECT count(*) FROM schedules") == 0);
  here().says("小李", "学伴 每天10点提醒我" + text).hears("reminder.made", "回“停 T1”就停");
  until("2026-03-02 10:00");
  here().hears("reminder.due", text);
}

TEST_CASE_FIXTURE(Reminding,
                  "one person keeps twenty in a chat; the others, and other chats, still have room") {
  config.limits.per_member.reset();
  config.limits.per_account.reset();
  for (int hour = 1; hour <= 20; ++hour) {
    here().says("小李", "学伴 明天提醒我第" + std::to_string(hour) + "件事").hears("reminder.made");
  }
  here().says("小李", "学伴 明天提醒我再一件").hears("reminder.too_many");
  CHECK(planned() == 20);
  here().says("小王", "学伴 明天提醒我一件").hears("reminder.made", "T21 ");
  private_chat("小李").says("小李", "明天提醒我一件").hears("reminder.made", "T1 ");
  here().says("小李", "取消 T7").hears("reminder.cancelled");
  here().says("小李", "学伴 明天提醒我另一件").hears("reminder.made", "T22 ");
}

TEST_CASE_FIXTURE(Reminding, "so long before something that is planned here") {
  here().says("周书记", "学伴 提醒大家今天15:00开会").hears("reminder.made", "T1 ");
  here()
      .says("小李", "学伴 开会前10分钟提醒我带电脑")
      .hears("reminder.made", "T2 周一 2026-03-02 14:50（北京时间）提醒您：带电脑");
  here().says("小王", "学伴 提醒我开会前5分钟倒水").hears("reminder.made", "T3 周一 2026-03-02 14:55");
  until_just_before("2026-03-02 14:50");
  here().hears_nothing();
  tick(1ms);
  here().hears("reminder.due", "@小李 提醒您：带电脑");
  until("2026-03-02 15:00");
  here().hears("reminder.due", "倒水").hears("reminder.due", "开会");
}

TEST_CASE_FIXTURE(Reminding,
                  "before something that nobody planned, that stands twice, or that is stopped: nothing") {
  here().says("小李", "学伴 开会前10分钟提醒我带电脑").hears("reminder.which_event", "“开会”");
  here().says("周书记", "学伴 提醒大家今天15:00开会").hears("reminder.made", "T1 ");
  here().says("周书记", "学伴 提醒大家明天16:00小组开会").hears("reminder.made", "T2 ");
  tick(61s);
  here().says("小李", "学伴 开会前10分钟提醒我带电脑").hears("reminder.which_event", "“开会”");
  here().says("小李", "学伴 小组开会前10分钟提醒我带电脑").hears("reminder.made", "T3 周二 2026-03-03 15:50");
  here().says("周书记", "停 T2").hears("reminder.paused");
  here().says("小王", "学伴 小组开会前10分钟提醒我带电脑").hears("reminder.which_event", "“小组开会”");
  CHECK(planned() == 3);
  until("2026-03-02 15:00");
  here().hears("reminder.due", "【提醒】开会");
  until("2026-03-03 15:50");
  here().hears("reminder.due", "@小李");
}

TEST_CASE_FIXTURE(Reminding, "somebody else's own affair is no event for others") {
  here().says("小李", "学伴 提醒我今天15:00体检").hears("reminder.made", "T1 ");
  here().says("小王", "学伴 体检前10分钟提醒我打电话").hears("reminder.which_event");
  here().says("小李", "学伴 体检前10分钟提醒我带表格").hears("reminder.made", "T2 周一 2026-03-02 14:50");
  here().says("小王", "学伴 提醒我今天16:00体检").hears("reminder.made", "T3 ");
  here().says("小王", "学伴 体检前10分钟提醒我打电话").hears("reminder.made", "T4 周一 2026-03-02 15:50");
  off(24h);
}

TEST_CASE_FIXTURE(Reminding,
                  "what is for everybody waits for the end of the quiet hours, and the answer says so") {
  here().says("周书记", "学伴 提醒大家今天23:00关灯").hears("reminder.made", "会等到 07:00 再发");
  here().says("小李", "学伴 提醒我今天23:00睡觉").hears("reminder.made", "T2 周一 2026-03-02 23:00");
  CHECK(count("SELECT count(*) FROM outbox WHERE body LIKE '%安静时段%'") == 1);
  until_just_before("2026-03-02 23:00");
  here().hears_nothing();
  tick(1ms);
  here().hears("reminder.due", "@小李 提醒您：睡觉");
  until_just_before("2026-03-03 07:00");
  here().hears_nothing();
  tick(1ms);
  here().hears("reminder.due", "【提醒】关灯");
  CHECK(count("SELECT count(*) FROM outbox WHERE body LIKE '%补发%'") == 0);
}

TEST_CASE_FIXTURE(Reminding,
                  "urgent words of an admin pass the quiet hours, those of a member mean nothing") {
  here()
      .says("周书记", "学伴 紧急提醒大家今天23:00断电")
      .hears("reminder.made", "T1 周一 2026-03-02 23:00（北京时间）提醒大家：断电");
  here().says("小李", "学伴 紧急提醒大家今天23:10断电").hears_nothing();
  private_chat("小李").hears("reminder.admins_only");
  here().says("小李", "学伴 紧急提醒我今天22:30交报告").hears("reminder.made", "提醒您：交报告");
  CHECK(count("SELECT count(*) FROM schedules WHERE urgent = 1") == 1);
  CHECK(count("SELECT count(*) FROM outbox WHERE body LIKE '%安静时段%'") == 0);
  until("2026-03-02 22:30");
  here().hears("reminder.due", "交报告");
  until_just_before("2026-03-02 23:00");
  here().hears_nothing();
  tick(1ms);
  here().hears("reminder.due", "【提醒】断电");
  until("2026-03-03 08:00");
  here().hears_nothing();
}

TEST_CASE_FIXTURE(Reminding, "days off that nobody announced are named at once and on 20 December") {
  at("2026-12-19 09:00");
  here()
      .says("周书记", "学伴 每个工作日17:50提醒大家填日志")
      .hears("reminder.made", "⚠ 2027 年放假安排还没导入");
  group("二班").says("周书记", "学伴 每天17:50提醒大家散步").hears("reminder.made", "每天 17:50");
  CHECK(count("SELECT count(*) FROM outbox WHERE body LIKE '%2027 年%'") == 1);
  until("2026-12-19 17:50");
  group("二班").hears("reminder.due");
  until_just_before("2026-12-20 10:00");
  here().hears_nothing();
  tick(1ms);
  here().hears("reminder.unannounced",
               "2027 年放假安排还没导入，这些定时会先按周一至周五算：\nT1 每个工作日 17:50 填日志");
  group("二班").hears_nothing();
  until("2026-12-20 12:00");
  here().hears_nothing();
}

TEST_CASE_FIXTURE(Reminding, "in March nothing is said about a year that is far away") {
  here().says("周书记", "学伴 每个工作日17:50提醒大家填日志").hears("reminder.made");
  CHECK(count("SELECT count(*) FROM outbox WHERE body LIKE '%放假安排%'") == 0);
}

TEST_CASE_FIXTURE(Reminding, "a platform that only lets the bot reply: refused with the reason") {
  bot::Capabilities answers_only;
  answers_only.push = false;
  allow(answers_only);
  here().says("小李", "学伴 提醒我今天10点交报告").hears("reminder.no_push", "不让我主动发消息");
  private_chat("小李").says("小李", "提醒我今天10点交报告").hears("reminder.no_push");
  here().says("小李", "提醒我今天10点交报告").hears_nothing();
  CHECK(count("SELECT count(*) FROM schedules") == 0);
  tick(24h);
  here().hears_nothing();
}

TEST_CASE_FIXTURE(Reminding,
                  "a group's file plans too; its lines have no number and nobody changes them here") {
  bot::GroupProfile busy = profile("一班");
  busy.pushes.push_back({.occasion = "reminder", .subject = "填日志", .when = "every workday 17:50"});
  config.groups.add(busy);
  here().says("小李", "学伴 提醒我今天18点走").hears("reminder.made", "T1 ");
  here()
      .says("小李", "学伴 日程")
      .hears("reminder.list",
             "日程（北京时间）\nT1 周一 2026-03-02 18:00 走（个人）\n"
             "· 每个工作日 17:50 填日志｜下次 周一 2026-03-02 17:50");
  here().says("周书记", "停 T0").hears_nothing();
  until_just_before("2026-03-02 17:50");
  here().hears_nothing();
  tick(1ms);
  here().hears("reminder.due", "【提醒】填日志").quotes("周书记", "停").hears_nothing();
  group("二班").says("小李", "学伴 日程").hears("reminder.none");
  until("2026-03-02 18:00");
  here().hears("reminder.due", "走");
}

TEST_CASE_FIXTURE(Reminding, "a window is told with both its ends, and a person is called when it begins") {
  here()
      .says("周书记", "学伴 明天8点到9点之间提醒大家填日志")
      .hears("reminder.made", "T1 2026-03-03（周二）08:00–09:00之间 提醒大家：填日志");
  here()
      .says("小李", "学伴 明天8点到9点之间提醒我填日志")
      .hears("reminder.made", "T2 周二 2026-03-03 08:00（北京时间）提醒您：填日志");
  here()
      .says("小李", "改 T2 时间 明天10点到11点")
      .hears("reminder.changed", "周二 2026-03-03 10:00（北京时间）");
  private_chat("小王")
      .says("小王", "明天8点到9点之间提醒我填日志")
      .hears("reminder.made", "T1 周二 2026-03-03 08:00（北京时间）");
  until("2026-03-03 08:00");
  private_chat("小王").hears("reminder.due");
  until("2026-03-03 09:00");
  here().hears("reminder.due", "【提醒】填日志");
}

TEST_CASE_FIXTURE(Reminding, "other words for the same, from anybody who calls it by its name") {
  here()
      .says("小李", "学伴 明天7点叫我起床")
      .hears("reminder.made", "2026-03-03 07:00（北京时间）提醒您：起床");
  here()
      .says("小李", "学伴 叫我明天7点跑步")
      .hears("reminder.made", "2026-03-03 07:00（北京时间）提醒您：跑步");
  here().says("小李", "学伴，别忘了明天8点交报告").hears("reminder.made", "提醒您：交报告");
  here().says("小李", "学伴，明天8点别忘了提醒我交表").hears("reminder.made", "提醒您：交表");
  here().says("周书记", "学伴 别忘了提醒大家明天9点开会").hears("reminder.made", "提醒大家：开会");
  here().says("小王", "学伴 明天7点叫我").hears("reminder.of_what");
  for (const char* talk :
       {"叫我", "叫我小王就行", "别忘了", "明天8点别忘了交报告", "别忘了明天开会", "明早叫我"}) {
    INFO(talk);
    here().says("小王", talk).hears_nothing();
  }
}

TEST_CASE_FIXTURE(Reminding,
                  "what a person wants to be reminded of is not shown to those who ask how it is") {
  here().says("小李", "学伴 提醒我明天9点体检").hears("reminder.made");
  here().says("周书记", "自检").hears("health.report", "七天内没有安排推送");
  here().says("周书记", "学伴 提醒大家明天10点开会").hears("reminder.made");
  const auto told = "读写正常\n接下来 周二 2026-03-03 10:00 开会";
  here().says("周书记", "自检").hears("health.report", told);
  private_chat("周书记").says("周书记", "自检").hears("health.report", told);
}
