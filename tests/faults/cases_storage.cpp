// S01 to S10: the disk (reliability C.2).
#include <fmt/format.h>
#include <sys/mount.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>

#include "bot/store/sqlite.hpp"
#include "tests/faults/case.hpp"
#include "tests/faults/rig.hpp"
#include "tests/faults/tracer.hpp"

namespace faults {

namespace {

namespace fs = std::filesystem;

constexpr int kFirstMember = 6001;

/// A file system in memory; unmounted with the object.
class Tmpfs {
 public:
  Tmpfs(fs::path folder, const std::string& size) : folder_(std::move(folder)) {
    fs::create_directories(folder_);
    if (mount("none", folder_.c_str(), "tmpfs", 0, ("size=" + size).c_str()) != 0)
      throw NotHere("no tmpfs can be mounted");
  }
  ~Tmpfs() { umount2(folder_.c_str(), MNT_DETACH); }
  Tmpfs(const Tmpfs&) = delete;
  Tmpfs& operator=(const Tmpfs&) = delete;

  void resize(const std::string& size) const { remount(0, "size=" + size); }
  void make_read_only() const { remount(MS_RDONLY, ""); }

 private:
  void remount(unsigned long flags, const std::string& options) const {
    if (mount("none", folder_.c_str(), "tmpfs", MS_REMOUNT | flags, options.c_str()) != 0)
      throw NotHere("tmpfs cannot be remounted");
  }
  fs::path folder_;
};

void start_in_the_morning(Rig& rig) {
  rig.set_clock("2030-03-04 10:00:00");
  rig.start_and_wait();
}

void check_in(Rig& rig, int first, int count) {
  for (int member = first; member < first + count; ++member) rig.judge.says(kGroup, member, "已学");
}

/// Who was told that it is counted.
std::set<std::string> told(const Rig& rig) {
  const std::string tick = "✔ ";
  std::set<std::string> names;
  for (const Accepted& entry : rig.judge.accepted()) {
    if (!entry.text.starts_with(tick)) continue;
    const std::string rest = entry.text.substr(tick.size());
    names.insert(rest.substr(0, rest.find(' ')));
  }
  return names;
}

void require_only_stored_was_told(const Rig& rig) {
  const auto stored = rig.column("SELECT name FROM lesson_done");
  for (const std::string& name : told(rig))
    require(stored.contains(name), name + " was told, and is not stored");
}

/// After the fault everybody says it once more, as the platform delivers again.
void recover(Rig& rig, int members) {
  rig.start_and_wait();
  rig.judge.replay(kGroup);
  rig.until("every check-in", [&] { return rig.number("SELECT count(*) FROM lesson_done") == members; });
  rig.finish();
}

std::string full_disk(const Effort&) {
  constexpr int kMembers = 400;
  Rig rig;
  const Tmpfs disk(rig.data(), "700k");
  start_in_the_morning(rig);
  check_in(rig, kFirstMember, kMembers);
  require(rig.end().code == 1, "it goes on without a disk");
  require_only_stored_was_told(rig);
  disk.resize("16m");
  recover(rig, kMembers);
  return {};
}

void failing_call(const std::string& injection) {
  require_strace();
  Rig rig;
  start_in_the_morning(rig);
  check_in(rig, kFirstMember, 5);
  rig.until_accepted("✔", 5);
  rig.barrier();
  {
    const Tracer tracer(rig, injection);
    check_in(rig, kFirstMember + 5, 5);
    require(rig.end().code == 1, "it goes on after an error of the disk");
  }
  require_only_stored_was_told(rig);
  recover(rig, 10);
}

std::string one_failing_write(const Effort&) {
  failing_call("pwrite64:error=ENOSPC:when=1");
  failing_call("pwrite64:error=EIO:when=2");
  failing_call("fdatasync:error=EIO:when=1");
  return {};
}

std::string held_by_another(const Effort&) {
  constexpr bot::Milliseconds kHeld = std::chrono::seconds(3);
  Rig rig;
  start_in_the_morning(rig);
  {
    const auto other = bot::sql::open_sqlite(rig.database());
    other->execute("BEGIN IMMEDIATE");
    check_in(rig, kFirstMember, 50);
    const bool early = rig.judge.until([&] { return !told(rig).empty(); }, kHeld);
    other->execute("ROLLBACK");
    require(!early, "somebody was told what cannot be stored");
  }
  rig.until_accepted("✔", 50);
  rig.finish();
  return {};
}

std::string read_only(const Effort&) {
  Rig rig;
  const Tmpfs disk(rig.data(), "16m");
  start_in_the_morning(rig);
  check_in(rig, kFirstMember, 1);
  rig.until_accepted("✔");
  rig.finish();
  disk.make_read_only();
  rig.start();
  const Ended refused = rig.end();
  require(refused.code == 1, "it starts on a disk that cannot be written");
  require(refused.says(rig.data().string()), "it does not name the folder: " + refused.output);
  return {};
}

std::string whole(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string damaged_page(const Effort&) {
  constexpr std::streamoff kPage = 4096;
  Rig rig;
  start_in_the_morning(rig);
  check_in(rig, kFirstMember, 50);
  rig.until_accepted("✔", 50);
  rig.finish();
  require(rig.run({"backup"}).code == 0, "no backup");
  std::fstream(rig.database(), std::ios::binary | std::ios::in | std::ios::out).seekp(3 * kPage)
      << std::string(kPage, '\xff');
  const std::string before = whole(rig.database());
  rig.start();
  const Ended refused = rig.end();
  require(refused.code == 1 && refused.says("is damaged"), "it starts on a damaged file");
  require(refused.says("xueban restore"), "it does not name the command that restores");
  require(whole(rig.database()) == before, "it touched the damaged file");
  return {};
}

std::string slow_sync(const Effort&) {
  require_strace();
  constexpr int kMembers = 200;
  // Eight answers are under way at most, each for two syncs: its intent and its receipt. Alone they would pay
  // for 400 of them, 200 s.
  constexpr auto kLongest = std::chrono::seconds(40);
  Rig rig;
  start_in_the_morning(rig);
  const bot::SystemClock clock;
  const bot::SteadyTime begin = clock.steady();
  {
    const Tracer tracer(rig, "fdatasync:delay_exit=500000");
    check_in(rig, kFirstMember, kMembers);
    rig.until_accepted("✔", kMembers, kLongest);
  }
  require(clock.steady() - begin < kLongest, "each event pays for a sync of its own");
  rig.finish();
  return {};
}

std::string sleeping_reader(const Effort&) {
  constexpr int kMembers = 3000;
  constexpr std::uintmax_t kMost = std::uintmax_t{64} << 20U;
  Rig rig;
  start_in_the_morning(rig);
  {
    const auto reader = bot::sql::open_sqlite_read_only(rig.database());
    reader->query("BEGIN", {});
    reader->query("SELECT count(*) FROM outbox", {});
    check_in(rig, kFirstMember, kMembers);
    rig.until_accepted("✔", kMembers);
    require(fs::file_size(rig.database().string() + "-wal") < kMost, "the log grows beyond 64 MiB");
  }
  rig.finish();
  return {};
}

std::string full_log(const Effort&) {
  Rig rig;
  rig.under({"/bin/sh", "-c", "exec \"$0\" \"$@\" >/dev/full 2>&1"});
  start_in_the_morning(rig);
  check_in(rig, kFirstMember, 5);
  rig.until_accepted("✔", 5);
  rig.judge.vanish();
  require(rig.judge.until_ready(2), "it does not come back");
  rig.finish();
  return {};
}

std::string no_power_cut(const Effort&) {
  throw NotHere("there is no shim yet that drops unsynced writes, and no device mapper");
}
std::string old_sqlite(const Effort&) {
  throw NotHere("Debian 12 has only SQLite 3.40.1, which Xueban serves with one writing connection");
}

}  // namespace

Cases storage_cases() {
  return {
      {"S01", "the disk is full", true, full_disk},
      {"S02", "one write or sync fails", false, one_failing_write},
      {"S03", "another process holds the database", false, held_by_another},
      {"S04", "the data folder is read-only", false, read_only},
      {"S05", "a page is overwritten", false, damaged_page},
      {"S06", "every sync takes half a second", false, slow_sync},
      {"S07", "power cut at each sync", false, no_power_cut},
      {"S08", "an old SQLite", false, old_sqlite},
      {"S09", "a reader that sleeps", false, sleeping_reader},
      {"S10", "the log cannot be written", false, full_log},
  };
}

}  // namespace faults
