/// Who is on record, and what people are in a group.
#include <doctest/doctest.h>

#include "bot/people/people.hpp"
#include "tests/support/world.hpp"

using namespace std::chrono_literals;
using bot::Address;
using bot::MembersListed;
using bot::Role;
using bot::Sender;
namespace people = bot::people;

namespace {

const Address kClass{"qq", "一班", false};
const bot::Instant kNow{bot::Milliseconds{1'772'400'000'000}};

MembersListed::Entry listed(const std::string& user, const std::string& card,
                            Sender::Role role = Sender::Role::member) {
  MembersListed::Entry entry;
  entry.user = user;
  entry.card = card;
  entry.nickname = "nick of " + user;
  entry.role = role;
  return entry;
}

struct Records : World {
  Records() { count("SELECT count(*) FROM persons"); }

  void list(std::vector<MembersListed::Entry> entries, bot::Instant now = kNow) {
    bot::sql::Transaction transaction(db());
    MembersListed list;
    list.members = std::move(entries);
    people::take_list(db(), kClass, list, now);
    transaction.commit();
  }
};

/// A group whose owner the platform knows.
struct OwnedGroup : World {
  OwnedGroup() { make_platform_owner("周书记"); }
};

}  // namespace

TEST_CASE_FIXTURE(Records, "people: a list puts its members on record, and a newer one replaces it") {
  list({listed("1", "张三"), listed("2", "", Sender::Role::owner)});
  CHECK(people::look_up(db(), kClass, "2").listed == Sender::Role::owner);
  auto members = people::members(db(), kClass);
  REQUIRE(members.size() == 2);
  CHECK(members[0].shown == "nick of 2");
  CHECK(members[1].shown == "张三");
  const people::PersonId person = members[1].person;

  list({listed("1", "张三丰", Sender::Role::admin), listed("3", "王五")}, kNow + 1h);
  members = people::members(db(), kClass);
  REQUIRE(members.size() == 2);
  CHECK(members[0].shown == "张三丰");
  CHECK(members[0].person == person);
  CHECK(people::look_up(db(), kClass, "1").listed == Sender::Role::admin);
  CHECK(people::look_up(db(), kClass, "2").listed == Sender::Role::unknown);
  CHECK(people::listed_at(db(), kClass) == kNow + 1h);
}

TEST_CASE_FIXTURE(Records, "people: who comes and goes is known before the next list") {
  list({listed("1", "张三", Sender::Role::admin)});
  bot::sql::Transaction transaction(db());
  people::came(db(), kClass, "9", kNow);
  CHECK(people::members(db(), kClass).size() == 2);
  people::went(db(), kClass, "1", kNow);
  CHECK(people::members(db(), kClass).size() == 1);
  CHECK(people::look_up(db(), kClass, "1").listed == Sender::Role::unknown);
  people::came(db(), kClass, "1", kNow);
  CHECK(people::look_up(db(), kClass, "1").listed == Sender::Role::member);
}

TEST_CASE_FIXTURE(Records, "people: one person, two groups, and the group of the last deed is home") {
  const Address other{"qq", "二班", false};
  bot::sql::Transaction transaction(db());
  CHECK_FALSE(people::home(db(), "qq", "1"));
  const auto person = people::enrol(db(), kClass, {"1", "张三"}, kNow);
  CHECK(people::enrol(db(), other, {"1", "张三"}, kNow + 2h) == person);
  CHECK(people::home(db(), "qq", "1") == other);
  people::set_home(db(), kClass, person, kNow + 3h);
  CHECK(people::home(db(), "qq", "1") == kClass);
  people::came(db(), kClass, "1", kNow);
  people::went(db(), kClass, "1", kNow);
  CHECK(people::home(db(), "qq", "1") == other);
}

TEST_CASE_FIXTURE(Records, "people: the same user id elsewhere is somebody else") {
  bot::sql::Transaction transaction(db());
  const auto here = people::enrol(db(), kClass, {"1", "张三"}, kNow);
  CHECK(people::enrol(db(), {"wecom", "一班", false}, {"1", "张三"}, kNow) != here);
  CHECK(people::look_up(db(), kClass, "1").person == here);
  CHECK(people::look_up(db(), kClass, "2").person == 0);
}

TEST_CASE_FIXTURE(OwnedGroup, "people: the owner's first word is heard, though no list has come yet") {
  group("一班").mentions_bot("周书记", "发送记录").hears("record.none");
  group("一班").mentions_bot("周书记", "为什么没发").hears("record.all_sent");
}

TEST_CASE_FIXTURE(OwnedGroup, "people: who only claims to be the owner is refused in private (X08)") {
  group("一班").mentions_bot("李四", "发送记录").hears_nothing();
  private_chat("李四").hears("core.not_allowed");
  forget_members(true);
  group("一班").mentions_bot("周书记", "发送记录").hears_nothing();
  private_chat("周书记").hears("core.not_allowed");
}

TEST_CASE_FIXTURE(OwnedGroup, "people: in private the owner leads the group of the last deed") {
  group("一班").mentions_bot("周书记", "每天9点提醒大家喝水").hears("reminder.made");
  group("二班").mentions_bot("李四", "ping").hears("ping.pong");
  private_chat("周书记").says("周书记", "发送记录").hears("record.none");
  private_chat("李四").says("李四", "发送记录").hears("core.not_allowed");
}
