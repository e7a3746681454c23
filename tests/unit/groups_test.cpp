#include "bot/desk/groups.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace {

bot::GroupProfile profile(std::string account, std::string chat, std::string name) {
  bot::GroupProfile made;
  made.account = std::move(account);
  made.chat = std::move(chat);
  made.name = std::move(name);
  return made;
}

bot::GroupBook book() {
  bot::GroupBook made(profile("", "", "default"));
  made.add(profile("qq", "1", "first"));
  made.add(profile("qq", "2", "second"));
  made.add(profile("other", "1", "third"));
  return made;
}

}  // namespace

TEST_CASE("groups: a chat is found by account and id") {
  const bot::GroupBook groups = book();
  CHECK(groups.find("qq", "1").name == "first");
  CHECK(groups.find("qq", "2").name == "second");
  CHECK(groups.find("other", "1").name == "third");
  CHECK(groups.has_file("other", "1"));
}

TEST_CASE("groups: a chat without a file follows the default one") {
  const bot::GroupBook groups = book();
  CHECK(groups.find("qq", "3").name == "default");
  CHECK(groups.find("other", "2").name == "default");
  CHECK(groups.find("", "").name == "default");
  CHECK_FALSE(groups.has_file("qq", "3"));
  CHECK(&groups.find("qq", "3") == &groups.fallback());
}

TEST_CASE("groups: own() keeps the order in which they were added") {
  const bot::GroupBook groups = book();
  REQUIRE(groups.own().size() == 3);
  CHECK(groups.own()[0].name == "first");
  CHECK(groups.own()[2].name == "third");
}

TEST_CASE("groups: a second profile for one chat takes the place of the first") {
  bot::GroupBook groups = book();
  groups.add(profile("qq", "1", "again"));
  CHECK(groups.own().size() == 3);
  CHECK(groups.find("qq", "1").name == "again");
  CHECK(groups.find("qq", "2").name == "second");
}

TEST_CASE("groups: a copy is independent") {
  bot::GroupBook groups = book();
  const bot::GroupBook copy = groups;
  groups.add(profile("qq", "1", "again"));
  CHECK(copy.find("qq", "1").name == "first");
}
