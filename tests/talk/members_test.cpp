/// What members say of themselves, and what those who run the group keep of them.
#include <doctest/doctest.h>

#include "bot/people/naming.hpp"
#include "bot/people/people.hpp"
#include "tests/support/world.hpp"

using namespace std::chrono_literals;
namespace people = bot::people;

namespace {

struct Class : World {
  Class() { make_admin("周书记"); }

  /// The platform's list says what the group calls its people.
  void list(std::vector<bot::MembersListed::Entry> members) {
    bot::MembersListed listed;
    listed.members = std::move(members);
    group("一班").happens(std::move(listed));
  }
};

bot::MembersListed::Entry entry(const std::string& user, const std::string& card,
                                const std::string& nickname = {}) {
  bot::MembersListed::Entry entry;
  entry.user = user;
  entry.card = card;
  entry.nickname = nickname;
  entry.role = bot::Sender::Role::member;
  return entry;
}

}  // namespace

TEST_CASE("members: the rule by which people are shown") {
  CHECK(people::shown({"王小明", "小王", "风", "10001"}) == "王小明");
  CHECK(people::shown({"", "小王", "风", "10001"}) == "小王");
  CHECK(people::shown({"", " \u200b", "风", "10001"}) == "风");
  CHECK(people::shown({"", "", "10001", "10001"}).empty());
  CHECK(people::id_tail("1234567") == "4567");
  CHECK(people::id_tail("李四") == "李四");
}

TEST_CASE("members: a real name is nothing but a name (X01, X02, X03, X04)") {
  for (const char* good : {"王小明", "阿依古丽·买买提", "O'Neil", "Jean-Luc Picard"})
    CHECK(people::fit_for_name(good));
  for (const char* bad : {"", "[CQ:at,qq=all]", "{{name}}", "=1+1", "@全体成员", "＠全体", "王\n明",
                          "王\u202e明", "-王", "12345", "一二三四五六七八九十一二三四五六七"}) {
    CAPTURE(bad);
    CHECK_FALSE(people::fit_for_name(bad));
  }
}

TEST_CASE_FIXTURE(Class, "members: a real name is said once, and shown from then on") {
  group("一班").mentions_bot("李四", "叫我 李思思").hears("member.named", "李思思");
  group("一班").says("李四", "已学").hears("lesson.done", "✔ 李思思 已学");
  group("一班").mentions_bot("李四", "叫我 李思思思").hears("member.named");
  tick(11min);
  group("一班").mentions_bot("李四", "叫我 李斯").hears("member.name_too_soon");
  tick(25h);
  group("一班").hears("lesson.push");
  group("一班").mentions_bot("李四", "叫我 李斯").hears("member.named", "李斯");
  group("一班").mentions_bot("李四", "叫我 [CQ:at,qq=all]").hears("member.name_unfit");
  group("一班").mentions_bot("李四", "叫我").hears("member.name_what");
}

TEST_CASE_FIXTURE(Class, "members: talk about being called is no name") {
  group("一班").says("李四", "叫我 李斯").hears_nothing();
  group("一班").says("李四", "学伴叫我 起床").hears_nothing();
  group("一班").says("李四", "明天记得叫我").hears_nothing();
  group("一班").mentions_bot("李四", "叫我 明天8点起床").hears("reminder.made", "起床");
  group("一班").mentions_bot("李四", "明天8点叫我起床").hears("reminder.made", "起床");
  group("一班").mentions_bot("李四", "叫我 周一鸣").hears("member.named", "周一鸣");
}

TEST_CASE_FIXTURE(Class, "members: namesakes are told to the admins once, in private") {
  group("一班").mentions_bot("李四", "叫我 王小明").hears("member.named");
  tick(2min);
  group("一班").mentions_bot("王五", "叫我 王小明").hears("member.named");
  private_chat("周书记").hears("member.namesake", "一班");
  tick(2min);
  group("一班").mentions_bot("赵六", "叫我 王小明").hears("member.named");
  private_chat("周书记").hears_nothing();
  private_chat("周书记").says("周书记", "换组 一班").hears("member.no_such_group");
  group("一班").mentions_bot("周书记", "名单").hears_nothing();
  private_chat("周书记").hears("roster.list", "王小明（尾号 李四）");
}

TEST_CASE_FIXTURE(Class, "members: birthdays by both calendars, without a year") {
  group("一班").mentions_bot("李四", "我的生日 农历八月十五").hears("member.birthday_told", "2026-09-25");
  group("一班").mentions_bot("李四", "我的生日 1990-03-05").hears("member.birthday_told", "2026-03-05");
  CHECK(count("SELECT count(*) FROM persons WHERE birthday = '1990-03-05'") == 1);
  group("一班").mentions_bot("王五", "我的生日 2018年6月1日").hears("member.birthday_told", "2026-06-01");
  CHECK(count("SELECT count(*) FROM persons WHERE birthday = '--06-01'") == 1);
  group("一班").mentions_bot("李四", "我的生日 快到了").hears("member.birthday_unclear");
  group("一班").mentions_bot("李四", "生日保密").hears("member.birthday_hidden");
  group("一班").mentions_bot("李四", "我的生日").hears_nothing();
  private_chat("李四").hears("member.birthday", "保密");
  group("一班").says("李四", "我的生日 3月5日").hears_nothing();
  for (const bot::Room::Line& line : transcript()) {
    if (line.kind.starts_with("member.birthday_told")) CHECK(line.text.find("1990") == std::string::npos);
  }
}

