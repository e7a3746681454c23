#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "bot/store/sqlite.hpp"
#include "tests/support/onebot_counterpart.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

/// The whole program as a process, served by a OneBot counterpart over real sockets and killed at bad
/// moments. Its wall clock is set by a preloaded library, so that 08:00 comes when the test wants it.
namespace support {

inline constexpr const char* kServiceGroup = "987654321";
inline constexpr const char* kServiceToken = "open-sesame-4711";

inline bool is_push(const SentMessage& sent) {
  return sent.text.find("【微课堂·") == 0;
}

inline OneBotCounterpart::Predicate containing(const std::string& part) {
  return [part](const SentMessage& sent) { return sent.text.find(part) != std::string::npos; };
}

/// "2030-03-04 07:59:57" on the wall in Shanghai, as seconds since 1970.
inline std::int64_t seconds_at(const std::string& time) {
  std::tm wall{};
  REQUIRE(strptime(time.c_str(), "%Y-%m-%d %H:%M:%S", &wall) != nullptr);
  constexpr std::int64_t kShanghai = 8 * 3600;
  return timegm(&wall) - kShanghai;
}

class Service {
 public:
  explicit Service(CounterpartOptions options = {.token = kServiceToken}) : qq(std::move(options)) {
    config = folder.write("xueban.toml",
                          "timezone = \"Asia/Shanghai\"\ndata = \"data\"\n[[account]]\nname = \"qq\"\n"
                          "platform = \"onebot11\"\ntransport = \"forward\"\nurl = \"" +
                              qq.url() + "\"\ntoken = \"env:XUEBAN_QQ_TOKEN\"\n" +
                              "[limits]\ncooldown = \"off\"\nper_group = \"off\"\nper_account = \"off\"\n"
                              "same_answer = \"off\"\nbacklog = \"off\"\nstagger = \"off\"\njitter = "
                              "\"off\"\nmerge_window = \"off\"\n"
                              "two_bots = \"off\"\n");
    step_clock(0);
  }

  /// `time` is local time in Shanghai.
  void start(const std::string& time, const std::string& token = kServiceToken) {
    step_clock(0);
    process = command({XUEBAN_BINARY, "run"}, time, token);
    ++starts;
  }
  /// Another program on the same configuration, whose clock starts at `time`.
  std::unique_ptr<Process> command(std::vector<std::string> arguments, const std::string& time,
                                   const std::string& token = kServiceToken) const {
    arguments.insert(arguments.end(), {"--config", config.string()});
    return std::make_unique<Process>(
        std::move(arguments),
        std::map<std::string, std::string>{{"XUEBAN_QQ_TOKEN", token},
                                           {"TZ", "UTC"},
                                           {"LD_PRELOAD", SHIFTED_CLOCK},
                                           {"XUEBAN_TEST_STEP", step_file().string()},
                                           {"XUEBAN_TEST_START", std::to_string(seconds_at(time))}});
  }
  void start_and_wait(const std::string& time) {
    start(time);
    REQUIRE_MESSAGE(qq.wait_until_ready(starts), process->output());
  }

  /// The wall clock of the running program stands this many seconds off from where it would be.
  void step_clock(std::int64_t seconds) {
    std::fstream file(step_file(), std::ios::in | std::ios::out | std::ios::binary);
    if (!file) file.open(step_file(), std::ios::out | std::ios::binary);
    file.write(reinterpret_cast<const char*>(&seconds), sizeof seconds);
  }

  /// Everything that was said before this has been handled when it returns.
  void barrier() {
    const std::string word = "barrier " + std::to_string(++barriers);
    qq.says_in_group(kServiceGroup, "1", "ping " + word);
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

  OneBotCounterpart qq;
  TemporaryFolder folder;
  std::filesystem::path config;
  std::unique_ptr<Process> process;
  std::size_t starts = 0;
  int barriers = 0;

 private:
  std::filesystem::path step_file() const { return folder.path() / "clock-step"; }
};

}  // namespace support
