#include <doctest/doctest.h>

#include <set>

#include "bot/base/random.hpp"
#include "tests/support/service.hpp"

namespace {

using support::containing;
using support::is_push;
using support::SentMessage;
using support::Service;

constexpr const char* kGroup = support::kServiceGroup;
constexpr const char* kToken = support::kServiceToken;

bool is_lesson(const SentMessage& sent) {
  return sent.text.find("完整版回 L1") != std::string::npos && !is_push(sent);
}

}  // namespace

TEST_CASE("a day: lesson, acknowledgement, silence on chatter, and an orderly end") {
  Service service;
  service.start_and_wait("2030-03-04 09:00:00");
  CHECK(service.qq.last_authorization() == std::string("Bearer ") + kToken);
  service.qq.says_in_group(kGroup, "10002", "大家早上好，今日一课讲什么");
  service.qq.says_in_group(kGroup, "10002", "今日一课");
  CHECK(service.qq.wait_for_send(is_lesson));
  service.qq.says_in_group(kGroup, "10002", "已学");
  CHECK(service.qq.wait_for_send(containing("已学 L1，第 1 位")));
  service.barrier();
  CHECK(service.qq.sends().size() == 3);
  CHECK(service.process->stop() == 0);
  CHECK(service.process->output().find(kToken) == std::string::npos);
}

TEST_CASE("the push of 08:00 comes exactly once across kill -9 and restart") {
  Service service;
  service.start_and_wait("2030-03-04 07:59:00");
  service.barrier();
  service.process->kill_now();
  service.start_and_wait("2030-03-04 07:59:57");
  REQUIRE_MESSAGE(service.qq.wait_for_send(is_push), service.process->output());
  service.process->kill_now();
  service.start_and_wait("2030-03-04 08:00:10");
  service.barrier();
  CHECK(service.pushes() == 1);
  service.process->kill_now();
  service.start_and_wait("2030-03-04 09:30:00");
  service.barrier();
  CHECK(service.pushes() == 1);
}

TEST_CASE("killed while the platform holds its answer, the push is not sent again") {
  Service service;
  service.start_and_wait("2030-03-04 07:59:57");
  service.qq.answer_sends(support::Answering::held);
  REQUIRE_MESSAGE(service.qq.wait_for_send(is_push), service.process->output());
  service.process->kill_now();
  service.qq.answer_sends(support::Answering::at_once);
  service.start_and_wait("2030-03-04 08:00:10");
  service.barrier();
  CHECK(service.pushes() == 1);
  CHECK(service.column("SELECT state FROM outbox WHERE push = 1") == std::set<std::string>{"unknown"});
}

TEST_CASE("off at 08:00, the push is caught up within its window, once") {
  Service service;
  service.start_and_wait("2030-03-04 07:58:00");
  service.barrier();
  CHECK(service.process->stop() == 0);
  service.start_and_wait("2030-03-04 08:20:00");
  REQUIRE_MESSAGE(service.qq.wait_for_send(is_push), service.process->output());
  service.process->kill_now();
  service.start_and_wait("2030-03-04 08:21:00");
  service.barrier();
  CHECK(service.pushes() == 1);
}

TEST_CASE("killed at any moment: what was answered is on disk, and what is delivered again counts once") {
  constexpr int kRounds = 8;
  constexpr int kMembers = 40;
  bot::Random random(20260302);
  Service service;
  for (int round = 0; round < kRounds; ++round) {
    const std::string time = "2030-03-04 10:0" + std::to_string(round) + ":00";
    service.start_and_wait(time);
    std::vector<std::string> frames;
    for (int member = 0; member < kMembers; ++member) {
      const std::string id = std::to_string(round * kMembers + member + 1);
      frames.push_back(
          R"({"time":1898820000,"self_id":10001000,"post_type":"message","message_type":"group",)"
          R"("sub_type":"normal","message_id":)" +
          id + R"(,"group_id":987654321,"user_id":5)" + id +
          R"(,"message":[{"type":"text","data":{"text":"已学"}}],"raw_message":"已学","sender":)"
          R"({"user_id":5)" +
          id + R"(,"nickname":"m)" + id + R"("}})");
      service.qq.frame(frames.back());
    }
    const std::size_t answered_before_kill = service.qq.sends().size() + random.below(kMembers);
    service.qq.wait_for_sends(answered_before_kill);
    service.process->kill_now();

    const auto on_disk = service.column("SELECT name FROM lesson_done");
    for (const SentMessage& sent : service.qq.sends()) {
      if (sent.text.find("✔ ") != 0) continue;
      const std::string rest = sent.text.substr(std::string("✔ ").size());
      CHECK_MESSAGE(on_disk.contains(rest.substr(0, rest.find(' '))), sent.text);
    }
    service.start_and_wait(time);
    for (const std::string& frame : frames) service.qq.frame(frame);
    service.barrier();
    service.process->kill_now();
    CHECK(service.column("SELECT name FROM lesson_done").size() ==
          static_cast<std::size_t>((round + 1) * kMembers));
  }
  std::map<std::string, int> answers;
  for (const SentMessage& sent : service.qq.sends()) ++answers[sent.text];
  for (const auto& [text, count] : answers) CHECK_MESSAGE(count == 1, text);
}

TEST_CASE("a wrong token is said in one line, without the token, and without a storm of attempts") {
  Service service;
  service.start("2030-03-04 09:00:00", "wrong-token-0815");
  CHECK(service.process->wait_for_output("token"));
  CHECK(service.process->stop() == 0);
  const std::string log = service.process->output();
  CHECK(log.find("wrong-token-0815") == std::string::npos);
  CHECK(service.qq.connections() <= 2);
}

TEST_CASE("garbage, a frame of 5 MB and a counterpart that vanishes are survived") {
  Service service;
  service.start_and_wait("2030-03-04 09:00:00");
  for (const char* garbage :
       {"", "{", "[]", "null", "\"x\"", R"({"post_type":"message"})",
        R"({"post_type":"message","message_type":"group","group_id":{},"message":[1,{}]})"}) {
    service.qq.frame(garbage);
  }
  service.barrier();
  service.qq.frame("\xff\xfe");
  REQUIRE(service.qq.wait_until_ready(2));
  service.qq.frame(std::string(5 * 1024 * 1024, 'x'));
  REQUIRE(service.qq.wait_until_ready(3));
  service.barrier();
  service.qq.vanish();
  REQUIRE(service.qq.wait_until_ready(4));
  service.barrier();
  CHECK(service.process->stop() == 0);
}
