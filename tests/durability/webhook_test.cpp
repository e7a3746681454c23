/// The whole program with an account that only speaks.
#include <doctest/doctest.h>

#include <chrono>
#include <fstream>
#include <future>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

#include "tests/support/robot_counterpart.hpp"
#include "tests/support/service.hpp"

using support::HttpCounterpart;
using support::HttpScripted;
using support::HttpSeen;
using support::Service;

namespace {

/// A robot, and the first thing that is said to it.
struct Robot {
  explicit Robot(support::RobotAnswer answer) : server(options(std::move(answer))) {}

  support::HttpCounterpartOptions options(support::RobotAnswer answer) const {
    support::HttpCounterpartOptions made;
    made.answer = [answer = std::move(answer), first = first,
                   told = std::make_shared<bool>(false)](const HttpSeen& seen) {
      HttpScripted scripted = answer(seen);
      if (!std::exchange(*told, true)) first->set_value(seen.body);
      return scripted;
    };
    return made;
  }
  std::string heard() const {
    auto future = first->get_future();
    const bool came = future.wait_for(std::chrono::seconds(60)) == std::future_status::ready;
    return came ? future.get() : "nothing came";
  }

  std::shared_ptr<std::promise<std::string>> first = std::make_shared<std::promise<std::string>>();
  HttpCounterpart server;
};

}  // namespace

TEST_CASE("a group that is only reached by a webhook gets its lesson at eight, and no log shows the key") {
  const Robot robot(support::wecom_robot());
  Service service;
  std::ostringstream settings;
  settings << std::ifstream(service.config).rdbuf();
  std::string text = settings.str();
  text.insert(text.find("[limits]"),
              "[[account]]\nname = \"robot\"\nplatform = \"wecom-webhook\"\nwebhook = \"file:hook\"\n");
  service.folder.write("xueban.toml", text);
  service.folder.write("hook", robot.server.url() + "/cgi-bin/webhook/send?key=" + support::kRobotKey + "\n",
                       std::filesystem::perms(0600));
  service.folder.write("groups/robot.toml", "account = \"robot\"\n");
  service.start_and_wait("2030-03-04 07:59:57");
  const std::string said = robot.heard();
  CHECK_MESSAGE(said.starts_with(R"({"msgtype":"text","text":{"content":"【微课堂)"), said);
  service.barrier();
  CHECK(service.process->output().find("hunter2") == std::string::npos);
  CHECK(robot.server.seen().size() == 1);
}
