/// Answers name the message that they answer, for platforms that tie the one to the other.
#include <doctest/doctest.h>

#include "tests/support/world.hpp"

using namespace std::chrono_literals;

TEST_CASE_FIXTURE(World, "an answer names the message that it answers") {
  group("一班").says("李四", "早").hears_nothing();
  group("一班").says("李四", "已学").hears("lesson.done");
  CHECK(transcript().back().answers == std::to_string(transcript()[1].number));
}

TEST_CASE_FIXTURE(World, "what goes to the person alone, and what nobody asked for, answers no message") {
  at("2026-03-02 07:50");
  group("一班").says("李四", "自检").hears_nothing();
  private_chat("李四").hears("core.not_allowed");
  CHECK(transcript().back().answers.empty());
  tick(15min);
  group("一班").hears("lesson.push");
  CHECK(transcript().back().answers.empty());
}
