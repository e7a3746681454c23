// K01 to K04, K06 to K10: the process is killed (reliability C.2).
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "bot/base/random.hpp"
#include "tests/faults/case.hpp"
#include "tests/faults/rig.hpp"
#include "tests/faults/tracer.hpp"

namespace faults {

namespace {

namespace fs = std::filesystem;

constexpr int kKilled = 128 + 9;

/// Running, and a moment before the lesson.
void start_before_lesson(Rig& rig) {
  rig.set_clock("2030-03-04 07:50:00");
  rig.start_and_wait();
  rig.barrier();
}

/// The lesson falls due now. Somebody speaks, since nothing else wakes the program.
void lesson_falls_due(Rig& rig) {
  rig.set_clock("2030-03-04 08:00:01");
  rig.judge.says(kGroup, 5001, "大家早上好");
}

/// Restarts after a kill, to the end.
void recover(Rig& rig) {
  rig.start_and_wait();
  rig.until_accepted("【微课堂·");
  rig.finish();
  require(rig.lessons_in(kGroup) == 1, fmt::format("the lesson came {} times", rig.lessons_in(kGroup)));
}

void kill_before(const std::string& call, int nth) {
  require_strace();
  Rig rig;
  start_before_lesson(rig);
  const Tracer tracer(rig, fmt::format("{}:signal=SIGKILL:when={}", call, nth));
  lesson_falls_due(rig);
  require(rig.end().code == kKilled, "it was not killed");
  recover(rig);
}

std::string before_intent(const Effort&) {
  kill_before("fdatasync", 1);
  return {};
}

std::string before_write(const Effort&) {
  kill_before("sendmsg,sendto", 1);
  return {};
}

std::string before_answer(const Effort&) {
  Rig rig;
  start_before_lesson(rig);
  rig.judge.next(Behaviour::accept(Behaviour::Answer::held));
  lesson_falls_due(rig);
  rig.until_accepted("【微课堂·");
  rig.kill();
  rig.judge.answer_held();
  recover(rig);
  require(rig.column("SELECT state FROM outbox WHERE push = 1") == std::set<std::string>{"sent"},
          "the row does not say sent");
  return {};
}

std::string before_receipt(const Effort&) {
  kill_before("fdatasync", 2);
  return {};
}

// ---- the kill loop --------------------------------------------------------------------------------------

constexpr std::size_t kGroups = 200;

RigOptions fan_out() {
  RigOptions options;
  options.groups = many_groups(kGroups);
  options.settle = "100ms";
  return options;
}

class KillLoop {
 public:
  explicit KillLoop(std::size_t rounds) : rounds_(rounds) {}

  std::string run() {
    while (kills_ < rounds_) fan_out_once();
    return fmt::format("{} kills in {} fan-outs, each left at most {} send unknown", kills_, fan_outs_,
                       most_in_flight_);
  }

 private:
  void fan_out_once() {
    Rig rig(fan_out());
    rig.judge.script([this](const Call&) { return slow(); });
    rig.set_clock("2030-03-04 07:50:00");
    rig.start_and_wait();
    rig.set_clock("2030-03-04 08:00:01");
    rig.barrier();
    while (rig.judge.accepted().size() < kGroups && kills_ < rounds_) {
      wait_a_little(rig);
      rig.kill();
      ++kills_;
      count_unknown(rig);
      rig.start_and_wait();
    }
    finish(rig);
    ++fan_outs_;
  }

  /// On the judge's thread.
  Behaviour slow() {
    const bot::Milliseconds before(platform_.below(4));
    const bot::Milliseconds behind(platform_.below(4));
    return {Behaviour::Acceptance::shown, Behaviour::Answer::ok, before, behind};
  }

  /// Half the kills come at once after the start, half when some more has been sent.
  void wait_a_little(Rig& rig) {
    const bool early = chance_.below(2) == 0;
    const std::size_t goal = rig.judge.accepted().size() + (early ? kGroups : 1 + chance_.below(20));
    const bot::Milliseconds most(early ? chance_.below(60) : 1500);
    rig.judge.until([&] { return rig.judge.accepted().size() >= goal; }, most);
  }

  // An earlier one may still be undecided: what is in flight at a kill is what this kill made unknown.
  void count_unknown(Rig& rig) {
    const auto in_flight = rig.number("SELECT count(*) FROM outbox WHERE state = 'sending'");
    most_in_flight_ = std::max(most_in_flight_, in_flight);
    require(in_flight <= 1, fmt::format("P5: a kill left {} sends unknown", in_flight));
  }

  static void finish(Rig& rig) {
    rig.until(
        "every group's lesson", [&] { return rig.lessons().size() == kGroups; }, std::chrono::seconds(60));
    rig.finish();
    for (const auto& [chat, count] : rig.lessons()) {
      require(count == 1, fmt::format("{} was told {} times", chat, count));
    }
  }

