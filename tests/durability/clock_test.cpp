// Schedules under clocks that misbehave (reliability T1 to T4, faults T01 to T06 and T09), with the whole
// program.
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

/// The service's group with one reminder of its own, on the second and at any hour.
std::string reminding_group(const std::string& zone, const std::string& when) {
  return group_file(support::kServiceGroup, zone) + "[[push]]\ntext = \"浇花\"\nwhen = \"" + when +
         "\"\nsharp = true\nurgent = true\n";
}

struct Reminded : Service {
  Reminded(const std::string& zone, const std::string& when) {
    folder.write("groups/a.toml", reminding_group(zone, when));
  }

  /// Until everything has been looked at and done.
  void step_to(std::int64_t seconds) {
    step_clock(seconds);
    barrier();
    barrier();
  }
  std::size_t reminders() const {
    return static_cast<std::size_t>(std::ranges::count_if(qq.sends(), is_reminder));
  }
  bool wait_for_reminder() const { return qq.wait_for_send(is_reminder).has_value(); }
  /// The moments for which the ledger has one, on the wall in Shanghai.
  std::set<std::string> moments() const {
    // A feature's own job has no name behind the colon.
    return column(
        "SELECT datetime(due_at / 1000, 'unixepoch', '+8 hours') FROM occurrences WHERE schedule NOT LIKE "
        "'%:'");
  }

  static bool is_reminder(const support::SentMessage& sent) {
    return sent.text.find("【提醒】浇花") != std::string::npos;
  }
};

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
  REQUIRE_MESSAGE(
      service.qq.wait_for_send([](const auto& sent) { return is_push(sent) && sent.chat == "111"; }),
      service.process->output());
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

TEST_CASE("T2: what falls into the spring gap comes when the gap ends, once") {
  Reminded service("America/New_York", "every day 02:30");
  service.start_and_wait("2030-03-10 14:00:00");  // 01:00 in New York; at 15:00 it is 03:00
  service.step_to(59 * 60);
  CHECK(service.reminders() == 0);
  service.step_to(kHour);
  REQUIRE_MESSAGE(service.wait_for_reminder(), service.process->output());
  service.step_to(2 * kHour);
  CHECK(service.process->stop() == 0);
  service.start_and_wait("2030-03-10 16:05:00");
  service.step_to(kHour);
  CHECK(service.reminders() == 1);
  CHECK(service.moments() == std::set<std::string>{"2030-03-10 15:00:00"});
}

TEST_CASE("T2: in the autumn hour that comes twice it is the first time, once, and a day later again") {
  Reminded service("America/New_York", "every day 01:30");
  service.start_and_wait("2030-11-03 13:00:00");  // 01:00 in New York; at 14:00 it is 01:00 again
  service.step_to(29 * 60);
  CHECK(service.reminders() == 0);
  service.step_to(30 * 60);
  REQUIRE_MESSAGE(service.wait_for_reminder(), service.process->output());
  service.step_to(kHour + 35 * 60);
  CHECK(service.reminders() == 1);
  service.step_to(25 * kHour + 30 * 60);
  CHECK(service.reminders() == 2);
  CHECK(service.moments() == std::set<std::string>{"2030-11-03 13:30:00", "2030-11-04 14:30:00"});
}

TEST_CASE("T3: a day that the year does not have falls back to the one that was promised") {
  std::string when;
  std::string day;
  SUBCASE("29 February in a plain year") {
    when = "每年2月29日 08:00", day = "2031-02-28";
  }
  SUBCASE("29 February of those who want 1 March") {
    when = "每年2月29日（平年3月1日） 08:00", day = "2031-03-01";
  }
  SUBCASE("29 February in a leap year") {
    when = "every year on 29 February 08:00", day = "2032-02-29";
  }
  SUBCASE("the ordinary month for a leap month") {
    when = "每年农历闰三月十五 08:00", day = "2030-04-17";
  }
  SUBCASE("the 29th for the 30th of a lunar month") {
    when = "每年农历腊月三十 08:00", day = "2031-01-22";
  }
  Reminded service("Asia/Shanghai", when);
  const std::string new_year = day.substr(0, 4) + "-01-01 12:00:00";
  const std::int64_t eight = support::seconds_at(day + " 08:00:00") - support::seconds_at(new_year);
  service.start_and_wait(new_year);
  service.step_to(eight - 60);
  CHECK(service.reminders() == 0);
  service.step_to(eight);
  REQUIRE_MESSAGE(service.wait_for_reminder(), service.process->output());
  service.step_to(eight + 48 * kHour);
  CHECK(service.reminders() == 1);
  CHECK(service.moments() == std::set<std::string>{day + " 08:00:00"});
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

TEST_CASE("P9: off from the third day to the sixth, there is one late lesson") {
  Service service;
  service.start_and_wait("2030-03-04 07:59:58");
  REQUIRE_MESSAGE(service.qq.wait_for_send(is_push), service.process->output());
  service.step_clock(24 * kHour);
  service.barrier();
  service.barrier();
  CHECK(service.pushes() == 2);
  CHECK(service.process->stop() == 0);
  service.start_and_wait("2030-03-09 09:00:00");
  service.barrier();
  service.step_clock(kHour / 2);
  service.barrier();
  service.barrier();
  CHECK(service.pushes() == 3);
  CHECK(service.column("SELECT label || ' ' || reason FROM occurrences WHERE state = 'missed'") ==
        std::set<std::string>{"2030-03-06 downtime", "2030-03-07 downtime", "2030-03-08 downtime"});
}

TEST_CASE("T09: the day on which 32 bits of seconds end is a day like others") {
  Reminded service("Asia/Shanghai", "every day 11:15");
  service.start_and_wait("2038-01-19 11:14:00");  // they end at 11:14:08
  service.barrier();
  CHECK(service.reminders() == 0);
  service.step_to(60);
  REQUIRE_MESSAGE(service.wait_for_reminder(), service.process->output());
  CHECK(service.process->stop() == 0);
  service.start_and_wait("2038-01-20 11:14:00");
  service.step_to(60);
  CHECK(service.reminders() == 2);
  CHECK(service.moments() == std::set<std::string>{"2038-01-19 11:15:00", "2038-01-20 11:15:00"});
}
