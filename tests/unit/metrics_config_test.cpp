#include <doctest/doctest.h>

#include <string>

#include "tests/support/config_folder.hpp"

using support::Folder;
using support::problems_of;

namespace {

std::string problem_of_metrics(const std::string& line) {
  const Lines lines = problems_of("[metrics]\n" + line + "\n");
  REQUIRE(lines.size() == 1);
  return lines.front();
}

std::string dumped(const std::string& text) {
  Folder folder;
  folder.write("xueban.toml", text);
  const std::string dump = folder.relative(bot::dump_config(*folder.read().config));
  const std::string title = "[metrics]";
  const std::size_t begin = dump.find("port = ", dump.find(title));
  return dump.substr(begin, dump.find('\n', begin) - begin);
}

}  // namespace

TEST_CASE("metrics: off unless a port is named") {
  Folder folder;
  folder.write("xueban.toml", "");
  CHECK(folder.read().config->metrics_port == 0);
  folder.write("xueban.toml", "[metrics]\nport = \"off\"\n");
  CHECK(folder.read().config->metrics_port == 0);
  folder.write("xueban.toml", "[metrics]\nport = 9464\n");
  CHECK(folder.read().config->metrics_port == 9464);
}

TEST_CASE("metrics: what is wrong is named with its line") {
  CHECK(problem_of_metrics("prot = 9464") ==
        "xueban.toml:2: unknown key \"prot\" \u2014 did you mean \"port\"?");
  CHECK(problem_of_metrics("host = \"0.0.0.0\"").starts_with("xueban.toml:2: unknown key \"host\""));
  CHECK(problem_of_metrics("port = \"9464\"") ==
        "xueban.toml:2: port must be a port without quotes or \"off\", not text \u2014 such as port = 9464");
  for (const char* port : {"0", "-1", "65536"}) {
    CHECK(problem_of_metrics(std::string("port = ") + port) ==
          "xueban.toml:2: port is not within 1 to 65535 \u2014 such as port = 9464");
  }
  CHECK(problems_of("metrics = 9464\n") == Lines{"xueban.toml:1: metrics must be a table \u2014 write "
                                                 "[metrics] on a line of its own and port = 9464 below it"});
}

TEST_CASE("metrics: the dump shows the port and where it comes from") {
  CHECK(dumped("").starts_with("port = \"off\" "));
  CHECK(dumped("").ends_with("# built-in"));
  CHECK(dumped("[metrics]\nport = 9464\n").starts_with("port = 9464 "));
  CHECK(dumped("[metrics]\nport = 9464\n").ends_with("# xueban.toml:2"));
}
