// The data folder of the whole program: held by one, backed up while it is served, restored, full, damaged
// (reliability S1 to S5, faults K08, S01, S05).
#include <sys/resource.h>

#include <fstream>
#include <sstream>

#include "tests/support/service.hpp"

namespace fs = std::filesystem;

namespace {

using support::containing;
using support::Process;
using support::SentMessage;
using support::Service;

struct Ended {
  int code = 0;
  std::string output{};
};

bool says(const Ended& ended, const std::string& part) {
  return ended.output.find(part) != std::string::npos;
}

struct Storage : Service {
  Storage() {
    folder.write(
        "groups/a.toml",
        "account = \"qq\"\nchat = \"987654321\"\ntimezone = \"Asia/Shanghai\"\nadmins = [\"10001\"]\n");
  }

  Ended run(const std::vector<std::string>& words, const std::string& time) const {
    std::vector<std::string> arguments = words;
    arguments.insert(arguments.begin(), XUEBAN_BINARY);
    const auto program = command(std::move(arguments), time);
    const int code = program->wait_for_end();
    return {code, program->output()};
  }

  fs::path data() const { return folder.path() / "data"; }

  /// Names and bytes of everything in the data folder.
  std::map<std::string, std::string> everything() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::directory_iterator(data())) {
      std::ostringstream text;
      text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      files[entry.path().filename().string()] = text.str();
    }
    return files;
  }

  /// Members m1 … check in, each with a message of his or her own.
  void check_in(int first, int last) {
    for (int member = first; member <= last; ++member) qq.frame(frame(member));
  }
  static std::string frame(int member) {
    const std::string id = std::to_string(member);
    return R"({"time":1898820000,"self_id":10001000,"post_type":"message","message_type":"group",)"
           R"("sub_type":"normal","message_id":)" +
           id + R"(,"group_id":987654321,"user_id":5)" + id +
           R"(,"message":[{"type":"text","data":{"text":"已学"}}],"raw_message":"已学","sender":)"
           R"({"user_id":5)" +
           id + R"(,"nickname":"m)" + id + R"("}})";
  }
  static std::set<std::string> members(std::size_t count) {
    std::set<std::string> names;
    for (std::size_t member = 1; member <= count; ++member) names.insert("m" + std::to_string(member));
    return names;
  }

  /// Who was told that it is counted.
  std::multiset<std::string> told() const {
    std::multiset<std::string> names;
    for (const SentMessage& sent : qq.sends()) {
      if (sent.text.find("✔ ") != 0) continue;
      const std::string rest = sent.text.substr(std::string("✔ ").size());
      names.insert(rest.substr(0, rest.find(' ')));
    }
    return names;
  }

  void admin_says(const std::string& text) { qq.says_in_group(support::kServiceGroup, "10001", text); }
};

std::set<std::string> column_of(const fs::path& file, const std::string& sql) {
  std::set<std::string> values;
  for (const auto& row : bot::sql::open_sqlite_read_only(file)->query(sql, {})) values.insert(row.text(0));
  return values;
}

std::string count_of(const fs::path& file, const std::string& rest) {
  return *column_of(file, "SELECT CAST(count(*) AS TEXT) FROM " + rest).begin();
}

}  // namespace

TEST_CASE_FIXTURE(Storage, "K08: a second one says who holds the folder and changes nothing") {
  start_and_wait("2030-03-04 09:00:00");
  barrier();
  barrier();  // an answer to a question may leave before the commit of what came with it
  const auto before = everything();
  const Ended second = run({"run"}, "2030-03-04 09:00:10");
  CHECK(second.code == 1);
  CHECK(says(second, "xueban: another xueban (process " + std::to_string(process->id()) + " on host "));
  CHECK(says(second, "stop that one first"));
  CHECK(everything() == before);
  CHECK(qq.connections() == 1);
  for (const char* words : {"plan", "check"}) CHECK(run({words}, "2030-03-04 09:00:10").code == 0);
  CHECK(run({"calendar", "--out", (folder.path() / "out").string()}, "2030-03-04 09:00:10").code == 0);
  barrier();
  process->kill_now();
  start_and_wait("2030-03-04 09:01:00");
  barrier();
}

