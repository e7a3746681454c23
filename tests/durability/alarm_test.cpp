/// The account dies, and the operator hears of it without it.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>
#include <string>

#include "tests/support/service.hpp"

using support::Service;

namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

/// A service whose alarm is a line in a named pipe; reading from it waits for the alarm.
class Alarmed : public Service {
 public:
  Alarmed() {
    REQUIRE(mkfifo(pipe().c_str(), 0600) == 0);
    const std::string settings = text_of(config);
    folder.write("xueban.toml", "alarm_after = \"1s\"\n" + settings +
                                    "[[alarm]]\ncommand = [\"/bin/sh\", \"-c\", \"cat > \\\"$0\\\"\", \"" +
                                    pipe() + "\"]\n");
  }
  std::string next_alarm() const {
    std::ifstream alarm(pipe());
    std::string line;
    std::getline(alarm, line);
    return line;
  }

 private:
  std::string pipe() const { return folder.path("alarm").string(); }
};

}  // namespace

// Runs once the desk rings the bell.
TEST_CASE("an account that is cut off is told by command") {
  Alarmed service;
  service.start_and_wait("2030-03-04 10:00:00");
  service.barrier();
  service.qq.stop_accepting();
  service.qq.vanish();
  CHECK(service.next_alarm().find("qq") != std::string::npos);
}

TEST_CASE("an account that never connects is told by command") {
  Alarmed service;
  service.qq.stop_accepting();
  service.start("2030-03-04 10:00:00");
  CHECK(service.next_alarm().find("qq") != std::string::npos);
}
