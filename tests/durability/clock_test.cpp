// Schedules under clocks that misbehave (reliability T1 to T4), with the whole program.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/support/service.hpp"

namespace {

using support::containing;
using support::is_push;
using support::Service;

constexpr std::int64_t kHour = 3600;

std::string group_file(const std::string& chat, const std::string& zone) {
  return "account = \"qq\"\nchat = \"" + chat + "\"\ntimezone = \"" + zone + "\"\nadmins = [\"10001\"]\n";
}

/// The chats that were told the lesson, in order.
std::vector<std::string> told(const Service& service) {
  std::vector<std::string> chats;
  for (const support::SentMessage& sent : service.qq.sends()) {
    if (is_push(sent)) chats.push_back(sent.chat);
  }
  return chats;
}

}  // namespace

TEST_CASE("T1: on a host in UTC each group is told at its own eight o'clock") {
  Service service;
  service.folder.write("groups/a.toml", group_file("111", "Asia/Shanghai"));
  service.folder.write("groups/b.toml", group_file("222", "Asia/Urumqi"));
  service.folder.write("groups/c.toml", group_file("333", "America/New_York"));
  service.start_and_wait("2030-03-04 07:59:57");
  REQUIRE_MESSAGE(service.qq.wait_for_send(is_push), service.process->output());
  service.barrier();
  const auto first = told(service);
  CHECK(std::ranges::count(first, "111") == 1);
  CHECK(std::ranges::count(first, "222") == 0);
  CHECK(service.process->stop() == 0);
  service.start_and_wait("2030-03-04 09:59:57");  // Urumqi is two hours behind
  REQUIRE_MESSAGE(
      service.qq.wait_for_send([](const auto& sent) { return is_push(sent) && sent.chat == "222"; }),
      service.process->output());
  CHECK(service.process->stop() == 0);
  service.start_and_wait("2030-03-04 20:59:57");  // New York, still in winter time
  REQUIRE(service.qq.wait_for_send([](const auto& sent) { return is_push(sent) && sent.chat == "333"; }));
  service.barrier();
  const auto all = told(service);
  for (const char* chat : {"111", "222", "333"}) CHECK(std::ranges::count(all, chat) == 1);
}

TEST_CASE("T2: a clock that steps back over eight o'clock tells nothing twice") {
  Service service;
  service.start_and_wait("2030-03-04 07:59:57");
  REQUIRE_MESSAGE(service.qq.wait_for_send(is_push), service.process->output());
  service.step_clock(-30);
  service.barrier();
  service.step_clock(0);
  service.barrier();
  service.process->kill_now();
  service.start_and_wait("2030-03-04 07:59:58");
  service.barrier();
  service.step_clock(60);
  service.barrier();
  service.barrier();
  CHECK(service.pushes() == 1);
}

TEST_CASE("T2: a clock that jumps ahead within the grace tells once, beyond it books the reason") {
  Service service;
  service.start_and_wait("2030-03-04 07:00:00");
  service.barrier();
  SUBCASE("an hour and a half") {
    service.step_clock(kHour + kHour / 2);
    service.barrier();
    REQUIRE_MESSAGE(service.qq.wait_for_send(is_push), service.process->output());
    service.barrier();
    CHECK(service.pushes() == 1);
  }
  SUBCASE("five hours") {
    service.step_clock(5 * kHour);
    service.barrier();
    service.barrier();
    CHECK(service.pushes() == 0);
    CHECK(service.column("SELECT state || ' ' || reason FROM occurrences WHERE schedule = 'lesson:daily'") ==
          std::set<std::string>{"missed clock"});
  }
}

TEST_CASE("T4: with a clock from before the program was built nothing is pushed, but people are served") {
  Service service;
  service.folder.write("groups/a.toml", group_file("987654321", "Asia/Shanghai"));
  service.start_and_wait("2020-03-02 07:59:59");
  service.barrier();
  service.step_clock(60);
  service.barrier();
  CHECK(service.pushes() == 0);
  service.qq.says_in_group(support::kServiceGroup, "10001", "自检");
  CHECK(service.qq.wait_for_send(containing("时钟早于程序本身")));
  CHECK(service.process->output().find("before_build") != std::string::npos);
  service.step_clock(support::seconds_at("2030-03-04 07:59:58") - support::seconds_at("2020-03-02 07:59:59"));
  service.barrier();
  REQUIRE_MESSAGE(service.qq.wait_for_send(is_push), service.process->output());
}

TEST_CASE("T4: a clock hours behind the last run holds pushes until an admin says that it is right") {
  Service service;
  service.folder.write("groups/a.toml", group_file("987654321", "Asia/Shanghai"));
  service.start_and_wait("2030-03-04 12:00:00");
  service.barrier();
  CHECK(service.process->stop() == 0);
  service.start_and_wait("2030-03-04 07:59:58");
  service.barrier();
  service.step_clock(60);
  service.barrier();
  CHECK(service.pushes() == 0);
  service.qq.says_in_group(support::kServiceGroup, "10001", "/对时");
  CHECK(service.qq.wait_for_send(containing("以现在的时钟为准")));
  service.step_clock(24 * kHour + 60);
  service.barrier();
  REQUIRE_MESSAGE(service.qq.wait_for_send(is_push), service.process->output());
}
