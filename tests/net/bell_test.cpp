#include "bot/alarm.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "bot/platforms/sandbox/clock.hpp"
#include "tests/support/http_counterpart.hpp"
#include "tests/support/temporary_folder.hpp"

using bot::Alarm;
using bot::AlarmRoute;
using namespace std::chrono_literals;

namespace {

class Post final : public bot::Postman {
 public:
  void read_history(const bot::Address&, std::size_t) override {}
  void send(std::vector<bot::Delivery> deliveries) override {
    for (bot::Delivery& delivery : deliveries) sent.push_back(std::move(delivery));
  }
  std::vector<bot::Delivery> sent;
};

AlarmRoute by_account(const std::string& account, const std::string& to) {
  AlarmRoute route;
  route.account = account;
  route.to = to;
  return route;
}

Alarm began(const std::string& account) {
  return {"down", account, account + " is down"};
}
Alarm ended(const std::string& account) {
  return {"down", account, account + " is back", true};
}

struct Parts {
  bot::TravelClock clock{bot::Instant(std::chrono::days(20'000))};
  Post post;
};

}  // namespace

TEST_CASE("bell: every way but that through the account itself") {
  Parts parts;
  bot::Bell bell({by_account("qq", "1"), by_account("qq2", "2")}, parts.post, parts.clock, {});
  bell.ring(began("qq"));
  REQUIRE(parts.post.sent.size() == 1);
  CHECK(parts.post.sent[0].to == bot::Address{"qq2", "2", true});
  CHECK(parts.post.sent[0].outbox == 0);
  CHECK(parts.post.sent[0].expires == parts.clock.now() + 10min);
  bell.ring(began("wecom"));
  CHECK(parts.post.sent.size() == 3);
}

TEST_CASE("bell: once an hour, and the end of what was rung") {
  Parts parts;
  bot::Bell bell({by_account("qq2", "2")}, parts.post, parts.clock, {});
  const auto rung = [&](const Alarm& alarm) {
    const std::size_t before = parts.post.sent.size();
    bell.ring(alarm);
    return parts.post.sent.size() > before;
  };
  CHECK_FALSE(rung(ended("qq")));
  CHECK_FALSE(rung(ended("qq")));
  parts.clock.advance(1h);
  CHECK(rung(began("qq")));
  CHECK(rung(ended("qq")));
  CHECK_FALSE(rung(ended("qq")));
  parts.clock.advance(59min);
  CHECK_FALSE(rung(began("qq")));
  CHECK_FALSE(rung(ended("qq")));
  CHECK(rung(began("qq3")));
  CHECK(rung({"deaf", "qq", "deaf"}));
  parts.clock.advance(1min);
  CHECK(rung(began("qq")));
}

TEST_CASE("bell: a webhook and a command are rung off the caller's thread, one failure stops no other") {
  Parts parts;
  support::HttpCounterpart robot(support::HttpCounterpartOptions{.body = R"({"errcode":0})"});
  support::HttpCounterpart broken;
  const support::TemporaryFolder folder;
  const std::string fifo = folder.path("fifo").string();
  REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  AlarmRoute failing;
  failing.webhook = bot::Secret(broken.url() + "/status/500", "env:BROKEN");
  AlarmRoute webhook;
  webhook.webhook = bot::Secret(robot.url() + "/send?key=hunter2", "env:HOOK");
  webhook.preset = "wecom";
  AlarmRoute command;
  command.command = {"/bin/sh", "-c", "cat > \"$0\"", fifo};
  bot::Bell bell({failing, webhook, command}, parts.post, parts.clock, {});
  bell.ring(began("qq"));
  // Opening the other end of the pipe waits for the command, the last of the three.
  std::ifstream said(fifo);
  std::string line;
  CHECK(std::getline(said, line));
  CHECK(line == "qq is down");
  CHECK(broken.seen().size() == 1);
  REQUIRE(robot.seen().size() == 1);
  CHECK(robot.seen()[0].body == R"({"msgtype":"text","text":{"content":"qq is down"}})");
}
