// People who do not want to be mentioned, and people whose commands an admin has ignored.
#include <doctest/doctest.h>

#include "tests/support/reminding.hpp"

using namespace std::chrono_literals;

TEST_CASE_FIXTURE(Afternoon, "unmentioned: from then on the person hears in private what would mention him") {
  here().says("李四", "学伴 15点提醒我交报告").hears("reminder.made");
  here().says("李四", "学伴 16点提醒我回家").hears("reminder.made");
  here().says("李四", "学伴 17点提醒我吃饭").hears("reminder.made");
  until("15:01");
  here().hears("reminder.due", "@李四 提醒您：交报告");
  here().says("李四", "别@我").hears_nothing();
  private_chat("李四").hears("quiet.unmentioned", "以后只私信您，不在群里@您。");
  restart();
  until("16:01");
  here().hears_nothing();
  private_chat("李四").hears("reminder.due", "提醒您：回家");
  here().says("李四", "可以@我").hears_nothing();
  private_chat("李四").hears("quiet.mentioned");
  until("17:01");
  here().hears("reminder.due", "@李四 提醒您：吃饭");
  CHECK(mentions_anybody(transcript().back()));
}

TEST_CASE_FIXTURE(Afternoon, "unmentioned: where the bot cannot write in private, the name stands as text") {
  here().says("李四", "学伴 15点提醒我交报告").hears("reminder.made");
  private_chat("李四").says("李四", "别@我").hears("quiet.unmentioned");
  bot::Capabilities closed;
  closed.push = false;
  allow(closed);
  until("15:01");
  here().hears("reminder.due", "李四 提醒您：交报告");
  CHECK_FALSE(mentions_anybody(transcript().back()));
}

TEST_CASE_FIXTURE(Afternoon, "unmentioned: said to the others it changes nothing, said to the bot it does") {
  here().says("李四", "别@我").hears_nothing();
  private_chat("李四").hears_nothing();
  CHECK(count("SELECT count(*) FROM unmentioned") == 0);
  tick(5s);
  here().says("李四", "学伴 别@我").hears_nothing();
  private_chat("李四").hears("quiet.unmentioned");
  CHECK(count("SELECT count(*) FROM unmentioned") == 1);
  here().mentions_bot("王五", "别再@我了").hears_nothing();
  private_chat("王五").hears("quiet.unmentioned");
}

TEST_CASE_FIXTURE(Afternoon, "unmentioned: the mention of another person does not make it one's own") {
  here().says("王五", "学伴 15点提醒我交报告").hears("reminder.made");
  until("15:01");
  here().hears("reminder.due", "@王五");
  here().says("李四", "别@我").hears_nothing();
  private_chat("李四").hears_nothing();
}

TEST_CASE_FIXTURE(Afternoon, "unmentioned: what was kept for a digest names the person without a sign") {
  here().says("李四", "学伴 15点提醒我交报告").hears("reminder.made");
  private_chat("李四").says("李四", "别@我").hears("quiet.unmentioned");
  bot::Capabilities closed;
  closed.push = false;
  allow(closed);
  here().says("周书记", "安静 2小时").hears("quiet.begun");
  until("16:21");
  here().hears("core.digest", "李四 提醒您：交报告");
  CHECK(transcript().back().text.find('@') == std::string::npos);
}

TEST_CASE_FIXTURE(Afternoon, "unmentioned: it is the person's own, in every group and nobody else's") {
  here().says("李四", "学伴 15点提醒我交报告").hears("reminder.made");
  here().says("王五", "学伴 16点提醒我交报告").hears("reminder.made");
  group("二班").says("李四", "学伴 别@我").hears_nothing();
  private_chat("李四").hears("quiet.unmentioned");
  until("15:01");
  here().hears_nothing();
  private_chat("李四").hears("reminder.due");
  until("16:01");
  here().hears("reminder.due", "@王五");
}

// ---- people who are ignored -----------------------------------------------------------------------------

TEST_CASE_FIXTURE(Afternoon, "ignored: commands are neither answered nor booked, in that group") {
  here().says("李四", "今日一课").hears("lesson.today");
  here().mentions_bot_and("周书记", "不理 ", "李四").hears_nothing();
  private_chat("周书记").hears("ignore.added", "不理 李四：");
  tick(1min);
  here().says("李四", "已学").hears_nothing();
  here().says("李四", "学伴 今日一课").hears_nothing();
  here().says("李四", "学伴 变个魔术").hears_nothing();
  private_chat("李四").hears_nothing();
  CHECK(count("SELECT count(*) FROM lesson_done") == 0);
  here().says("王五", "今日一课").hears("lesson.today");
  group("二班").says("李四", "L3").hears("lesson.full");
  private_chat("李四").says("李四", "L3").hears("lesson.full");
  restart();
  here().says("李四", "L3").hears_nothing();
  here().mentions_bot_and("周书记", "理 ", "李四").hears_nothing();
  private_chat("周书记").hears("ignore.removed", "李四 说的指令照常回");
  here().says("李四", "L3").hears("lesson.full");
}

