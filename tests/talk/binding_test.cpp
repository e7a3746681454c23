/// Two accounts of one person.
#include <doctest/doctest.h>

#include "tests/support/world.hpp"

using namespace std::chrono_literals;

namespace {

struct TwoAccounts : World {
  /// The six digits that the bot gave last.
  std::string code() const { return digits(6); }
  /// The four with which a question is answered.
  std::string confirmation() const { return digits(4); }

  std::string digits(std::size_t count) const {
    std::string found;
    for (const bot::Room::Line& line : transcript()) {
      if (line.kind.starts_with("binding.")) {
        for (std::size_t at = 0; at < line.text.size();) {
          std::size_t end = at;
          while (end < line.text.size() && line.text[end] >= '0' && line.text[end] <= '9') ++end;
          if (end - at == count) found = line.text.substr(at, count);
          at = end + 1;
        }
      }
    }
    return found;
  }

  void bind(const std::string& first, const std::string& second) {
    private_chat(first).says(first, "绑定").hears("binding.code");
    private_chat(second).says(second, "绑定 " + code()).hears("binding.preview");
    private_chat(second).says(second, confirmation()).hears("binding.done", "2 个号算一个人");
  }
};

}  // namespace

TEST_CASE_FIXTURE(TwoAccounts, "binding: a code from one account, typed from the other, confirmed") {
  group("一班").mentions_bot("李四", "叫我 李思").hears("member.named");
  group("一班").says("李四", "已学").hears("lesson.done", "第 1 位");
  group("一班").says("李四小号", "已学").hears("lesson.done", "第 2 位");
  private_chat("李四").says("李四", "绑定").hears("binding.code");
  private_chat("李四小号")
      .says("李四小号", "绑定 " + code())
      .hears("binding.preview", "留下的：李思；在一班；已学 1 课");
  private_chat("李四小号").says("李四小号", confirmation()).hears("binding.done");
  CHECK(count("SELECT count(*) FROM persons") == 1);
  group("一班").says("王五", "已学").hears("lesson.done", "第 2 位");
  group("一班").mentions_bot("李四小号", "今日一课").hears("lesson.today", "已学 2 人");
  private_chat("李四小号").says("李四小号", "我是谁").hears("member.record", "您是李思");
}

TEST_CASE_FIXTURE(TwoAccounts, "binding: who learned it by one account has learned it by the other") {
  group("一班").says("李四", "已学").hears("lesson.done", "第 1 位");
  bind("李四", "李四小号");
  group("一班").says("李四小号", "已学").hears("lesson.already", "共 1 人");
}

TEST_CASE_FIXTURE(TwoAccounts, "binding: without the confirmation nothing is bound") {
  private_chat("李四").says("李四", "绑定").hears("binding.code");
  private_chat("小号").says("小号", "绑定 " + code()).hears("binding.preview");
  tick(3min);
  private_chat("小号").says("小号", confirmation()).hears("core.not_understood");
  CHECK(count("SELECT count(*) FROM persons") == 2);
}

TEST_CASE_FIXTURE(TwoAccounts,
                  "binding: a code is good for ten minutes, for one account, and kept as a hash") {
  private_chat("李四").says("李四", "绑定").hears("binding.code");
  const std::string given = code();
  CHECK(db().query("SELECT 1 FROM binding_codes WHERE hash LIKE $1 OR salt LIKE $1", {"%" + given + "%"})
            .empty());
  private_chat("李四").says("李四", "绑定 " + given).hears("binding.same");
  private_chat("李四").says("李四", "绑定").hears("binding.code");
  private_chat("小号").says("小号", "绑定 " + code()).hears("binding.preview");
  private_chat("路人").says("路人", "绑定 " + code()).hears("binding.wrong");
  tick(11min);
  private_chat("小号").says("小号", "绑定 " + code()).hears("binding.wrong");
}

TEST_CASE_FIXTURE(TwoAccounts, "binding: after five wrong codes an hour must pass, even for the right one") {
  for (int wrong = 0; wrong < 5; ++wrong) {
    private_chat("路人").says("路人", "绑定 00000" + std::to_string(wrong)).hears("binding.wrong");
    tick(10s);
  }
  private_chat("李四").says("李四", "绑定").hears("binding.code");
  private_chat("路人").says("路人", "绑定 " + code()).hears("binding.too_often");
  tick(61min);
  private_chat("李四").says("李四", "绑定").hears("binding.code");
  private_chat("路人").says("路人", "绑定 " + code()).hears("binding.preview");
}

TEST_CASE_FIXTURE(TwoAccounts, "binding: it is taken back within ten minutes, whole") {
  group("一班").mentions_bot("李四", "叫我 李思").hears("member.named");
  group("二班").mentions_bot("小号", "叫我 李小思").hears("member.named");
  group("二班").mentions_bot("小号", "我的生日 3月5日").hears("member.birthday_told");
  const std::string before = "SELECT count(*) FROM persons WHERE name = '李小思' AND birthday = '--03-05'";
  REQUIRE(count(before) == 1);
  bind("李四", "小号");
  CHECK(count(before) == 0);
  CHECK(count("SELECT count(*) FROM memberships") == 2);
  private_chat("小号").says("小号", "解绑").hears("binding.apart", "1 个号");
  CHECK(count(before) == 1);
  CHECK(count("SELECT count(*) FROM persons WHERE name = '李思' AND birthday = ''") == 1);
  private_chat("小号").says("小号", "解绑").hears("binding.nothing");
}

TEST_CASE_FIXTURE(TwoAccounts, "binding: after ten minutes it stays") {
  group("一班").says("李四", "已学").hears("lesson.done");
  bind("李四", "小号");
  tick(11min);
  private_chat("小号").says("小号", "解绑").hears("binding.nothing");
}

TEST_CASE_FIXTURE(TwoAccounts, "binding: the lower of two roles counts") {
  group("一班").says("李四", "已学").hears("lesson.done");
  group("一班").says("小号", "已学").hears("lesson.done");
  {
    bot::sql::Transaction transaction(db());
    db().execute(
        "UPDATE memberships SET role = 5 WHERE person = (SELECT person FROM person_accounts WHERE "
        "user_id = '小号')");
    db().execute(
        "UPDATE memberships SET role = 3 WHERE person = (SELECT person FROM person_accounts WHERE "
        "user_id = '李四')");
    transaction.commit();
  }
  bind("李四", "小号");
  CHECK(count("SELECT role FROM memberships") == 3);
}

TEST_CASE_FIXTURE(TwoAccounts, "binding: never in the group, and talk of it is only talk") {
  group("一班").mentions_bot("李四", "绑定").hears_nothing();
  private_chat("李四").hears("binding.in_private");
  group("一班").says("李四", "绑定 123456").hears_nothing();
  group("一班").says("李四", "手机号要绑定一下").hears_nothing();
}
