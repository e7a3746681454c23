// What an operator sees of the whole program: metrics, log lines, where the log cannot go.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "bot/base/instant.hpp"
#include "tests/support/http_get.hpp"
#include "tests/support/service.hpp"

namespace {

using support::containing;
using support::SentMessage;
using support::Service;

constexpr const char* kGroup = support::kServiceGroup;
constexpr const char* kMorning = "2030-03-04 09:00:00";

struct Watched : Service {
  Watched() { std::ofstream(config, std::ios::app) << "[metrics]\nport = " << port << "\n"; }

  std::string scrape() const { return support::http_get(port, "/metrics"); }
  /// Until the metrics show this line; they are published once a second.
  bool shows(const std::string& line) const {
    const bot::SystemClock clock;
    const auto patience = clock.steady() + support::OneBotCounterpart::kPatience;
    while (scrape().find("\n" + line + "\n") == std::string::npos) {
      if (clock.steady() > patience) return false;
    }
    return true;
  }

  std::uint16_t port = support::free_port();
};

/// One event one line: begins with the time, and nothing in it acts on a terminal.
bool is_log_line(const std::string& line) {
  static const std::regex begin(
      R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+\d\d:\d\d (info|warning|error) .*)");
  const bool acts = std::ranges::any_of(line, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
  return !acts && std::regex_match(line, begin);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Whoever should read the log: holds little, and reads nothing.
struct Reader {
  explicit Reader(std::filesystem::path path) : file(std::move(path)) {
    REQUIRE(mkfifo(file.c_str(), 0600) == 0);
    end = open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    REQUIRE(end >= 0);
    REQUIRE(fcntl(end, F_SETPIPE_SZ, 4096) >= 0);
  }
  ~Reader() { close(end); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  std::filesystem::path file;
  int end = -1;
};

/// The service behind a shell that sends its log somewhere.
struct Redirected : Watched {
  void start_with_log_to(const std::string& target) {
    process = command({"/bin/sh", "-c", "exec \"$0\" \"$@\" " + target, XUEBAN_BINARY, "run"}, kMorning);
    ++starts;
    REQUIRE(qq.wait_until_ready(starts));
  }
  void serves() {
    barrier();
    qq.vanish();
    CHECK(qq.wait_until_ready(2));
    barrier();
  }
};

}  // namespace

TEST_CASE_FIXTURE(Watched, "metrics: what a conversation leaves there") {
  start_and_wait(kMorning);
  CHECK(shows("xueban_account_up{account=\"qq\"} 1"));
  qq.says_in_group(kGroup, "10002", "已学");
  CHECK(qq.wait_for_send(containing("已学 L1")));
  CHECK(shows("xueban_messages_total{account=\"qq\",verdict=\"sent\"} 1"));
  CHECK(shows("xueban_commands_total 1"));
  qq.vanish();
  CHECK(qq.wait_until_ready(2));
  CHECK(shows("xueban_account_up{account=\"qq\"} 1"));
  const std::string all = scrape();
  for (const char* private_word : {"10002", kGroup, "已学", support::kServiceToken}) {
    CHECK(all.find(private_word) == std::string::npos);
  }
  CHECK(process->stop() == 0);
}

TEST_CASE_FIXTURE(Watched, "metrics: a port that is taken is one sentence and exit code 1") {
  start_and_wait(kMorning);
  Service second;
  std::ofstream(second.config, std::ios::app) << "[metrics]\nport = " << port << "\n";
  second.start(kMorning);
  CHECK(second.process->wait_for_end() == 1);
  const std::string said = second.process->output();
  const std::size_t sentence = said.find("xueban: the metrics cannot be shown on 127.0.0.1:");
  REQUIRE_MESSAGE(sentence != std::string::npos, said);
  CHECK(said.find('\n', sentence) + 1 == said.size());
}

TEST_CASE_FIXTURE(Watched, "log: whatever members and the platform call things, one event is one line") {
  const std::string evil = R"(a\r\n2030-03-04 error forged\u001b[2J\u202egnp)";
  start_and_wait(kMorning);
  qq.frame(
      R"({"time":1898820000,"self_id":10001000,"post_type":"message","message_type":"group",)"
      R"("sub_type":"normal","message_id":7,"group_id":987654321,"user_id":57,"message":)"
      R"([{"type":"text","data":{"text":"已学"}}],"raw_message":"","sender":{"user_id":57,"nickname":")" +
      evil + R"("}})");
  CHECK(qq.wait_for_send(containing("已学 L1")));
  qq.frame(R"({"post_type":"notice","notice_type":"bot_offline","user_id":1,"message":")" + evil + R"("})");
  REQUIRE(process->wait_for_output("account is down"));
  CHECK(process->stop() == 0);
  const std::string said = process->output();
  for (const std::string& line : lines_of(said)) CHECK_MESSAGE(is_log_line(line), line);
  CHECK(said.find("why=\"a\\x0d\\x0a2030-03-04 error forged\\x1b[2J\\u202egnp\"") != std::string::npos);
}

