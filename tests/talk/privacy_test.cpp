/// What is stored about people: shown to them, erased for them, and nothing of what is not said to the bot.
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "tests/support/world.hpp"

using namespace std::chrono_literals;

namespace {

/// 李四 has learned a lesson, wants to be reminded in the group and in private, and 周书记 leads the group.
struct Study : World {
  Study() {
    make_admin("周书记");
    group("一班").says("李四", "已学").hears("lesson.done", "李四");
    group("一班").says("张三", "已学").hears("lesson.done", "张三");
    group("一班").mentions_bot("李四", "提醒我明天下午3点交报告").hears("reminder.made");
    private_chat("李四").says("李四", "提醒我明天下午4点接孩子").hears("reminder.made");
  }

  /// The four digits of the latest question.
  std::string code() {
    const std::string& text = transcript().back().text;
    const std::size_t at = text.find_last_of("0123456789");
    return text.substr(at - 3, 4);
  }

  /// The latest list of what is stored about somebody.
  std::string shown() const {
    std::string text;
    for (const auto& line : transcript()) {
      if (line.kind == "privacy.rows") text = line.text;
    }
    return text;
  }

  void forget(const std::string& person) {
    private_chat(person).says(person, "忘记我").hears("privacy.forget_preview", "学习记录");
    private_chat(person).says(person, code()).hears("privacy.forgotten");
  }

  /// Tables in which the word stands, in whatever column.
  std::set<std::string> tables_with(const std::string& word) {
    std::set<std::string> found;
    const bool sqlite = db().dialect() == bot::sql::Dialect::sqlite;
    for (const bot::sql::Row& table : db().query(
             sqlite ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                    : "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = "
                      "current_schema()")) {
      for (const bot::sql::Row& row : db().query("SELECT * FROM " + table.text(0))) {
        for (const bot::sql::Value& value : row.values()) {
          if (bot::sql::printed(value).find(word) != std::string::npos) found.insert(table.text(0));
        }
      }
    }
    return found;
  }
};

using Tables = std::set<std::string>;

}  // namespace

TEST_CASE_FIXTURE(Study, "privacy: what is not said to the bot is stored nowhere") {
  group("一班").says("王五", "暗号是芝麻开门").hears_nothing();
  group("一班").quotes_stranger("王五", "芝麻开门").hears_nothing();
  group("一班").mentions_others("王五", "芝麻开门").hears_nothing();
  tick(1h);
  restart();
  CHECK(tables_with("芝麻") == Tables{});
  CHECK(tables_with("王五") == Tables{});
}

TEST_CASE_FIXTURE(Study, "privacy: everybody may ask what is stored") {
  group("一班").mentions_bot("王五", "隐私").hears("privacy.about", "命令记 7 天，我发出的话记 90 天");
  private_chat("王五").says("王五", "隐私").hears("privacy.about");
  group("一班").says("王五", "现在大家都在意隐私").hears_nothing();
  group("一班").says("王五", "隐私").hears_nothing();
}

TEST_CASE_FIXTURE(Study, "privacy: a member gets everything, and alone") {
  group("一班").mentions_bot("李四", "我的数据").hears_nothing();
  private_chat("李四").hears("privacy.rows", "我私聊您的话（1 条）");
  const std::string text = shown();
  for (const char* part : {"您（姓名、生日、记下的时间）（1 条）", "您在的群", "您的账号", "接孩子", "交报告",
                           "学习记录（群、课号、名字、时间）（1 条）\n· 一班 · 1 · 李四 · 周一 2026-03-02"}) {
    CHECK_MESSAGE(text.find(part) != std::string::npos, text);
  }
  CHECK(text.find("张三") == std::string::npos);
  tick(10s);
  private_chat("李四").hears("privacy.all").hears_nothing();
  private_chat("王五").says("王五", "我的数据").hears("privacy.nothing");
  group("一班").says("李四", "我的数据流量快用完了").hears_nothing();
}

