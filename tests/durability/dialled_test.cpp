/// The program with an account that its platform dials.
#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/onebot_dialler.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace {

namespace asio = boost::asio;
using support::OneBotDialler;
using support::Process;

/// A port that somebody has.
struct TakenPort {
  asio::io_context context;
  asio::ip::tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
  std::uint16_t number = acceptor.local_endpoint().port();
};

struct Installation {
  explicit Installation(std::uint16_t port) {
    config = folder
                 .write("xueban.toml",
                        "content = \"" XUEBAN_SOURCE "/content\"\n[server]\nport = " + std::to_string(port) +
                            "\n[[account]]\nname = \"qq\"\nplatform = \"onebot11\"\n"
                            "transport = \"reverse\"\nself = \"10001000\"\n"
                            "token = \"env:XUEBAN_QQ_TOKEN\"\n")
                 .string();
  }
  std::unique_ptr<Process> started() const {
    return std::make_unique<Process>(
        std::vector<std::string>{XUEBAN_BINARY, "run", "--config", config},
        std::map<std::string, std::string>{{"XUEBAN_QQ_TOKEN", "open-sesame-4711"}, {"TZ", "UTC"}});
  }

  support::TemporaryFolder folder;
  std::string config;
};

support::DiallerOptions napcat() {
  support::DiallerOptions options;
  options.headers.emplace_back("Authorization", "Bearer open-sesame-4711");
  options.insists = true;
  return options;
}

}  // namespace

TEST_CASE("a port that is taken ends the start with one sentence") {
  const TakenPort taken;
  const Installation installation(taken.number);
  const auto process = installation.started();
  CHECK(process->wait_for_end() == 1);
  CHECK_MESSAGE(process->output().find("xueban: cannot listen on 127.0.0.1:" +
                                       std::to_string(taken.number)) != std::string::npos,
                process->output());
}

TEST_CASE("the platform dials, the bot answers, the platform comes again, and the end is orderly") {
  const std::uint16_t port = TakenPort().number;
  const Installation installation(port);
  const auto process = installation.started();
  for (int times = 0; times < 2; ++times) {
    OneBotDialler qq(port, napcat());
    REQUIRE_MESSAGE(qq.status() == 101, process->output());
    qq.says_in_group("987654321", std::to_string(times + 1), "ping");
    REQUIRE_MESSAGE(qq.wait_for_sends(1), process->output());
    CHECK(qq.sends()[0].text.starts_with("pong"));
  }
  CHECK(process->stop() == 0);
  CHECK(process->output().find("open-sesame-4711") == std::string::npos);
}