TEST_CASE_FIXTURE(Class, "members: who am I, in private") {
  group("一班").mentions_bot("李四", "叫我 李思").hears("member.named");
  group("一班").says("李四", "已学").hears("lesson.done");
  group("一班").mentions_bot("李四", "我是谁").hears_nothing();
  private_chat("李四")
      .hears("member.record", "李思")
      .says("李四", "我是谁")
      .hears("member.record", "已学 1 课");
  private_chat("钱七").says("钱七", "我是谁").hears("member.unknown");
  group("一班").says("李四", "我是谁").hears_nothing();
}

TEST_CASE_FIXTURE(Class, "members: one's own group, and the group that is meant in private") {
  group("一班").says("李四", "已学").hears("lesson.done");
  tick(2h);
  group("二班").says("李四", "已学").hears("lesson.done");
  private_chat("李四").says("李四", "我的组 一班").hears("member.own_group", "一班");
  private_chat("李四").says("李四", "我的组").hears("member.groups", "二班（客串）");
  private_chat("李四").says("李四", "去 一班").hears("member.group_meant", "一班");
  private_chat("李四").says("李四", "换组 三班").hears("member.no_such_group");
  group("一班").mentions_bot("李四", "去 吃饭").hears_nothing();
  group("二班").mentions_bot("周书记", "名单").hears_nothing();
  private_chat("周书记").hears("roster.list", "1 人是客串");
}

TEST_CASE_FIXTURE(Class, "roster: tags and categories, by mention and by name") {
  list({entry("1001", "李四"), entry("1002", "王五"), entry("1003", "", "赵六")});
  group("一班").mentions_bot("周书记", "给李四加标签 新入职").hears_nothing();
  private_chat("周书记").hears("roster.tagged", "李四 加上了标签“新入职”");
  group("一班").mentions("周书记", "1002", "加标签 新入职").hears_nothing();
  private_chat("周书记").hears("roster.tagged", "王五");
  group("一班").mentions_bot("周书记", "标签 新入职").hears_nothing();
  private_chat("周书记").hears("roster.labelled", "2 人：李四、王五");
  group("一班").mentions_bot("周书记", "去标签 李四 新入职").hears_nothing();
  private_chat("周书记").hears("roster.untagged", "李四");
  group("一班").mentions_bot("周书记", "标签").hears_nothing();
  private_chat("周书记").hears("roster.tags", "新入职 1 人");
  group("一班").mentions_bot("周书记", "设类别 赵六 党员").hears_nothing();
  private_chat("周书记").hears("roster.categorised", "赵六");
  group("一班").mentions_bot("周书记", "类别 党员").hears_nothing();
  private_chat("周书记").hears("roster.labelled", "1 人：赵六");
  group("一班").mentions_bot("周书记", "加标签 钱七 新入职").hears_nothing();
  private_chat("周书记").hears("roster.nobody");
  group("一班").mentions_bot("周书记", "加标签 李四 =1+1").hears_nothing();
  private_chat("周书记").hears("roster.label_unfit");
}

TEST_CASE_FIXTURE(Class, "roster: members may not look, and hear so in private") {
  for (const char* said : {"名单", "标签", "类别", "曾用名 王五", "改实名 王五 王六"}) {
    group("一班").mentions_bot("李四", said).hears_nothing();
    private_chat("李四").hears("core.not_allowed");
    tick(1min);
  }
  group("一班").says("周书记", "名单 在群文件里").hears_nothing();
  group("一班").says("周书记", "这个标签不好看").hears_nothing();
}

TEST_CASE_FIXTURE(Class, "roster: what somebody was called before") {
  list({entry("1001", "李四"), entry("1003", "")});
  list({entry("1001", "李思"), entry("1003", "")});
  group("一班").mentions_bot("周书记", "改实名 李思 李小四").hears_nothing();
  private_chat("周书记").hears("roster.renamed", "李思 的实名改为 李小四");
  group("一班").mentions_bot("周书记", "改实名 李小四 李大四").hears_nothing();
  private_chat("周书记").hears("roster.renamed");
  group("一班").mentions_bot("周书记", "曾用名 李大四").hears_nothing();
  private_chat("周书记").hears("roster.former", "李小四，到 2026-03-02\n· 李四（群名片）");
  group("一班").mentions_bot("周书记", "名单").hears_nothing();
  private_chat("周书记").hears("roster.list", "尾号 1003");
}

TEST_CASE_FIXTURE(Class, "roster: a long list comes in pages, and nicknames are only text in it (X01, X04)") {
  std::vector<bot::MembersListed::Entry> many;
  for (int member = 1; member <= 45; ++member)
    many.push_back(entry(std::to_string(5000 + member), "m" + std::to_string(member)));
  many.push_back(entry("6001", "[CQ:at,qq=all]"));
  many.push_back(entry("6002", "x\r\n\u202e{{7*7}}"));
  list(std::move(many));
  group("一班").mentions_bot("周书记", "名单").hears_nothing();
  private_chat("周书记").hears("roster.list", "（第 1/2 页）\n[CQ:at,qq=all]、");
  tick(1min);
  group("一班").mentions_bot("周书记", "名单 2").hears_nothing();
  private_chat("周书记").hears("roster.list", "x {{7*7}}");
  for (const bot::Room::Line& line : transcript()) {
    if (!line.kind.empty())
      for (const bot::Segment& part : line.said.parts()) CHECK(std::holds_alternative<bot::Text>(part));
  }
}
