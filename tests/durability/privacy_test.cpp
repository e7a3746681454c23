// A member is forgotten by the whole program, which is then killed, restored and told old things again
// (reliability X14).
#include <filesystem>

#include "tests/support/service.hpp"

namespace fs = std::filesystem;

namespace {

using support::containing;
using support::SentMessage;

struct Member : support::Service {
  int run(std::vector<std::string> words, const std::string& time) const {
    words.insert(words.begin(), XUEBAN_BINARY);
    return command(std::move(words), time)->wait_for_end();
  }
  /// A check-in of user 5001 in the group, at that second of the platform's clock.
  void check_in(const std::string& message, const std::string& time) {
    qq.frame(R"({"time":)" + std::to_string(support::seconds_at(time)) +
             R"(,"self_id":10001000,"post_type":"message","message_type":"group","sub_type":"normal",)"
             R"("message_id":)" +
             message +
             R"(,"group_id":987654321,"user_id":5001,"message":[{"type":"text","data":{"text":"已学"}}],)"
             R"("raw_message":"已学","sender":{"user_id":5001,"nickname":"m5001"}})");
  }
  std::string count(const std::string& rest) const {
    return *column("SELECT CAST(count(*) AS TEXT) FROM " + rest).begin();
  }
  std::string known() const { return count("person_accounts WHERE user_id = '5001'"); }
};

}  // namespace

TEST_CASE_FIXTURE(Member, "X14: who was erased stays forgotten through a kill, a restore and old events") {
  const std::string backup = (folder.path() / "backup.db").string();
  start_and_wait("2030-03-04 10:00:00");
  check_in("1", "2030-03-04 10:00:00");
  barrier();
  barrier();
  REQUIRE(known() == "1");
  REQUIRE(run({"backup", "--to", backup}, "2030-03-04 10:01:00") == 0);
  CHECK(run({"erase", "--member", "qq:5001", "--yes"}, "2030-03-04 10:02:00") == 1);
  CHECK(process->stop() == 0);
  REQUIRE(run({"erase", "--member", "qq:5001", "--yes"}, "2030-03-04 10:02:00") == 0);
  CHECK(known() == "0");
  CHECK(count("lesson_done") == "1");

  start_and_wait("2030-03-04 10:05:00");
  check_in("1", "2030-03-04 10:00:00");
  check_in("2", "2030-03-04 10:01:30");
  barrier();
  barrier();
  CHECK(known() == "0");
  process->kill_now();
  REQUIRE(run({"restore", backup}, "2030-03-04 10:06:00") == 0);
  CHECK(known() == "0");

  start_and_wait("2030-03-04 10:07:00");
  check_in("2", "2030-03-04 10:01:30");
  barrier();
  barrier();
  CHECK(known() == "0");
  CHECK(count("lesson_done WHERE member = '5001' OR name = 'm5001'") == "0");
  check_in("3", "2030-03-04 10:07:30");
  barrier();
  barrier();
  CHECK(known() == "1");
}
