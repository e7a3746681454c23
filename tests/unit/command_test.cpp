#include "bot/command.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/support/temporary_folder.hpp"

using bot::Errc;
using bot::run_command;
using namespace std::chrono_literals;

namespace {

std::string read(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("command: the text is its input, and what looks like a shell's is none") {
  const support::TemporaryFolder folder;
  const std::string file = folder.path("got").string();
  const std::string odd = folder.path("$HOME; *").string();
  CHECK(run_command({"/usr/bin/tee", file, odd}, "two\nlines", 20s).has_value());
  CHECK(read(file) == "two\nlines");
  CHECK(read(odd) == "two\nlines");
  CHECK(run_command({"/bin/true"}, std::string(1'000'000, 'x'), 20s).has_value());
}

TEST_CASE("command: no secret, no open file, no blocked signal is handed on") {
  const support::TemporaryFolder folder;
  const std::string file = folder.path("got").string();
  setenv("XUEBAN_TEST_TOKEN", "hunter2", 1);
  const std::ofstream open(folder.path("open"));
  CHECK(
      run_command({"/bin/sh", "-c", "env > \"$0\"; ls /proc/self/fd >> \"$0\"", file}, "", 20s).has_value());
  unsetenv("XUEBAN_TEST_TOKEN");
  const std::string got = read(file);
  CHECK(got.find("PATH=") != std::string::npos);
  CHECK(got.find("hunter2") == std::string::npos);
  CHECK(got.find("\n4\n") == std::string::npos);
}

TEST_CASE("command: how it can fail") {
  CHECK(run_command({"/no/such/program"}, "", 20s).error().code == Errc::not_found);
  const auto failed = run_command({"/bin/sh", "-c", "exit 3"}, "", 20s);
  CHECK(failed.error().code == Errc::refused);
  CHECK(failed.error().detail == "/bin/sh ended with code 3");
  const auto killed = run_command({"/bin/sh", "-c", "sleep 1000 & wait"}, "", 100ms);
  CHECK(killed.error().code == Errc::closed);
}
