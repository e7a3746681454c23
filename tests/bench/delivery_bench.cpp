// What is typed, from the inbox to the disk, without a network: the desk with all features, the shipped
// content and a SQLite file with full sync on a real disk. Latency runs from when a message was due until the
// commit that holds its effect has returned, so a desk that falls behind cannot hide it. Absolute figures are
// of this machine and its disk; the ratios come from runs in turns.
#include <fmt/format.h>
#include <sys/prctl.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include "bot/base/log.hpp"
#include "bot/desk/merging.hpp"
#include "bot/desk/outbox_rows.hpp"
#include "tests/bench/desk_rig.hpp"
#include "tests/bench/resident.hpp"
#include "tests/bench/stream.hpp"
#include "tests/bench/table.hpp"

namespace {

namespace fs = std::filesystem;
using bench::DeskRig;
using bench::Flow;
using bench::Stream;
using bench::Table;
using bench::typed;
using Wall = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t kGroups = 200;
constexpr std::uint64_t kFirstGroup = 900'000;
constexpr std::uint64_t kFirstMember = 30'000'000;
constexpr std::uint64_t kPlainBatch = 50;
constexpr auto kLongestSilence = seconds(30);

struct Settings {
  fs::path folder = fs::current_path();
  std::vector<std::string> parts{};
  int rounds = 3;
  std::uint64_t checkins = 20'000;
  int load_seconds = 30;
  int window_seconds = 10;

  bool wants(const std::string& part) const { return parts.empty() || std::ranges::count(parts, part) > 0; }
};

void say(const std::string& what) {
  std::cerr << "... " << what << '\n';
}

double seconds_since(Wall::time_point begin) {
  return std::chrono::duration<double>(Wall::now() - begin).count();
}

/// Nothing is held back and every answer leaves: more rows are written than with the limits as shipped.
bot::Limits lifted() {
  bot::Limits limits;
  limits.cooldown = limits.repeat = limits.same_answer = limits.jitter = std::nullopt;
  limits.per_member = limits.two_bots = limits.per_group = limits.per_account = std::nullopt;
  limits.in_flight = limits.failures = std::nullopt;
  limits.merge_window = std::nullopt;
  return limits;
}

/// "已学" by a member who has not said it yet.
bot::Event checkin(std::uint64_t number) {
  return typed(kFirstGroup + number % kGroups, kFirstMember + number, std::to_string(number), "已学");
}

/// What became of a flow.
struct Passed {
  std::vector<double> ms{};  ///< latencies, ascending
  double most_mib = 0;

