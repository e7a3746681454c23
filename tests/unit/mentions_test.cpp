#include "bot/desk/mentions.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

using bot::limited_mentions;
using bot::Mention;
using bot::MentionAll;
using bot::Message;
using bot::Quote;
using bot::Text;

namespace {

std::string name_of(const std::string& user) {
  return "name of " + user;
}

Message calling(int people) {
  Message message;
  message.add(Quote{"1"});
  for (int i = 0; i < people; ++i) message.add(Mention{std::to_string(i)}).add(Text{" "});
  return message;
}

}  // namespace

TEST_CASE("mentions: as many as are allowed stay as they are") {
  CHECK(limited_mentions(calling(5), 5, name_of) == calling(5));
  CHECK(limited_mentions(calling(50), std::nullopt, name_of) == calling(50));
}

TEST_CASE("mentions: the rest are named") {
  Message expected;
  expected.add(Quote{"1"}).add(Mention{"0"}).add(Text{" "}).add(Mention{"1"});
  expected.add(Text{" @name of 2 @name of 3 "});
  CHECK(limited_mentions(calling(4), 2, name_of) == expected);
}

TEST_CASE("mentions: the same person is mentioned once") {
  Message twice;
  twice.add(Mention{"li"}).add(Mention{"li"}).add(Mention{"wang"});
  Message expected;
  expected.add(Mention{"li"}).add(Text{"@name of li"}).add(Mention{"wang"});
  CHECK(limited_mentions(twice, 2, name_of) == expected);
}

TEST_CASE("mentions: who does not want one stands there by name") {
  Message both;
  both.add(Mention{"li"}).add(Text{" and "}).add(Mention{"wang"});
  Message expected;
  expected.add(Text{"name of li and "}).add(Mention{"wang"});
  CHECK(bot::without_mentions_of([](const std::string& user) { return user == "li"; }, both, name_of) ==
        expected);
}

TEST_CASE("mentions: everybody is another matter") {
  Message all;
  all.add(Mention{"li"}).add(MentionAll{});
  CHECK(limited_mentions(all, 1, name_of) == all);
}
