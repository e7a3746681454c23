#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "bot/platforms/wecom/open_questions.hpp"
#include "bot/platforms/wecom/seen_lately.hpp"

using namespace bot;
using namespace bot::wecom;
using namespace std::chrono_literals;

namespace {

constexpr SteadyTime kStart{1000h};
const Address kGroup{"work", "CHAT1", false};

}  // namespace

TEST_CASE("a message can be answered in its own chat, and for so long") {
  OpenQuestions questions(1h, 10);
  questions.add(kGroup, "M1", "key", kStart);
  CHECK(questions.key(kGroup, "M1", kStart + 1h) == "key");
  CHECK_FALSE(questions.key(kGroup, "M1", kStart + 1h + 1ms));
  CHECK_FALSE(questions.key(kGroup, "M2", kStart));
  CHECK_FALSE(questions.key({"work", "CHAT2", false}, "M1", kStart));
  CHECK_FALSE(questions.key({"work", "CHAT1", true}, "M1", kStart));
  questions.forget(kGroup, "M1");
  CHECK_FALSE(questions.key(kGroup, "M1", kStart));
}

TEST_CASE("what cannot be answered is not kept, and of the rest no more than allowed") {
  OpenQuestions questions(1h, 3);
  questions.add(kGroup, "", "key", kStart);
  questions.add(kGroup, "M0", "", kStart);
  CHECK(questions.size() == 0);
  for (int number = 1; number <= 5; ++number)
    questions.add(kGroup, "M" + std::to_string(number), "key", kStart + number * 1s);
  CHECK(questions.size() == 3);
  CHECK_FALSE(questions.key(kGroup, "M2", kStart + 5s));
  CHECK(questions.key(kGroup, "M3", kStart + 5s));
  questions.add(kGroup, "M6", "key", kStart + 2h);
  CHECK(questions.size() == 1);
}

TEST_CASE("a message that comes again brings the key that counts") {
  OpenQuestions questions(1h, 2);
  questions.add(kGroup, "M1", "old", kStart);
  questions.add(kGroup, "M1", "new", kStart + 1s);
  questions.add(kGroup, "M2", "key", kStart + 2s);
  CHECK(questions.key(kGroup, "M1", kStart + 2s) == "new");
}

TEST_CASE("what was seen lately is not new, until it is forgotten or long ago") {
  SeenLately seen(20min);
  CHECK(seen.is_new("a", kStart));
  CHECK_FALSE(seen.is_new("a", kStart + 20min));
  CHECK(seen.is_new("a", kStart + 20min + 1ms));
  seen.forget("a");
  CHECK(seen.is_new("a", kStart + 20min + 2ms));
}
