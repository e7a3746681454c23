// One who says very much: a member in a hurry, or another robot.
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
  void answers_three_times(const std::string& robot) {
    for (const char* command : {"L1", "L2", "L3"}) here().floods(robot, {command}).hears("lesson.full");
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

// ---- another robot --------------------------------------------------------------------------------------

TEST_CASE_FIXTURE(Busy, "two robots: after three answers it is ignored, and the admins hear of it (E5)") {
  config.limits.cooldown.reset();
  config.limits.per_group.reset();
  answers_three_times("小助手");
  here().floods("小助手", {"L4"}).hears_nothing();
  private_chat("小助手").hears_nothing();
  private_chat("周书记").hears("core.robot", "“小助手”");
  here().floods("小助手", {"L5"}).hears_nothing();
  here().says("李四", "L6").hears("lesson.full");
  private_chat("周书记").hears_nothing();

  tick(6min);
  answers_three_times("小助手");
  here().floods("小助手", {"L4"}).hears_nothing();
  private_chat("周书记").hears_nothing();

  tick(25h);
  answers_three_times("小助手");
  here().floods("小助手", {"L4"}).hears_nothing();
  private_chat("周书记").hears("core.robot");
}

TEST_CASE_FIXTURE(Busy, "two robots: what the admin is told to do about it works") {
  config.limits.cooldown.reset();
  config.limits.per_group.reset();
  answers_three_times("小助手");
  here().floods("小助手", {"L4"}).hears_nothing();
  private_chat("周书记").hears("core.robot", "不理 @TA");
  here().mentions_bot_and("周书记", "不理 ", "小助手").hears_nothing();
  private_chat("周书记").hears("ignore.added", "小助手");
  tick(6min);
  here().floods("小助手", {"L4"}).hears_nothing();
}
