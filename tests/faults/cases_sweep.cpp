// K05, K11, K12: a scenario is killed before the n-th system call of each kind, for every n that it reaches
// (reliability C.1, syscall sweep).
#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "bot/store/sqlite.hpp"
#include "tests/faults/case.hpp"
#include "tests/faults/rig.hpp"
#include "tests/faults/tracer.hpp"

namespace faults {

namespace {

namespace fs = std::filesystem;

constexpr int kKilled = 128 + 9;
constexpr int kMembers = 20;
constexpr std::int64_t kLearner = 7001;

const std::vector<std::string> kWriting = {"pwrite64", "fdatasync", "fsync",  "write",
                                           "sendmsg",  "sendto",    "rename", "unlink"};
const std::vector<std::string> kReading = {"openat"};

struct Scenario {
  std::string name{};
  std::vector<std::string> calls = kWriting;
  bool from_template = true;  ///< else the data folder does not exist
  std::string time{};
  /// Runs the program once under strace; it may die at any moment. Whether it did.
  bool (*play)(Rig& rig) = nullptr;
  /// The program runs again, on its own.
  void (*check)(Rig& rig) = nullptr;
};

/// Starts, waits for the moment or for death, and stops what is still alive. Whether it was killed.
bool live(Rig& rig, const std::function<bool()>& done) {
  const std::size_t before = rig.judge.ready();
  rig.start();
  const auto over = [&] { return rig.dead() || (rig.judge.ready() > before && done()); };
  rig.until("the scenario to end", over);
  return rig.stop() == kKilled;
}

bool heard(const Rig& rig, const std::string& part, std::size_t count = 1) {
  std::size_t found = 0;
  for (const Accepted& entry : rig.judge.accepted()) found += entry.text.find(part) != std::string::npos;
  return found >= count;
}

// ---- scenarios ------------------------------------------------------------------------------------------

bool play_push(Rig& rig) {
  return live(rig, [&] { return rig.lessons_in(kGroup) > 0 && rig.unsettled() == 0; });
}

void check_push(Rig& rig) {
  rig.until_accepted("【微课堂·");
  rig.finish();
  require(rig.lessons_in(kGroup) == 1, fmt::format("the lesson came {} times", rig.lessons_in(kGroup)));
}

bool play_check_in(Rig& rig) {
  bool said = false;
  return live(rig, [&] {
    if (!said) rig.judge.says(kGroup, kLearner, "已学");
    said = true;
    return heard(rig, "✔") && rig.unsettled() == 0;
  });
}

void check_check_in(Rig& rig) {
  const std::string learner = fmt::format("name = 'm{}'", kLearner);
  rig.judge.replay(kGroup);
  rig.judge.says(kGroup, kLearner, "已学");
  rig.barrier();
  rig.finish();
  require(rig.number("SELECT count(*) FROM lesson_done WHERE " + learner) == 1, "the check-in is lost");
}

bool play_start(Rig& rig) {
  return live(rig, [] { return true; });
}

void check_start(Rig& rig) {
  rig.barrier();
  rig.finish();
}

fs::path backup_of(const Rig& rig) {
  return rig.folder.path() / "backup.db";
}

bool play_backup(Rig& rig) {
  return rig.run({"backup", "--to", backup_of(rig).string()}).code == kKilled;
}

void check_backup(Rig& rig) {
  rig.finish();
  if (!fs::exists(backup_of(rig))) return;
  const auto db = bot::sql::open_sqlite_read_only(backup_of(rig));
  require(db->query("PRAGMA integrity_check(1)", {}).front().text(0) == "ok", "a backup is damaged");
  require(db->query("SELECT count(*) FROM lesson_done", {}).front().integer(0) == kMembers,
          "a backup is not whole");
}

// ---- the sweep ------------------------------------------------------------------------------------------

/// A data folder in which a group is known and members have checked in.
class Template {
 public:
  Template() {
    rig_.set_clock("2030-03-04 07:40:00");
    rig_.start_and_wait();
    for (int member = 1; member <= kMembers; ++member) rig_.judge.says(kGroup, 6000 + member, "已学");
    rig_.until_accepted("✔", kMembers);
    rig_.finish();
  }
  /// The rows that come along are for the template's judge to confirm.
  void give(Rig& rig) const {
    fs::copy(rig_.data(), rig.data(), fs::copy_options::recursive);
    rig.also(rig_.judge);
  }

 private:
  Rig rig_{};
};

class Sweep {
 public:
  explicit Sweep(const Scenario& scenario) : scenario_(scenario) { require_strace(); }

  /// How many runs it took.
  int run() {
    for (const std::string& call : scenario_.calls) {
      for (int nth = 1; killed_before(call, nth); ++nth) {
      }
    }
    return runs_;
  }

 private:
  bool killed_before(const std::string& call, int nth) {
    ++runs_;
    RigOptions options;
    options.settle = "100ms";
    Rig rig(std::move(options));
    if (scenario_.from_template) template_().give(rig);
    rig.set_clock(scenario_.time);
    rig.with_variable("ASAN_OPTIONS", "detect_leaks=0");  // not under ptrace
    rig.under(traced(fmt::format("{}:signal=SIGKILL:when={}", call, nth)));
    try {
      const bool killed = scenario_.play(rig);
      rig.under({});
      rig.start_and_wait();
      scenario_.check(rig);
      return killed;
    } catch (const Failed& why) {
      throw Failed(fmt::format("{}, killed before {} {}: {}", scenario_.name, call, nth, why.what()));
    }
  }

  static const Template& template_() {
    static const Template made;
    return made;
  }

  const Scenario& scenario_;
  int runs_ = 0;
};

const Scenario kPush{"push", kWriting, true, "2030-03-04 08:00:01", play_push, check_push};
const Scenario kCheckIn{"check-in", kWriting, true, "2030-03-04 07:45:00", play_check_in, check_check_in};
const Scenario kContent{"content", kReading, true, "2030-03-04 07:45:00", play_start, check_start};
const Scenario kMigration{"migration", kWriting, false, "2030-03-04 07:45:00", play_start, check_start};
const Scenario kBackup{"backup", kWriting, true, "2030-03-04 07:45:00", play_backup, check_backup};

std::string swept(const std::vector<const Scenario*>& scenarios) {
  std::string told;
  int all = 0;
  for (const Scenario* scenario : scenarios) {
    const int runs = Sweep(*scenario).run();
    all += runs;
    told += fmt::format("{}{} {}", told.empty() ? "" : ", ", scenario->name, runs);
  }
  return fmt::format("{} runs ({})", all, told);
}

std::string every_call(const Effort&) {
  return swept({&kPush, &kCheckIn, &kContent});
}
std::string migration(const Effort&) {
  return swept({&kMigration});
}
std::string backup(const Effort&) {
  return swept({&kBackup});
}

}  // namespace

Cases sweep_cases() {
  return {
      {"K05", "killed before each system call of a push, a check-in and a start", false, every_call},
      {"K11", "killed before each system call of a migration", false, migration},
      {"K12", "killed before each system call of a backup", false, backup},
  };
}

}  // namespace faults