TEST_CASE_FIXTURE(Storage, "a backup made while check-ins pour in holds a first part of them, whole") {
  start_and_wait("2030-03-04 10:00:00");
  constexpr int kAtOnce = 150;
  std::vector<fs::path> backups;
  for (int round = 0; round < 4; ++round) {
    check_in(round * kAtOnce + 1, (round + 1) * kAtOnce);
    backups.push_back(folder.path() / ("backup" + std::to_string(round) + ".db"));
    const Ended backup = run({"backup", "--to", backups.back().string()}, "2030-03-04 10:00:00");
    REQUIRE_MESSAGE(backup.code == 0, backup.output);
    CHECK(says(backup, backups.back().string() + ": 0."));
    CHECK(says(backup, "verified"));
  }
  barrier();
  for (const fs::path& file : backups) {
    const auto names = column_of(file, "SELECT name FROM lesson_done");
    CHECK(names == members(names.size()));
    const std::string count = std::to_string(names.size());
    CHECK(count_of(file, "inbox") == count);
    CHECK(count_of(file, "outbox WHERE kind = 'lesson.done'") == count);
    CHECK_FALSE(fs::exists(file.string() + "-wal"));
  }
  CHECK(column("SELECT name FROM lesson_done") == members(4 * kAtOnce));
}

TEST_CASE_FIXTURE(Storage,
                  "S5: after a restore pushes are held until an admin confirms, then the next comes once") {
  start_and_wait("2030-03-04 07:30:00");
  check_in(1, 3);
  barrier();
  const Ended backup = run({"backup"}, "2030-03-04 07:31:00");
  REQUIRE_MESSAGE(backup.code == 0, backup.output);
  const fs::path file = data() / "backups/xueban-2030-03-04T0731.db";
  REQUIRE(fs::exists(file));
  step_clock(30 * 60);
  check_in(4, 4);
  barrier();
  const auto first = qq.wait_for_send(support::is_push);
  REQUIRE_MESSAGE(first, process->output());
  barrier();

  const Ended refused = run({"restore", file.string()}, "2030-03-04 08:10:00");
  CHECK(refused.code == 1);
  CHECK(says(refused, "stop that one first"));
  CHECK(process->stop() == 0);
  step_clock(0);
  const Ended restored = run({"restore", file.string()}, "2030-03-04 08:10:00");
  REQUIRE_MESSAGE(restored.code == 0, restored.output);
  const fs::path aside = data() / "xueban-replaced-2030-03-04T0810.db";
  CHECK(says(restored, aside.string()));
  CHECK(column_of(aside, "SELECT name FROM lesson_done") == members(4));
  CHECK(column("SELECT name FROM lesson_done") == members(3));

  start_and_wait("2030-03-04 08:20:00");
  barrier();
  process->kill_now();
  start_and_wait("2030-03-04 08:25:00");
  barrier();
  admin_says("自检");
  CHECK(qq.wait_for_send(containing("从备份恢复的，定时推送全部暂停")));
  check_in(5, 5);
  barrier();
  CHECK(told().count("m5") == 1);
  CHECK(pushes() == 1);
  CHECK(process->output().find("a backup was restored") != std::string::npos);

  admin_says("/继续推送");
  CHECK(qq.wait_for_send(containing("定时推送照常")));
  barrier();
  barrier();
  process->kill_now();
  start_and_wait("2030-03-04 08:26:00");
  barrier();
  CHECK(pushes() == 1);
  CHECK(column("SELECT state || ' ' || reason FROM occurrences WHERE schedule = 'lesson:daily'") ==
        std::set<std::string>{"missed restored"});
  step_clock(support::seconds_at("2030-03-05 08:00:05") - support::seconds_at("2030-03-04 08:26:00"));
  barrier();
  const auto is_second = [&first](const SentMessage& sent) {
    return support::is_push(sent) && sent.message_id != first->message_id;
  };
  CHECK(qq.wait_for_send(is_second));
  step_clock(support::seconds_at("2030-03-05 09:00:00") - support::seconds_at("2030-03-04 08:26:00"));
  barrier();
  barrier();
  CHECK(pushes() == 2);
}

