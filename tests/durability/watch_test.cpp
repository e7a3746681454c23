// What an operator sees of the whole program: metrics, log lines, where the log cannot go.
#include <fstream>

#include "bot/base/instant.hpp"
#include "tests/support/http_get.hpp"
#include "tests/support/service.hpp"

namespace {

using support::containing;
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