  const std::size_t rounds_;
  std::size_t kills_ = 0;
  std::size_t fan_outs_ = 0;
  std::int64_t most_in_flight_ = 0;
  bot::Random chance_{20301};
  bot::Random platform_{20302};
};

std::string kill_loop(const Effort& effort) {
  return KillLoop(effort.brief ? 8 : effort.rounds).run();
}

std::string orderly_end(const Effort&) {
  Rig rig(fan_out());
  rig.judge.always(Behaviour::accept_late(bot::Milliseconds(5)));
  rig.set_clock("2030-03-04 07:50:00");
  rig.start_and_wait();
  rig.set_clock("2030-03-04 08:00:01");
  rig.barrier();
  rig.until_accepted("【微课堂·", 20);
  const bot::SystemClock clock;
  const bot::SteadyTime begin = clock.steady();
  require(rig.stop() == 0, "it did not end by itself");
  require(clock.steady() - begin < std::chrono::seconds(10), "it took longer than ten seconds to end");
  const auto open = rig.number("SELECT count(*) FROM outbox WHERE state IN ('sending', 'unknown')");
  require(open == 0, fmt::format("{} sends are undecided after an orderly end", open));
  rig.start_and_wait();
  rig.until("every group's lesson", [&] { return rig.lessons().size() == kGroups; });
  rig.finish();
  return {};
}

// ---- others ---------------------------------------------------------------------------------------------

std::string second_process(const Effort&) {
  Rig rig;
  start_before_lesson(rig);
  const Ended second = rig.run({"run"});
  require(second.code == 1, "the second one did not refuse");
  require(second.says(fmt::format("process {}", rig.process().id())), "it does not say who holds the folder");
  require(rig.judge.connections() == 1, "the second one connected");
  rig.finish();
  return {};
}

/// A memory cgroup of its own; removed with the object.
class MemoryGroup {
 public:
  MemoryGroup() : folder_(fmt::format("/sys/fs/cgroup/memory/xueban-faults-{}", getpid())) {
    std::error_code failure;
    if (!fs::create_directory(folder_, failure)) throw NotHere("no memory cgroup can be made");
  }
  ~MemoryGroup() {
    std::error_code ignored;
    fs::remove(folder_, ignored);
  }
  MemoryGroup(const MemoryGroup&) = delete;
  MemoryGroup& operator=(const MemoryGroup&) = delete;

  std::vector<std::string> entered() const {
    return {"/bin/sh", "-c", "echo $$ > '" + (folder_ / "cgroup.procs").string() + "' && exec \"$0\" \"$@\""};
  }
  std::uint64_t used() const {
    std::uint64_t bytes = 0;
    std::ifstream(folder_ / "memory.usage_in_bytes") >> bytes;
    return bytes;
  }
  void limit(std::uint64_t bytes) const {
    std::ofstream(folder_ / "memory.limit_in_bytes") << bytes;
    std::ofstream(folder_ / "memory.memsw.limit_in_bytes") << bytes;
  }

 private:
  fs::path folder_;
};

std::string killed_for_memory(const Effort&) {
  constexpr std::uint64_t kRoom = 1 << 20;
  const MemoryGroup group;
  Rig rig(fan_out());
  rig.judge.always(Behaviour::accept_late(bot::Milliseconds(5)));
  rig.under(group.entered());
  rig.set_clock("2030-03-04 07:50:00");
  rig.start_and_wait();
  rig.set_clock("2030-03-04 08:00:01");
  rig.barrier();
  rig.until_accepted("【微课堂·", 20);
  group.limit(group.used() + kRoom);
  for (int i = 0; i < 20; ++i) rig.judge.frame(fmt::format("{{\"x\":\"{}\"}}", std::string(3'900'000, 'x')));
  require(rig.end().code == kKilled, "it was not killed");
  rig.under({});
  rig.start_and_wait();
  rig.until("every group's lesson", [&] { return rig.lessons().size() == kGroups; });
  rig.finish();
  return {};
}

std::string during_checkpoint(const Effort& effort) {
  require_strace();
  constexpr int kMembers = 30;
  const int most = effort.brief ? 3 : 1000;
  int runs = 0;
  for (bool killed = true; killed && runs < most;) {
    Rig rig;
    rig.set_clock("2030-03-04 10:00:00");
    rig.start_and_wait();
    for (int member = 1; member <= kMembers; ++member) rig.judge.says(kGroup, 6000 + member, "已学");
    rig.until_accepted("✔", kMembers);
    rig.barrier();
    {
      const Tracer tracer(rig, fmt::format("pwrite64:signal=SIGKILL:when={}", ++runs));
      killed = rig.stop() == kKilled;
    }
    rig.start_and_wait();
    rig.finish();
    require(rig.number("SELECT count(*) FROM lesson_done") == kMembers, "check-ins are lost");
  }
  return fmt::format("{} runs", runs);
}

}  // namespace

Cases kill_cases() {
  return {
      {"K01", "killed before the intent is on the disk", false, before_intent},
      {"K02", "killed between the intent and the first byte", true, before_write},
      {"K03", "killed while the platform holds its answer", true, before_answer},
      {"K04", "killed between the answer and the receipt", true, before_receipt},
      {"K06", "killed at random moments of a fan-out to 200 groups", true, kill_loop},
      {"K07", "told to end in a fan-out", true, orderly_end},
      {"K08", "two processes on one database", false, second_process},
      {"K09", "killed by the memory cgroup in a fan-out", false, killed_for_memory},
      {"K10", "killed during a checkpoint, at each write", false, during_checkpoint},
  };
}

}  // namespace faults
