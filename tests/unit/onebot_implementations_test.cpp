// What differs between the implementations of OneBot.
#include <doctest/doctest.h>

#include <string>

#include "bot/platforms/onebot/implementations.hpp"

using bot::onebot::Abilities;
using bot::onebot::Action;

namespace {

bool has(const std::string& implementation, Action action) {
  Abilities abilities;
  abilities.know(implementation);
  return abilities.has(action);
}

}  // namespace

TEST_CASE("what known implementations lack is not asked for") {
  CHECK(has("NapCat.Onebot 4.8.90", Action::mention_all_quota));
  CHECK(has("NapCat.Onebot 4.8.90", Action::private_history));
  CHECK(has("LLOneBot 8.1.7", Action::group_history));
  CHECK_FALSE(has("Lagrange.OneBot 0.1", Action::mention_all_quota));
  CHECK(has("Lagrange.OneBot 0.1", Action::group_history));
  CHECK_FALSE(has("go-cqhttp v1.2.0", Action::private_history));
  CHECK_FALSE(has("go-cqhttp", Action::private_history));
}

TEST_CASE("of an implementation that nobody knows everything is expected, until it says otherwise") {
  CHECK(has("", Action::group_history));
  CHECK(has("go-cqhttp-dev 1", Action::private_history));
  Abilities abilities;
  CHECK(abilities.has(Action::group_history));
  abilities.know("Somebody 1.0");
  abilities.learn_missing(Action::group_history);
  CHECK_FALSE(abilities.has(Action::group_history));
  CHECK(abilities.has(Action::private_history));
}

TEST_CASE("a reconnect may meet a newer version") {
  Abilities abilities;
  abilities.know("Somebody 1.0");
  abilities.learn_missing(Action::group_history);
  abilities.know("Somebody 1.1");
  CHECK(abilities.has(Action::group_history));
  abilities.know("Lagrange.OneBot 0.1");
  CHECK_FALSE(abilities.has(Action::mention_all_quota));
}
