// One who says very much: a member in a hurry.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/reminding.hpp"

using namespace std::chrono_literals;

namespace {

struct Busy : Afternoon {
  static std::vector<std::string> pings(int count) {
    std::vector<std::string> all;
    for (int i = 0; i < count; ++i) all.push_back("ping " + std::to_string(i));
    return all;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Busy,
                  "one member's five hundred messages in a second do not delay another's answer (X17)") {
  std::vector<std::string> flood;
  for (int i = 0; i < 500; ++i) flood.push_back("L" + std::to_string(i % 14 + 1));
  here().floods("李四", flood).hears("lesson.full");
  here().says("王五", "L12").hears("lesson.full", "L12").hears_nothing();
  private_chat("李四").hears_nothing();
}

TEST_CASE_FIXTURE(Busy, "flood: five hundred pings are answered in turn with what others ask") {
  config.limits.jitter.reset();
  here().floods("李四", pings(500)).hears("ping.pong", "pong 0");
  here().says("王五", "L12").hears("ping.pong", "pong 1").hears_nothing();
  tick(3s);
  here().hears("ping.pong", "pong 2").hears_nothing();
  tick(3s);
  here().hears("lesson.full", "L12").hears_nothing();
}

TEST_CASE_FIXTURE(Busy, "flood: in another group it costs a turn, not the account's whole minute") {
  config.limits.per_group.reset();
  config.limits.per_account = bot::Rate{2, 20s};
  here().floods("李四", pings(500)).hears("ping.pong").hears("ping.pong").hears_nothing();
  group("二班").says("王五", "L12").hears_nothing();
  tick(20s);
  here().hears("ping.pong").hears_nothing();
  group("二班").hears("lesson.full", "L12");
}

TEST_CASE_FIXTURE(Busy, "flood: of such answers no more than twenty wait") {
  config.limits.per_group.reset();
  config.limits.per_account.reset();
  here().floods("李四", pings(500));
  for (int i = 0; i < 20; ++i) here().hears("ping.pong", "pong " + std::to_string(i));
  here().hears_nothing();
}
