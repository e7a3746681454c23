/// Groups with several doors: one account listens, another says what is planned.
#include <doctest/doctest.h>

#include "tests/support/world.hpp"

using namespace std::chrono_literals;

namespace {

bot::Capabilities webhook() {
  bot::Capabilities capabilities;
  capabilities.hears = bot::Hears::nothing;
  capabilities.history = false;
  return capabilities;
}

bot::Capabilities robot() {
  bot::Capabilities capabilities;
  capabilities.hears = bot::Hears::mentions;
  capabilities.buttons = true;
  return capabilities;
}

class Doors : public World {
 public:
  Doors() {
    at("2026-03-02 07:59");
    allow("hook", webhook());
    allow("robot", robot());
  }

  bot::GroupProfile one_class() const {
    bot::GroupProfile profile = config.groups.fallback();
    profile.name = "一班";
    profile.account = "qq";
    profile.chat = "1";
    return profile;
  }

  void morning() {
    link_up("hook");
    link_up("robot");
    tick(2min);
  }
};

}  // namespace

TEST_CASE_FIXTURE(Doors, "one account listens, a webhook pushes and says where to answer") {
  bot::GroupProfile profile = one_class();
  profile.push_account = profile.push_chat = "hook";
  config.groups.add(profile);
  morning();
  group_of("hook", "hook").hears("lesson.push", "到一班回“已学 L1”");
  group("1").hears_nothing();
  group("1").says("小李", "已学 L1").hears("lesson.done", "第 1 位");
  group("1").says("小王", "今日一课").hears("lesson.today", "已学 1 人");
  CHECK(count("SELECT count(*) FROM occurrences WHERE account = 'qq' AND chat = '1'") == 1);
}

TEST_CASE_FIXTURE(Doors, "the admin's own words say where to answer") {
  bot::GroupProfile profile = one_class();
  profile.push_account = profile.push_chat = "hook";
  profile.answer_at = "QQ 群 12345";
  config.groups.add(profile);
  morning();
  group_of("hook", "hook").hears("lesson.push", "到QQ 群 12345回“已学 L1”");
}

TEST_CASE_FIXTURE(Doors, "a group whose only account is a webhook gets its pushes, and no empty invitation") {
  bot::GroupProfile profile = one_class();
  profile.account = profile.chat = "hook";
  config.groups.add(profile);
  morning();
  group_of("hook", "hook").hears("lesson.push", "想一想");
  CHECK(count("SELECT count(*) FROM outbox WHERE body LIKE '%已学%'") == 0);
}

TEST_CASE_FIXTURE(Doors, "what waits is said by the same door after a restart, once") {
  bot::GroupProfile profile = one_class();
  profile.push_account = profile.push_chat = "hook";
  config.groups.add(profile);
  link_up("hook");
  stop();
  off(10min);
  link_up("hook");
  tick(1min);
  group_of("hook", "hook").hears("lesson.push");
  restart();
  link_up("hook");
  tick(1h);
  group_of("hook", "hook").hears_nothing();
  group("1").hears_nothing();
}

TEST_CASE_FIXTURE(Doors, "two accounts in one chat: one is told, the other is heard, nobody twice") {
  bot::GroupProfile profile = one_class();
  profile.push_account = "spare";
  profile.push_chat = "1";
  config.groups.add(profile);
  link_up("spare");
  morning();
  group_of("spare", "1").hears("lesson.push", "引用本条回“已学”");
  group("1").says("小李", "已学").hears("lesson.done");
  group_of("spare", "1").says("小李", "已学").hears_nothing();
  group_of("spare", "1").says("小李", "学伴 你好").hears_nothing();
  CHECK(count("SELECT count(*) FROM known_groups WHERE account = 'spare'") == 0);
}

TEST_CASE_FIXTURE(Doors, "a robot that hears mentions says so, and has a button to tap") {
  bot::GroupProfile profile = one_class();
  profile.account = "robot";
  profile.chat = "CHAT1";
  config.groups.add(profile);
  morning();
  group_of("robot", "CHAT1")
      .hears("lesson.push", "引用本条@我回“已学”")
      .hears("lesson.push", "学完了点一下 [已学]");
  group_of("robot", "CHAT1").mentions_bot("zhangsan", "已学 L1").hears("lesson.done", "第 1 位");
}

TEST_CASE_FIXTURE(Doors, "a robot listens where a webhook pushes") {
  bot::GroupProfile profile = one_class();
  profile.account = "robot";
  profile.chat = "CHAT1";
  profile.push_account = profile.push_chat = "hook";
  config.groups.add(profile);
  morning();
  group_of("hook", "hook").hears("lesson.push", "@我回“已学”");
  group_of("robot", "CHAT1").mentions_bot("zhangsan", "已学 L1").hears("lesson.done");
}
