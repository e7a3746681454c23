// How fast Xueban is beside a bot that does nothing but read and write frames. Absolute numbers are noise:
// they change with the machine and with what else it does. The ratios count, which is why what is compared
// runs in turns.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/bench/child.hpp"
#include "tests/bench/phases.hpp"
#include "tests/bench/table.hpp"

namespace {

namespace fs = std::filesystem;
using bench::Answers;
using bench::Bot;
using bench::Child;
using bench::Clock;
using bench::Delay;
using bench::Home;
using bench::Listener;
using bench::Table;
using bench::Word;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kConnectLimit{10'000};
constexpr std::uint64_t kFewGroups = 50;
constexpr std::uint64_t kManyGroups = 10'000;

struct Settings {
  fs::path raw_bot{};
  fs::path xueban{};
  fs::path crowded{};
  fs::path content{};
  fs::path folder = fs::current_path();
  std::vector<std::string> parts{};
  int rounds = 3;
  int delay_seconds = 10;
  std::uint64_t talk = 200'000;

  bool wants(const std::string& part) const { return parts.empty() || std::ranges::count(parts, part) > 0; }
};

enum class Program { raw, xueban, crowded };

void say(const std::string& what) {
  std::cerr << "... " << what << '\n';
}

/// A program that has been started and has connected.
class Running {
 public:
  Running(const Settings& settings, Program program)
      : home_(settings.folder, listener_.url()), command_(command_of(settings, program)) {
    answers_ = program == Program::raw ? Answers::in_order : Answers::numbered;
    start();
  }

  void start() {
    bot_.reset();
    child_.reset();
    started_ = Clock::now();
    child_.emplace(command_, home_.log());
    accept();
  }
  void accept() {
    bot_ = std::make_unique<Bot>(listener_.accept(kConnectLimit), answers_);
    connected_ = Clock::now();
  }

  Bot& bot() noexcept { return *bot_; }
  const Child& child() const { return *child_; }
  double start_ms() const { return std::chrono::duration<double, std::milli>(connected_ - started_).count(); }

 private:
  std::vector<std::string> command_of(const Settings& settings, Program program) const {
    if (program == Program::raw) return {settings.raw_bot.string(), listener_.url()};
    const bool crowded = program == Program::crowded;
    const fs::path content = crowded ? home_.crowded_content(settings.content) : settings.content;
    const fs::path& file = crowded ? settings.crowded : settings.xueban;
    return {file.string(), "run", "--config", home_.config().string(), "--content", content.string()};
  }

  Listener listener_;
  Home home_;
  std::vector<std::string> command_;
  Answers answers_ = Answers::numbered;
  std::optional<Child> child_;
  std::unique_ptr<Bot> bot_;
  bench::Moment started_{};
  bench::Moment connected_{};
};

std::string ms(double value) {
  return fmt::format("{:.2f} ms", value);
}

double half(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

// ---- throughput -----------------------------------------------------------------------------------------

void measure_speed(const Settings& settings, Running& raw, Running& xueban, Table& table) {
  double limit = 0;
  double ping = 0;
  double learned = 0;
  for (int round = 0; round < settings.rounds; ++round) {
    for (const std::size_t width : {64U, 256U, 1024U}) {
      say(fmt::format("throughput, {} at once", width));
      limit = std::max(limit, speed(raw.bot(), Word::ping, width, milliseconds(1500)));
      ping = std::max(ping, speed(xueban.bot(), Word::ping, width, milliseconds(1500)));
      learned = std::max(learned, speed(xueban.bot(), Word::learned, width, milliseconds(2500)));
    }
  }
  const auto line = [&](const char* what, double reached, double share) {
    table.judge(what, fmt::format("{:.0f}/s", reached), fmt::format("{:.0f}/s", limit),
                fmt::format("1/{:.1f}", limit / reached), fmt::format(">= 1/{:.0f}", share),
                reached * share >= limit);
  };
  line("ping, best throughput", ping, 3);
  line("a command that writes, best throughput", learned, 6);
}

// ---- latency --------------------------------------------------------------------------------------------

/// What the disk alone takes, in milliseconds, ascending: 4 KiB and a sync.
std::vector<double> disk_syncs(const fs::path& folder) {
  const fs::path file = folder / "bench-sync";
  const int disk = open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const std::string page(4096, 'x');
  std::vector<double> times;
  for (int i = 0; i < 300; ++i) {
    const bench::Moment begin = Clock::now();
    if (write(disk, page.data(), page.size()) < 0 || fdatasync(disk) != 0) break;
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
  }
  close(disk);
  fs::remove(file);
  std::ranges::sort(times);
  return times;
}

void measure_delay(const Settings& settings, Running& raw, Running& xueban, Table& table) {
  const seconds time(settings.delay_seconds);
  const auto line = [&](const std::string& what, Word word, int rate, double most) {
    say(what);
    const Delay limit = delay(raw.bot(), Word::ping, rate, time / 2);
    const Delay reached = delay(xueban.bot(), word, rate, time);
    table.note(what + ", p50", ms(reached.half), ms(limit.half));
    table.judge(what + ", p99", ms(reached.most), ms(limit.most), "", fmt::format("<= {:.0f} ms", most),
                reached.most <= most && reached.lost == 0);
  };
  const std::vector<double> syncs = disk_syncs(settings.folder);
  if (!syncs.empty()) {
    table.note("a sync of the disk alone, p50", ms(syncs[syncs.size() / 2]));
    table.note("a sync of the disk alone, p99", ms(syncs[syncs.size() * 99 / 100]));
  }
  line("a command that writes, 200/s", Word::learned, 200, 15);
  line("ping, 1,000/s", Word::ping, 1000, 2);
}

// ---- memory ---------------------------------------------------------------------------------------------

void measure_idle(Running& xueban, Table& table) {
  const bench::Moment end = Clock::now() + seconds(2);
  while (Clock::now() < end) xueban.bot().link().pump(end);
  const double idle = xueban.child().mebibytes("VmRSS");
  table.judge("memory, idle for 2 s", fmt::format("{:.1f} MiB", idle), "", "", "<= 24", idle <= 24);
}

void judge_peak(const char* what, double peak, Table& table) {
  table.judge(what, fmt::format("{:.1f} MiB", peak), "", "", "<= 64", peak <= 64);
}

// ---- ordinary talk --------------------------------------------------------------------------------------

/// Microseconds of CPU for each message.
double talk_cost(Running& running, std::uint64_t count, std::uint64_t groups) {
  const auto before = running.child().cpu();
  talk_through(running.bot(), count, groups);
  return std::chrono::duration<double, std::micro>(running.child().cpu() - before).count() /
         static_cast<double>(count);
}

struct Talker {
  Talker(const Settings& settings, Program program, std::uint64_t groups_)
      : running(settings, program), groups(groups_) {
    running.bot().await_answer(kConnectLimit);
    talk_through(running.bot(), groups, groups);  // makes them known
  }
  void measure(std::uint64_t count) {
    say(fmt::format("  talk in {} groups", groups));
    best = std::min(best, talk_cost(running, count, groups));
  }

  Running running;
  std::uint64_t groups;
  double best = 1e9;
};

void measure_talk(const Settings& settings, Table& table) {
  Talker raw(settings, Program::raw, kFewGroups);
  Talker xueban(settings, Program::xueban, kFewGroups);
  Talker many(settings, Program::xueban, kManyGroups);
  Talker crowded(settings, Program::crowded, kFewGroups);
  for (int round = 0; round < settings.rounds; ++round) {
    say("ordinary talk");
    for (Talker* talker : {&raw, &xueban, &many, &crowded}) talker->measure(settings.talk);
  }
  const auto us = [](double cost) { return fmt::format("{:.2f} us", cost); };
  table.judge("talk, CPU of a message", us(xueban.best), us(raw.best),
              fmt::format("{:.2f}x", xueban.best / raw.best), "<= 4x", xueban.best <= 4 * raw.best);
  const auto line = [&](const char* what, double cost) {
    table.judge(what, us(cost), "", fmt::format("{:.2f}x", cost / xueban.best), "<= 1.1x",
                cost <= 1.1 * xueban.best);
  };
  line("  the same with 10,000 groups", many.best);
  line("  the same with 100 further commands", crowded.best);
  judge_peak("memory, peak under talk", many.running.child().mebibytes("VmHWM"), table);
}

// ---- starting and dropping ------------------------------------------------------------------------------

void measure_start(const Settings& settings, Table& table) {
  say("starting");
  Running xueban(settings, Program::xueban);
  table.note("from start to connected, making the database", ms(xueban.start_ms()));
  std::vector<double> times;
  for (int i = 0; i < 7; ++i) {
    xueban.start();
    times.push_back(xueban.start_ms());
  }
  table.judge("from start to connected", ms(half(times)), "", "", "<= 100 ms", half(times) <= 100);
}

/// A first drop each time: after further ones the bot waits longer on purpose.
double answer_after_drop(const Settings& settings) {
  Running xueban(settings, Program::xueban);
  xueban.bot().await_answer(kConnectLimit);
  const bench::Moment dropped = Clock::now();
  xueban.bot().link().reset();
  xueban.accept();
  const bench::Moment answered = xueban.bot().await_answer(kConnectLimit);
  return std::chrono::duration<double, std::milli>(answered - dropped).count();
}

void measure_drop(const Settings& settings, Table& table) {
  say("dropping the connection");
  std::vector<double> times;
  for (int i = 0; i < 5; ++i) times.push_back(answer_after_drop(settings));
  const double longest = *std::ranges::max_element(times);
  table.note("from a dropped socket to an answer, half of 5", ms(half(times)));
  table.judge("from a dropped socket to an answer, all of 5", ms(longest), "", "", "<= 1,000 ms",
              longest <= 1000);
}

void measure_commands(const Settings& settings, Table& table) {
  Running raw(settings, Program::raw);
  Running xueban(settings, Program::xueban);
  if (settings.wants("memory")) measure_idle(xueban, table);
  raw.bot().await_answer(kConnectLimit);
  xueban.bot().await_answer(kConnectLimit);
  if (settings.wants("speed")) measure_speed(settings, raw, xueban, table);
  if (settings.wants("delay")) measure_delay(settings, raw, xueban, table);
  if (settings.wants("memory")) {
    judge_peak("memory, peak under commands", xueban.child().mebibytes("VmHWM"), table);
  }
}

Table measured(const Settings& settings) {
  Table table;
  if (settings.wants("speed") || settings.wants("delay") || settings.wants("memory")) {
    measure_commands(settings, table);
  }
  if (settings.wants("talk")) measure_talk(settings, table);
  if (settings.wants("start")) measure_start(settings, table);
  if (settings.wants("drop")) measure_drop(settings, table);
  return table;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App program{"Measures Xueban beside a raw bot"};
  program.add_option("--raw-bot", settings.raw_bot)->required();
  program.add_option("--xueban", settings.xueban)->required();
  program.add_option("--crowded", settings.crowded)->required();
  program.add_option("--content", settings.content)->required();
  program.add_option("--folder", settings.folder, "where the data are written: on the disk that counts");
  program.add_option("--part", settings.parts, "speed, delay, memory, talk, start, drop; default: all");
  program.add_option("--rounds", settings.rounds)->check(CLI::Range(1, 100));
  program.add_option("--delay-seconds", settings.delay_seconds)->check(CLI::Range(2, 600));
  program.add_option("--talk", settings.talk, "messages of ordinary talk");
  CLI11_PARSE(program, argc, argv);
  prctl(PR_SET_TIMERSLACK, 1);
  try {
    std::cout << measured(settings).text();
    return 0;
  } catch (const std::exception& failure) {
    std::cerr << "bench: " << failure.what() << '\n';
    return 1;
  }
}
