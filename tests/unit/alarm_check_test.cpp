#include <doctest/doctest.h>

#include <filesystem>
#include <sstream>
#include <string>

#include "bot/check.hpp"
#include "tests/support/temporary_folder.hpp"

namespace {

std::string checked(const std::string& alarms) {
  const support::TemporaryFolder folder;
  const std::string account =
      "name = \"qq\"\nplatform = \"onebot11\"\nurl = \"ws://127.0.0.1:3001/\"\ntoken = \"x\"\n";
  folder.write("xueban.toml", "[[account]]\n" + account + alarms, std::filesystem::perms(0600));
  std::ostringstream out;
  bot::run_check(folder.path("xueban.toml"), std::filesystem::path(XUEBAN_SOURCE "/content"), out);
  return out.str();
}

}  // namespace

TEST_CASE("check: says in one sentence that nobody would be told") {
  const std::string warning = "nobody will be told when the account qq is cut off";
  const std::string without = checked("");
  CHECK(without.find(warning) != std::string::npos);
  CHECK(without.find(warning) == without.rfind(warning));
  CHECK(checked("[[alarm]]\ncommand = [\"/bin/true\"]\n").find(warning) == std::string::npos);
}