  double percentile(std::size_t percent) const { return ms.at((ms.size() - 1) * percent / 100); }
};

/// Works until all of the flow is on the disk; messages whose ids are no numbers are not the flow's.
Passed pass(DeskRig& rig, const Flow& flow) {
  Passed passed;
  auto heard = Wall::now();
  while (passed.ms.size() < flow.count) {
    const std::vector<std::string> ids = rig.work(Wall::now() + seconds(1));
    const auto now = Wall::now();
    for (const std::string& id : ids) {
      std::uint64_t number = 0;
      if (std::from_chars(id.data(), id.data() + id.size(), number).ec != std::errc()) continue;
      passed.ms.push_back(std::chrono::duration<double, std::milli>(now - flow.due(number)).count());
      heard = now;
    }
    if (now - heard > kLongestSilence) throw std::runtime_error("messages were lost");
    passed.most_mib = std::max(passed.most_mib, bench::resident_mib());
  }
  std::ranges::sort(passed.ms);
  return passed;
}

// ---- check-ins ------------------------------------------------------------------------------------------

/// Check-ins per second that are on the disk; throws when a row is missing.
double checkin_speed(const Settings& settings, const bot::Limits& limits) {
  DeskRig rig(settings.folder, limits);
  const Flow flow{0, settings.checkins, Wall::now(), checkin};
  const Stream stream(flow, rig.inbox());
  pass(rig, flow);
  const double speed = static_cast<double>(settings.checkins) / seconds_since(flow.begin);
  const auto rows = static_cast<std::uint64_t>(rig.rows("lesson_done"));
  if (rows != settings.checkins) throw std::runtime_error(fmt::format("{} rows of {}", rows, flow.count));
  return speed;
}

/// The rows that a check-in adds, written without a desk: its answer is one that is told together with
/// others, where those are collected.
void insert_plainly(bot::sql::Db& db, bot::Merging& merging, std::uint64_t number) {
  const bot::Instant now = bot::SystemClock().now();
  const std::string group = std::to_string(kFirstGroup + number % kGroups);
  const std::string member = std::to_string(kFirstMember + number);
  db.execute("INSERT INTO inbox (event_key, command, at) VALUES ($1, $2, $3)",
             {fmt::format("{}|qq|{}|{}|{}||0123456789abcdef", bot::in_ms(now), group, member, number),
              "lesson.done", bot::in_ms(now)});
  db.execute(
      "INSERT INTO lesson_done (account, chat, lesson, member, name, day, late, at) VALUES ('qq', $1, 1, $2, "
      "$2, '2026-03-02', 0, $3)",
      {group, member, bot::in_ms(now)});
  const bot::Address where{"qq", group, false};
  if (merging.on()) return merging.add(db, {where, "lesson.done.merged", "L1"}, {member, member}, now);
  bot::Delivery answer(where, bot::Message(fmt::format("✔ m{} 已学 L1，第 1 位", member)));
  answer.kind = "lesson.done";
  answer.subject = "L1";
  bot::outbox_rows::insert(db, answer, now);
}

double plain_speed(const Settings& settings, const bot::Limits& limits) {
  DeskRig rig(settings.folder, limits);
  bot::Merging merging(limits);
  const auto begin = Wall::now();
  for (std::uint64_t number = 0; number < settings.checkins;) {
    bot::sql::Transaction transaction(rig.db());
    const std::uint64_t end = std::min(number + kPlainBatch, settings.checkins);
    for (; number < end; ++number) insert_plainly(rig.db(), merging, number);
    transaction.commit();
  }
  return static_cast<double>(settings.checkins) / seconds_since(begin);
}

void measure_checkins(const Settings& settings, Table& table) {
  double plain = 0;
  double shipped = 0;
  double plain_answered = 0;
  double answered = 0;
  for (int round = 0; round < settings.rounds; ++round) {
    say("check-ins");
    plain = std::max(plain, plain_speed(settings, bot::Limits()));
    shipped = std::max(shipped, checkin_speed(settings, bot::Limits()));
    plain_answered = std::max(plain_answered, plain_speed(settings, lifted()));
    answered = std::max(answered, checkin_speed(settings, lifted()));
  }
  const auto line = [&](const char* what, double speed, double beside) {
    table.judge(what, fmt::format("{:.0f}/s", speed), fmt::format("{:.0f}/s", beside),
                fmt::format("{:.2f}x", speed / beside), ">= 5,000/s", speed >= 5000);
  };
  line("durable check-ins, beside plain commits of 50", shipped, plain);
  line("  the same with every limit lifted", answered, plain_answered);
}

// ---- 2,000 a second -------------------------------------------------------------------------------------

void measure_load(const Settings& settings, const char* what, const bot::Limits& limits, Table& table) {
  constexpr int kPerSecond = 2000;
  say(what);
  DeskRig rig(settings.folder, limits);
  const double before = bench::resident_mib();
  const auto count = static_cast<std::uint64_t>(kPerSecond * settings.load_seconds);
  const Flow flow{kPerSecond, count, Wall::now() + milliseconds(100), checkin};
  const Stream stream(flow, rig.inbox());
  const Passed passed = pass(rig, flow);
  const double p99 = passed.percentile(99);
  const bool all = static_cast<std::uint64_t>(rig.rows("lesson_done")) == count;
  table.judge(fmt::format("{}, {} s: due to durable, p99", what, settings.load_seconds),
              fmt::format("{:.1f} ms", p99), "", "", "<= 2 s", p99 <= 2000 && all);
  table.note("  p50; longest", fmt::format("{:.1f}; {:.1f} ms", passed.percentile(50), passed.ms.back()));
  table.note("  offers refused; answers that left",
             fmt::format("{}; {}", rig.inbox().load().refused, rig.platform().taken()));
  table.judge("  memory at most; before and after", fmt::format("{:.0f} MiB", passed.most_mib),
              fmt::format("{:.0f}, {:.0f} MiB", before, bench::resident_mib()), "", "<= 256",
              passed.most_mib <= 256);
}

// ---- one member's flood ---------------------------------------------------------------------------------

constexpr int kSpeakers = 20;

/// Each second one member of each of twenty groups: by turns a check-in and a command that only reads, and
/// nobody speaks often enough to be ignored.
bot::Event ordinary(std::uint64_t round, std::uint64_t number) {
  const std::uint64_t group = kFirstGroup + number % kSpeakers;
  const bool reads = (number / kSpeakers) % 2 == 1;
  const std::uint64_t member = kFirstMember + round * 1'000'000 + number;
  return typed(group, member, std::to_string(number), reads ? fmt::format("ping {}", number) : "已学");
}

/// The same member all the time, in the first of those groups.
bot::Event flooded(std::uint64_t round, std::uint64_t number) {
  const std::string text = number % 2 == 0 ? fmt::format("ping {}", number) : "今天的会几点开始，有人知道吗";
  return typed(kFirstGroup, kFirstMember - 1, fmt::format("flood {} {}", round, number), text);
}

void measure_window(const Settings& settings, DeskRig& rig, std::uint64_t round, bool flood,
                    std::vector<double>& ms) {
  constexpr int kFlood = 500;
  const auto begin = Wall::now() + milliseconds(200);
  const auto length = static_cast<std::uint64_t>(settings.window_seconds);
  const Flow others{kSpeakers, kSpeakers * length, begin,
                    [round](std::uint64_t number) { return ordinary(round, number); }};
  const Flow one{kFlood, flood ? kFlood * length : 0, begin,
                 [round](std::uint64_t number) { return flooded(round, number); }};
  const Stream flooding(one, rig.inbox());
  const Stream speaking(others, rig.inbox());
  const Passed passed = pass(rig, others);
  ms.insert(ms.end(), passed.ms.begin(), passed.ms.end());
}

void measure_flood(const Settings& settings, Table& table) {
  DeskRig rig(settings.folder, bot::Limits());
  std::vector<double> with;
  std::vector<double> without;
  for (int round = 0; round < 2 * settings.rounds; ++round) {
    const auto number = static_cast<std::uint64_t>(round);
    say("a flood");
    measure_window(settings, rig, 2 * number, false, without);
    measure_window(settings, rig, 2 * number + 1, true, with);
  }
  std::ranges::sort(with);
  std::ranges::sort(without);
  const auto line = [&](const char* what, std::size_t percent) {
    const double flood = Passed{with}.percentile(percent);
    const double calm = Passed{without}.percentile(percent);
    table.judge(what, fmt::format("{:.2f} ms", flood), fmt::format("{:.2f} ms", calm),
                fmt::format("{:.2f}x", flood / calm), "<= 1.2x", flood <= 1.2 * calm);
  };
  table.note("one floods with 500/s: the others, p50", fmt::format("{:.2f} ms", Passed{with}.percentile(50)),
             fmt::format("{:.2f} ms", Passed{without}.percentile(50)));
  line("  p99, beside the same without the flood", 99);
}

Table measured(const Settings& settings) {
  Table table;
  if (settings.wants("checkins")) measure_checkins(settings, table);
  if (settings.wants("load")) {
    measure_load(settings, "2,000 check-ins a second", bot::Limits(), table);
    measure_load(settings, "2,000/s, limits lifted", lifted(), table);
  }
  if (settings.wants("flood")) measure_flood(settings, table);
  return table;
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App program{"Measures the way from the inbox to the disk"};
  program.add_option("--folder", settings.folder, "where the data are written: on the disk that counts");
  program.add_option("--part", settings.parts, "checkins, load, flood; default: all");
  program.add_option("--rounds", settings.rounds)->check(CLI::Range(1, 100));
  program.add_option("--checkins", settings.checkins, "of each round");
  program.add_option("--load-seconds", settings.load_seconds)->check(CLI::Range(1, 600));
  program.add_option("--window-seconds", settings.window_seconds, "with and without the flood")
      ->check(CLI::Range(1, 600));
  CLI11_PARSE(program, argc, argv);
  prctl(PR_SET_TIMERSLACK, 1);
  bot::log::to_nowhere();
  try {
    std::cout << measured(settings).text();
    return 0;
  } catch (const std::exception& failure) {
    std::cerr << "delivery_bench: " << failure.what() << '\n';
    return 1;
  }
}
