/// What people call themselves, in messages of the bot (reliability X01–X04).
#include <doctest/doctest.h>

#include "bot/chat/shown_name.hpp"
#include "tests/support/world.hpp"

namespace {

std::string shown(const std::string& name) {
  return bot::shown_name({.id = "12345678", .name = name});
}

}  // namespace

TEST_CASE_FIXTURE(World, "names: codes and patterns are only text (X01, X02, X03)") {
  for (const std::string name : {"[CQ:at,qq=all]", "[CQ:image,file=file:///a]", "{balance}{{7*7}}%s%n",
                                 "=HYPERLINK(\"http://a.example\")"}) {
    CAPTURE(name);
    group("一班").says(name, "已学").hears("lesson.done", "✔ " + name + " 已学 L1");
    CHECK(shown(name) == name);
  }
}

TEST_CASE_FIXTURE(World, "names: one cannot forge a line of a message, or turn what follows it (X04)") {
  group("一班")
      .says("李四 已学 L1\r\n✔ 王五\x1b[2J\u202e", "已学")
      .hears("lesson.done", "✔ 李四 已学 L1 ✔ 王五 [2J 已学 L1，第 1 位");
}

TEST_CASE("names: a long one is cut, and one that shows nothing gives way to the id") {
  std::string long_name;
  for (int times = 0; times < 32; ++times) long_name += "学";
  CHECK(shown(long_name) == long_name);
  CHECK(shown(long_name + "生") == long_name + "…");
  CHECK(shown(std::string(31, 'a') + " bc") == std::string(31, 'a') + "…");
  for (const char* name : {"", " \u3000", "\r\n", "\u202e\u2066", "\u200b\u200d\ufeff", "\u3164"}) {
    CHECK(shown(name) == "12345678");
  }
}
