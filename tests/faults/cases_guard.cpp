// F05, X04, X15, X17: strange files, strange names, secrets, one member's flood (reliability C.2).
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <vector>

#include "tests/faults/case.hpp"
#include "tests/faults/rig.hpp"

namespace faults {

namespace {

namespace fs = std::filesystem;
using bot::Milliseconds;

void start_in_the_morning(Rig& rig) {
  rig.set_clock("2030-03-04 10:00:00");
  rig.start_and_wait();
}

std::string strange_files(const Effort&) {
  const support::TemporaryFolder folder;
  const fs::path content = folder.path() / "content";
  fs::copy(XUEBAN_SOURCE "/content", content, fs::copy_options::recursive);
  const fs::path lessons = content / "lessons";
  folder.write("content/lessons/huge.md", "");
  fs::resize_file(lessons / "huge.md", std::uintmax_t{10} << 30U);
  require(mkfifo((lessons / "pipe.md").c_str(), 0600) == 0, "no FIFO");
  fs::create_symlink("/etc/passwd", lessons / "outside.md");
  fs::create_symlink("/dev/zero", lessons / "device.md");
  RigOptions options;
  options.top = "content = \"" + content.string() + "\"\n";
  Rig rig(std::move(options));
  start_in_the_morning(rig);
  rig.judge.says(kGroup, 5001, "已学");
  rig.until_accepted("✔");
  require(rig.mebibytes() < 256, fmt::format("it takes {} MiB", rig.mebibytes()));
  rig.finish();
  return {};
}

/// A check-in of somebody who calls himself this.
std::string named_event(const std::string& name, const Rig& rig) {
  Line line = line_of("已学", 5001, 4001, rig.wall.now());
  boost::json::object event = message_event(line, Stamps::seconds);
  event["sender"].as_object()["nickname"] = name;
  return boost::json::serialize(event);
}

std::string strange_name(const Effort&) {
  const std::string name = "a\r\n2030-03-04 info forged\x1b[2J\u202Egnp";
  Rig rig;
  start_in_the_morning(rig);
  rig.judge.frame(named_event(name, rig));
  rig.until_accepted("✔");
  rig.judge.always(Behaviour::refuse(Behaviour::Answer::failed_1400));
  rig.judge.frame(named_event(name, rig));
  rig.judge.always(Behaviour::accept());
  rig.barrier();
  rig.finish();
  const std::string log = rig.log();
  require(log.find('\x1b') == std::string::npos, "an escape character is in the log");
  require(log.find("\n2030-03-04 info forged") == std::string::npos, "a line of the log is forged");
  return {};
}

// Every case looks for the token; here it is given in each place that may be printed.
std::string secrets(const Effort&) {
  Rig rig;
  start_in_the_morning(rig);
  for (const char* command : {"check", "plan"}) {
    require(rig.run({command}).code == 0, std::string(command) + " does not work");
  }
  rig.folder.write("out/keep", "");
  rig.run({"calendar", "--out", (rig.folder.path() / "out").string()});
  rig.judge.vanish();
  require(rig.judge.until_ready(2), "it does not come back");
  rig.judge.says(kGroup, kAdmin, "自检");
  rig.barrier();
  rig.finish();
  return {};
}

/// The slowest of some pings, which other members send.
Milliseconds slowest_ping(Rig& rig, int count) {
  const bot::SystemClock clock;
  Milliseconds slowest{0};
  for (int i = 0; i < count; ++i) {
    const bot::SteadyTime begin = clock.steady();
    rig.barrier();
    slowest = std::max(slowest, std::chrono::duration_cast<Milliseconds>(clock.steady() - begin));
  }
  return slowest;
}

std::string flood(const Effort&) {
  constexpr int kFlood = 20'000;
  constexpr int kPings = 20;
  RigOptions options;
  options.limits = "cooldown = \"3s\"\nper_member = \"10/1m\"\n";
  Rig rig(std::move(options));
  start_in_the_morning(rig);
  const Milliseconds calm = slowest_ping(rig, kPings);
  for (int i = 0; i < kFlood; ++i) rig.judge.says(kGroup, 5001, "今日一课");
  const Milliseconds flooded = slowest_ping(rig, kPings);
  rig.finish();
  std::size_t answers = 0;
  for (const Accepted& entry : rig.judge.accepted()) answers += entry.direct ? 0 : 1;
  require(answers <= 12, fmt::format("one member was answered {} times", answers));
  require(flooded < std::chrono::seconds(5), fmt::format("others waited {} ms", flooded.count()));
  return fmt::format("the slowest ping: {} ms calm, {} ms behind {} messages", calm.count(), flooded.count(),
                     kFlood);
}

}  // namespace

Cases guard_cases() {
  return {
      {"F05", "a huge file, a pipe and links among the lessons", false, strange_files},
      {"X04", "a name with control characters", false, strange_name},
      {"X15", "the token in any output", false, secrets},
      {"X17", "one member's flood", false, flood},
  };
}

}  // namespace faults