TEST_CASE_FIXTURE(Study, "privacy: forgetting is asked for in private and confirmed with a code") {
  group("一班").mentions_bot("李四", "忘记我").hears_nothing();
  private_chat("李四").hears("privacy.forget_private");
  group("一班").says("李四", "忘记我吧").hears_nothing();
  private_chat("李四").says("李四", "忘记我").hears("privacy.forget_preview", "1 条，只留数目");
  const std::string right = code();
  private_chat("李四").says("李四", right == "1234" ? "1235" : "1234").hears("core.not_understood");
  CHECK(tables_with("李四") != Tables{});
}

TEST_CASE_FIXTURE(Study, "privacy: who is forgotten stands in no table, and sums stay") {
  forget("李四");
  CHECK(tables_with("李四") == Tables{});
  CHECK(tables_with("接孩子") == Tables{});
  CHECK(tables_with("交报告") == Tables{});
  CHECK(count("SELECT count(*) FROM lesson_done") == 2);
  CHECK(count("SELECT count(*) FROM lesson_done WHERE member LIKE '~%' AND name = ''") == 1);
  tick(30h);
  group("一班").hears("lesson.push").hears_nothing();
  private_chat("李四").hears_nothing();
  restart();
  tick(1h);
  CHECK(tables_with("李四") == Tables{});
  group("一班").says("李四", "已学").hears("lesson.done", "第 1 位");
  CHECK(count("SELECT count(*) FROM persons WHERE name = ''") == 3 - 1);
}

TEST_CASE_FIXTURE(Study, "privacy: an old event does not bring anybody back") {
  group("一班").says("李四", "学完了").hears("lesson.already");
  const auto said = now();
  forget("李四");
  delayed(40s);
  group("一班").says("李四", "已学 L2").hears_nothing();
  delayed(0s);
  CHECK(tables_with("李四") == Tables{});
  CHECK(said < now());
  private_chat("李四").repeats_event().hears_nothing();
  CHECK(tables_with("李四") == Tables{});
  group("一班").says("李四", "已学 L2").hears("lesson.done");
  CHECK(tables_with("李四") != Tables{});
}

TEST_CASE_FIXTURE(Study, "privacy: a copy of the time before forgets again when it is started") {
  forget("李四");
  db().execute("DELETE FROM forgotten");
  db().execute(
      "INSERT INTO lesson_done (account, chat, lesson, member, name, day, late, at) VALUES ('qq', '一班', 9, "
      "'李四', '李四', '2026-03-01', 0, 1)");
  restart();
  CHECK(tables_with("李四") == Tables{});
  group("一班").says("李四", "已学").hears("lesson.done");
  restart();
  CHECK(tables_with("李四").contains("lesson_done"));
}

TEST_CASE_FIXTURE(Study, "privacy: the platform's list does not bring anybody back") {
  forget("李四");
  bot::MembersListed list;
  list.members.push_back({"李四", "四哥", "李四", bot::Sender::Role::member, std::nullopt});
  list.members.push_back({"张三", "", "张三", bot::Sender::Role::member, std::nullopt});
  group("一班").happens(list);
  CHECK(tables_with("李四") == Tables{});
  group("一班").says("李四", "已学").hears("lesson.done");
  group("一班").happens(list);
  CHECK(tables_with("四哥") == Tables{"listed_members"});
}

TEST_CASE_FIXTURE(Study, "archive: only the one who leads the group opens it, and the group sees it") {
  group("一班").mentions_bot("李四", "开启归档").hears_nothing();
  private_chat("李四").hears("core.not_allowed");
  private_chat("周书记").says("周书记", "开启归档").hears("privacy.in_group");
  group("一班").says("周书记", "明天开启归档工作").hears_nothing();
  group("一班").mentions_bot("周书记", "归档保留 30天").hears("privacy.archive_is_off");
  group("一班").mentions_bot("周书记", "开启归档").hears("privacy.archive_on", "存 7 天");
  group("一班").mentions_bot("周书记", "归档保留 三十").hears("privacy.which_days");
  tick(2min);
  group("一班").mentions_bot("周书记", "归档保留 366天").hears("privacy.which_days");
  group("一班").mentions_bot("周书记", "归档保留 30天").hears("privacy.archive_on", "存 30 天");
  group("一班").mentions_bot("李四", "隐私").hears("privacy.about", "消息存 30 天");
}