TEST_CASE_FIXTURE(Storage,
                  "S2: when the disk is full nobody is told what is not stored, and nothing is lost after") {
  constexpr int kMembers = 1500;
  start_and_wait("2030-03-04 10:00:00");
  check_in(1, 5);
  barrier();
  // From here on no file of the process can grow by more than this.
  const rlim_t most = fs::file_size(data() / "xueban.db-wal") + 150'000;
  const rlimit limit{most, most};
  REQUIRE(prlimit(process->id(), RLIMIT_FSIZE, &limit, nullptr) == 0);
  check_in(6, kMembers);
  CHECK(process->wait_for_end() == 1);
  CHECK(process->output().find("the database cannot be trusted any more; stopping") != std::string::npos);

  const auto on_disk = column("SELECT name FROM lesson_done");
  CHECK(on_disk.size() < kMembers);
  for (const std::string& name : told()) CHECK_MESSAGE(on_disk.contains(name), name);

  start_and_wait("2030-03-04 10:01:00");
  check_in(1, kMembers);
  barrier();
  CHECK(column("SELECT name FROM lesson_done") == members(kMembers));
  const auto names = told();
  for (const std::string& name : names) CHECK_MESSAGE(names.count(name) == 1, name);
}

TEST_CASE_FIXTURE(Storage, "at start: no room on the disk is one sentence") {
  fs::create_directories(data());
  const auto limited = [this](const std::string& blocks) {
    const auto program =
        command({"/bin/sh", "-c", "ulimit -f " + blocks + "; exec \"$0\" run \"$@\"", XUEBAN_BINARY},
                "2030-03-04 10:00:00");
    const int code = program->wait_for_end();
    return Ended{code, program->output()};
  };
  const Ended nothing = limited("0");
  CHECK(nothing.code == 1);
  CHECK(nothing.output == "xueban: the data folder " + data().string() +
                              " cannot be written: File too large \u2014 make room or give this account the "
                              "right to write there, or set `data` to another folder\n");
  const Ended little = limited("24");
  CHECK(little.code == 1);
  CHECK_MESSAGE(
      says(little, "xueban: the database " + (data() / "xueban.db").string() + " cannot be written: "),
      little.output);
  start_and_wait("2030-03-04 10:01:00");
  barrier();
}

TEST_CASE_FIXTURE(Storage,
                  "S05: a damaged file is left as it is, and the restore that is named brings it back") {
  start_and_wait("2030-03-04 10:00:00");
  check_in(1, 50);
  barrier();
  CHECK(process->stop() == 0);
  REQUIRE(run({"backup"}, "2030-03-04 10:01:00").code == 0);
  std::fstream damage(data() / "xueban.db", std::ios::binary | std::ios::in | std::ios::out);
  damage.seekp(4096 * 2);
  damage << std::string(4096, '\xff');
  damage.close();
  const std::string before = everything()["xueban.db"];

  const Ended refused = run({"run"}, "2030-03-04 10:02:00");
  CHECK(refused.code == 1);
  CHECK_MESSAGE(says(refused, "xueban.db is damaged: "), refused.output);
  const std::string backup = (data() / "backups/xueban-2030-03-04T1001.db").string();
  CHECK(says(refused, "restore the latest backup: xueban restore " + backup));
  CHECK(everything()["xueban.db"] == before);

  CHECK(run({"restore", backup}, "2030-03-04 10:03:00").code == 0);
  CHECK(everything()["xueban-replaced-2030-03-04T1003.db"] == before);
  start_and_wait("2030-03-04 10:04:00");
  barrier();
  CHECK(column("SELECT name FROM lesson_done") == members(50));
}