TEST_CASE_FIXTURE(Afternoon, "ignored: for a while") {
  here().mentions_bot_and("周书记", "别理 ", "李四", " 2天").hears_nothing();
  private_chat("周书记").hears("ignore.added", "到 周三 2026-03-04 14:20");
  tick(47h);
  here().says("李四", "L3").hears_nothing();
  tick(1h);
  here().says("李四", "L3").hears("lesson.full");
  here().says("周书记", "学伴 不理名单").hears_nothing();
  private_chat("周书记").hears("ignore.none");
}

TEST_CASE_FIXTURE(Afternoon, "ignored: whom the command means") {
  SUBCASE("called by name, with a mention behind it") {
    here().says_about("周书记", "学伴 不理 ", "李四").hears_nothing();
  }
  SUBCASE("the author of the quoted message") {
    here().says("李四", "砍一刀砍一刀").hears_nothing();
    here().quotes_person("周书记", "李四", "不理").hears_nothing();
  }
  SUBCASE("a user id") {
    here().says("Li_4", "早").hears_nothing();
    here().says("周书记", "学伴 不理 Li_4").hears_nothing();
    private_chat("周书记").hears("ignore.added", "Li_4");
    here().says("Li_4", "L3").hears_nothing();
    here().says("周书记", "学伴 理 Li_4").hears_nothing();
    private_chat("周书记").hears("ignore.removed");
    here().mentions_bot_and("周书记", "不理 ", "李四").hears_nothing();
  }
  private_chat("周书记").hears("ignore.added", "李四");
  here().says("李四", "L3").hears_nothing();
}

TEST_CASE_FIXTURE(Afternoon, "ignored: several at once, and a list in private") {
  here().mentions_bot_and("周书记", "不理 ", "李四").hears_nothing();
  private_chat("周书记").hears("ignore.added");
  tick(3s);
  here().mentions_bot_and("周书记", "不理 ", "王五", " 3小时").hears_nothing();
  private_chat("周书记").hears("ignore.added", "到 17:20");
  here().says("周书记", "学伴 不理名单").hears_nothing();
  private_chat("周书记").hears("ignore.list", "李四\n王五，到 周一 2026-03-02 17:20");
}

TEST_CASE_FIXTURE(Afternoon, "ignored: never an admin, and nobody but an admin asks for it") {
  make_platform_owner("群主");
  here().says("群主", "早").hears_nothing();
  here().mentions_bot_and("群主", "不理 ", "周书记").hears_nothing();
  private_chat("群主").hears("ignore.not_admins", "周书记");
  here().mentions_bot_and("周书记", "不理 ", "群主").hears_nothing();
  private_chat("周书记").hears("ignore.not_admins", "群主");
  here().mentions_bot_and("李四", "不理 ", "王五").hears_nothing();
  private_chat("李四").hears("core.not_allowed");
  here().says_about("李四", "学伴 不理 ", "王五").hears_nothing();
  private_chat("李四").hears_nothing();
  CHECK(count("SELECT count(*) FROM ignored") == 0);
}

TEST_CASE_FIXTURE(Afternoon, "ignored: an admin whom the bot did not know for one is answered all the same") {
  make_platform_owner("群主");
  here().mentions_bot_and("周书记", "不理 ", "群主").hears_nothing();
  private_chat("周书记").hears("ignore.added");
  here().says("群主", "L3").hears("lesson.full");
}

TEST_CASE_FIXTURE(Afternoon, "ignored: what cannot be understood changes nothing") {
  here().says("周书记", "学伴 不理").hears_nothing();
  private_chat("周书记").hears("ignore.whom");
  tick(3s);
  here().says("周书记", "学伴 不理 张三").hears_nothing();
  private_chat("周书记").hears("ignore.whom");
  tick(3s);
  here().mentions_bot_and("周书记", "不理 ", "李四", " 一阵子").hears_nothing();
  private_chat("周书记").hears("quiet.which_time", "一阵子");
  tick(3s);
  here().mentions_bot_and("周书记", "理 ", "李四").hears_nothing();
  private_chat("周书记").hears("ignore.not_listed");
  CHECK(count("SELECT count(*) FROM ignored") == 0);
}

TEST_CASE_FIXTURE(Afternoon, "ignored: nor can whoever runs the program have an admin ignored") {
  bot::GroupProfile plain = config.groups.fallback();
  plain.superadmins = {"qq:老板"};
  config.groups = bot::GroupBook(plain);
  here().mentions_bot_and("老板", "不理 ", "周书记").hears_nothing();
  private_chat("老板").hears("ignore.not_admins", "周书记");
  CHECK(count("SELECT count(*) FROM ignored") == 0);
}

TEST_CASE_FIXTURE(Afternoon, "ignored: who only claims to be the owner is ignored all the same (X08)") {
  here().mentions_bot_and("周书记", "不理 ", "群主").hears_nothing();
  private_chat("周书记").hears("ignore.added");
  make_platform_owner("群主");
  forget_members(true);
  here().says("群主", "L3").hears_nothing();
  tick(1min);
  here().hears_nothing();
  private_chat("群主").hears_nothing();
}