TEST_CASE_FIXTURE(Study, "archive: it has what is said, but not of those who do not want it") {
  group("一班").mentions_bot("周书记", "开启归档").hears("privacy.archive_on");
  group("一班").says("王五", "芝麻开门").hears_nothing();
  group("二班").says("王五", "芝麻关门").hears_nothing();
  private_chat("王五").says("王五", "芝麻糊").hears("core.not_understood");
  CHECK(count("SELECT count(*) FROM archive WHERE text = '芝麻开门'") == 1);
  CHECK(tables_with("芝麻关门") == Tables{});
  CHECK(tables_with("芝麻糊") == Tables{});
  group("一班").mentions_bot("王五", "不记录我").hears_nothing();
  private_chat("王五").hears("privacy.left_out", "已存的 2 条也删了");
  group("一班").says("王五", "芝麻开门").hears_nothing();
  restart();
  group("一班").says("王五", "芝麻开门").hears_nothing();
  CHECK(tables_with("芝麻") == Tables{});
  private_chat("王五").says("王五", "记录我").hears("privacy.taken_in");
  group("一班").says("王五", "芝麻开门").hears_nothing();
  CHECK(tables_with("芝麻") == Tables{"archive"});
  private_chat("王五").says("王五", "我的数据").hears("privacy.rows", "归档里您的消息（1 条）");
  CHECK(shown().find("一班 · 芝麻开门") != std::string::npos);
  tick(10s);
  private_chat("王五").hears("privacy.all");
}

TEST_CASE_FIXTURE(Study, "archive: what is recalled leaves at once") {
  group("一班").mentions_bot("周书记", "开启归档").hears("privacy.archive_on");
  group("一班").says("王五", "说错了").hears_nothing();
  const std::string id = db().query("SELECT message_id FROM archive WHERE text = '说错了'").front().text(0);
  group("二班").happens(bot::MessageRecalled{id, "王五"});
  CHECK(tables_with("说错了") == Tables{"archive"});
  group("一班").happens(bot::MessageRecalled{id, "王五"});
  CHECK(tables_with("说错了") == Tables{});
}

TEST_CASE_FIXTURE(Study, "archive: messages go when their days are over, and all of them when it is closed") {
  group("一班").mentions_bot("周书记", "开启归档").hears("privacy.archive_on");
  group("一班").mentions_bot("周书记", "归档保留 2天").hears("privacy.archive_on", "存 2 天");
  group("一班").says("王五", "芝麻一").hears_nothing();
  tick(48h);
  group("一班").hears("lesson.push").hears("reminder.due").hears("lesson.push");
  private_chat("李四").hears("reminder.due");
  group("一班").says("王五", "芝麻二").hears_nothing();
  tick(24h);
  group("一班").hears("lesson.push");
  CHECK(count("SELECT count(*) FROM archive WHERE text LIKE '芝麻%'") == 1);
  private_chat("周书记").says("周书记", "自检").hears("health.report", "昨夜到期清掉");
  group("一班").mentions_bot("周书记", "关闭归档").hears("privacy.archive_off");
  CHECK(count("SELECT count(*) FROM archive") == 0);
  group("一班").says("王五", "芝麻三").hears_nothing();
  CHECK(tables_with("芝麻") == Tables{});
  group("一班").mentions_bot("周书记", "关闭归档").hears("privacy.archive_is_off");
}

TEST_CASE("archive: the group is told of it once a month, and no other group") {
  World world;
  world.make_admin("周书记");
  world.at("2026-03-31 20:00");
  world.group("二班").says("王五", "大家好").hears_nothing();
  world.group("一班").mentions_bot("周书记", "开启归档").hears("privacy.archive_on");
  world.tick(15h);
  world.group("二班").hears("lesson.push").hears_nothing();
  world.group("一班").hears("lesson.push").hears("privacy.archive_on").hears_nothing();
}
