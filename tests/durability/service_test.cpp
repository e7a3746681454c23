#include <doctest/doctest.h>

#include <ctime>
#include <filesystem>
#include <set>

#include "bot/base/random.hpp"
#include "bot/store/sqlite.hpp"
#include "tests/support/onebot_counterpart.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

/// The whole program as a process, served by a OneBot counterpart over real sockets and killed at bad
/// moments. Its wall clock is set by a preloaded library, so that 08:00 comes when the test wants it.
namespace {

constexpr const char* kGroup = "987654321";
constexpr const char* kToken = "open-sesame-4711";

using support::SentMessage;

bool is_push(const SentMessage& sent) {
  return sent.text.find("【微课堂·") == 0;
}

bool is_lesson(const SentMessage& sent) {
  return sent.text.find("完整版回 L1") != std::string::npos && !is_push(sent);
}

support::OneBotCounterpart::Predicate containing(const std::string& part) {
  return [part](const SentMessage& sent) { return sent.text.find(part) != std::string::npos; };
}

/// "2026-03-02 07:59:57" on the wall in Shanghai, as seconds since 1970.
std::int64_t seconds(const std::string& time) {
  std::tm wall{};
  REQUIRE(strptime(time.c_str(), "%Y-%m-%d %H:%M:%S", &wall) != nullptr);
  constexpr std::int64_t kShanghai = 8 * 3600;
  return timegm(&wall) - kShanghai;
}

class Service {
 public:
  explicit Service(support::CounterpartOptions options = {.token = kToken}) : qq(std::move(options)) {
    config = folder.write("xueban.toml",
                          "timezone = \"Asia/Shanghai\"\ndata = \"data\"\n[[account]]\nname = \"qq\"\n"
                          "platform = \"onebot11\"\ntransport = \"forward\"\nurl = \"" +
                              qq.url() + "\"\ntoken = \"env:XUEBAN_QQ_TOKEN\"\n" +
                              "[limits]\ncooldown = \"off\"\nper_group = \"off\"\nper_account = \"off\"\n"
                              "same_answer = \"off\"\nbacklog = \"off\"\n");
  }

  /// `time` is local time in Shanghai.
  void start(const std::string& time, const std::string& token = kToken) {
    process = std::make_unique<support::Process>(
        std::vector<std::string>{XUEBAN_BINARY, "run", "--config", config.string()},
        std::map<std::string, std::string>{{"XUEBAN_QQ_TOKEN", token},
                                           {"LD_PRELOAD", SHIFTED_CLOCK},
                                           {"XUEBAN_TEST_START", std::to_string(seconds(time))}});
    ++starts;
  }
  void start_and_wait(const std::string& time) {
    start(time);
    REQUIRE_MESSAGE(qq.wait_until_ready(starts), process->output());
  }

  /// Everything that was said before this has been handled when it returns.
  void barrier() {
    const std::string word = "barrier " + std::to_string(++barriers);
    qq.says_in_group(kGroup, "1", "ping " + word);
    REQUIRE_MESSAGE(qq.wait_for_send(containing("pong " + word)), process->output());
  }

  std::size_t pushes() const {
    std::size_t count = 0;
    for (const SentMessage& sent : qq.sends()) count += is_push(sent) ? 1 : 0;
    return count;
  }

  std::set<std::string> column(const std::string& sql) const {
    std::set<std::string> values;
    for (const auto& row :
         bot::sql::open_sqlite_read_only(folder.path() / "data/xueban.db")->query(sql, {})) {
      values.insert(row.text(0));
    }
    return values;
  }

  support::OneBotCounterpart qq;
  support::TemporaryFolder folder;
  std::filesystem::path config;
  std::unique_ptr<support::Process> process;
  std::size_t starts = 0;
  int barriers = 0;
};

}  // namespace

TEST_CASE("a day: lesson, acknowledgement, silence on chatter, and an orderly end") {
  Service service;
  service.start_and_wait("2026-03-02 09:00:00");
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
  service.start_and_wait("2026-03-02 07:59:00");
  service.barrier();
  service.process->kill_now();
  service.start_and_wait("2026-03-02 07:59:57");
  REQUIRE_MESSAGE(service.qq.wait_for_send(is_push), service.process->output());
  service.process->kill_now();
  service.start_and_wait("2026-03-02 08:00:10");
  service.barrier();
  CHECK(service.pushes() == 1);
  service.process->kill_now();
  service.start_and_wait("2026-03-02 09:30:00");
  service.barrier();
  CHECK(service.pushes() == 1);
}

TEST_CASE("killed while the platform holds its answer, the push is not sent again") {
  Service service;
  service.start_and_wait("2026-03-02 07:59:57");
  service.qq.answer_sends(support::Answering::held);
  REQUIRE_MESSAGE(service.qq.wait_for_send(is_push), service.process->output());
  service.process->kill_now();
  service.qq.answer_sends(support::Answering::at_once);
  service.start_and_wait("2026-03-02 08:00:10");
  service.barrier();
  CHECK(service.pushes() == 1);
  CHECK(service.column("SELECT state FROM outbox WHERE push = 1") == std::set<std::string>{"unknown"});
}

TEST_CASE("off at 08:00, the push is caught up within its window, once") {
  Service service;
  service.start_and_wait("2026-03-02 07:58:00");
  service.barrier();
  CHECK(service.process->stop() == 0);
  service.start_and_wait("2026-03-02 08:20:00");
  REQUIRE_MESSAGE(service.qq.wait_for_send(is_push), service.process->output());
  service.process->kill_now();
  service.start_and_wait("2026-03-02 08:21:00");
  service.barrier();
  CHECK(service.pushes() == 1);
}

TEST_CASE("killed at any moment: what was answered is on disk, and what is delivered again counts once") {
  constexpr int kRounds = 8;
  constexpr int kMembers = 40;
  bot::Random random(20260302);
  Service service;
  for (int round = 0; round < kRounds; ++round) {
    const std::string time = "2026-03-02 10:0" + std::to_string(round) + ":00";
    service.start_and_wait(time);
    std::vector<std::string> frames;
    for (int member = 0; member < kMembers; ++member) {
      const std::string id = std::to_string(round * kMembers + member + 1);
      frames.push_back(
          R"({"time":1772416800,"self_id":10001000,"post_type":"message","message_type":"group",)"
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
  service.start("2026-03-02 09:00:00", "wrong-token-0815");
  CHECK(service.process->wait_for_output("token"));
  CHECK(service.process->stop() == 0);
  const std::string log = service.process->output();
  CHECK(log.find("wrong-token-0815") == std::string::npos);
  CHECK(service.qq.connections() <= 2);
}

TEST_CASE("garbage, a frame of 5 MB and a counterpart that vanishes are survived") {
  Service service;
  service.start_and_wait("2026-03-02 09:00:00");
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