TEST_CASE_FIXTURE(Watched, "log: a secret that the platform repeats is shown nowhere") {
  folder.write("groups/a.toml", "account = \"qq\"\nchat = \"987654321\"\nadmins = [\"10001\"]\n");
  start_and_wait(kMorning);
  const std::string reason = std::string("you sent ") + support::kServiceToken;
  qq.close(1011, reason);
  CHECK(qq.wait_until_ready(2));
  qq.frame(R"({"post_type":"notice","notice_type":"bot_offline","user_id":1,"message":")" + reason + R"("})");
  CHECK(process->wait_for_output("why=\"you sent [XUEBAN_QQ_TOKEN]\""));
  CHECK(scrape().find(support::kServiceToken) == std::string::npos);
  CHECK(process->stop() == 0);
  CHECK(process->output().find(support::kServiceToken) == std::string::npos);
  for (const SentMessage& sent : qq.sends())
    CHECK(sent.frame.find(support::kServiceToken) == std::string::npos);
}

TEST_CASE_FIXTURE(Redirected, "log: a disk that is full stops nobody, and the lost lines are counted") {
  start_with_log_to("2>/dev/full");
  serves();
  CHECK(scrape().find("\nxueban_log_lines_lost_total 0\n") == std::string::npos);
  CHECK(process->stop() == 0);
}

TEST_CASE_FIXTURE(Redirected,
                  "log: standard error that is closed stops nobody, and takes no other file's place") {
  start_with_log_to("2>&-");
  serves();
  CHECK(process->stop() == 0);
}

TEST_CASE_FIXTURE(Redirected, "log: a reader that has gone stops nobody") {
  std::optional<Reader> reader(folder.path() / "log");
  start_with_log_to("2>" + reader->file.string());
  reader.reset();
  serves();
  CHECK(process->stop() == 0);
}

TEST_CASE_FIXTURE(Redirected, "log: a reader that has stopped reading stops nobody") {
  const Reader reader(folder.path() / "log");
  start_with_log_to("2>" + reader.file.string());
  serves();
  CHECK(scrape().find("\nxueban_log_lines_lost_total 0\n") == std::string::npos);
  CHECK(process->stop() == 0);
}

TEST_CASE_FIXTURE(Service, "doctor: looks on while the service works") {
  start_and_wait(kMorning);
  const auto doctor = command({XUEBAN_BINARY, "doctor"}, kMorning);
  CHECK(doctor->wait_for_end() == 0);
  const std::string& said = doctor->output();
  CHECK_MESSAGE(said.find("running: process " + std::to_string(process->id())) != std::string::npos, said);
  CHECK_MESSAGE(said.find("ok    account qq     10001000") != std::string::npos, said);
  CHECK(said.find(support::kServiceToken) == std::string::npos);
  barrier();
  CHECK(process->stop() == 0);
}
