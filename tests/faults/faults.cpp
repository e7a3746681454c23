// The open cases of reliability C.2, against the real program: prints each case's id and verdict.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/base/log.hpp"
#include "tests/faults/case.hpp"
#include "tests/faults/rig.hpp"

namespace {

using faults::Case;
using faults::Cases;

struct Wanted {
  std::vector<std::string> only{};
  bool brief = false;
  bool list = false;
  std::size_t rounds = faults::Effort{}.rounds;

  bool takes(const Case& each) const {
    if (!only.empty()) return std::ranges::count(only, each.id) > 0;
    return !brief || each.brief;
  }
};

struct Tally {
  int passed = 0;
  int failed = 0;
  int not_here = 0;
};

Cases all_cases() {
  Cases all;
  for (const auto& part : {faults::kill_cases, faults::sweep_cases, faults::platform_cases,
                           faults::network_cases, faults::frame_cases, faults::storage_cases,
                           faults::time_cases, faults::guard_cases, faults::postgres_cases}) {
    const Cases more = part();
    all.insert(all.end(), more.begin(), more.end());
  }
  std::ranges::sort(all, {}, [](const Case& each) {
    static const std::string order = "KQNSTFXW";
    return fmt::format("{}{}", order.find(each.id.front()), each.id);
  });
  return all;
}

std::string one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

std::string verdict(const Case& each, const faults::Effort& effort, Tally& tally) {
  try {
    const std::string more = each.run(effort);
    ++tally.passed;
    return "passed" + (more.empty() ? std::string() : ": " + more);
  } catch (const faults::NotHere& why) {
    ++tally.not_here;
    return std::string("not here: ") + why.what();
  } catch (const std::exception& why) {
    ++tally.failed;
    return "FAILED " + one_line(why.what());
  }
}

int run(const Wanted& wanted) {
  const bot::SystemClock clock;
  Tally tally;
  for (const Case& each : all_cases()) {
    if (!wanted.takes(each)) continue;
    std::cout << fmt::format("{}  {} \u2026 ", each.id, each.title) << std::flush;
    const bot::SteadyTime begin = clock.steady();
    const std::string line = verdict(each, {wanted.rounds, wanted.brief}, tally);
    const std::chrono::duration<double> took = clock.steady() - begin;
    std::cout << fmt::format("{} ({:.1f} s)", line, took.count()) << std::endl;
  }
  if (tally.not_here > 0) std::cout << fmt::format("{} not here\n", tally.not_here);
  std::cout << fmt::format("{} passed, {} failed", tally.passed, tally.failed) << std::endl;
  return tally.failed == 0 ? 0 : 1;
}

void list() {
  for (const Case& each : all_cases()) {
    std::cout << fmt::format("{} {} {}\n", each.id, each.brief ? "short" : "     ", each.title);
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program{"The fault cases of reliability C.2"};
  Wanted wanted;
  program.add_option("--only", wanted.only, "ids, such as K03,Q01")->delimiter(',');
  program.add_flag("--short", wanted.brief, "the selection that tests/run runs");
  program.add_flag("--list", wanted.list, "ids and titles");
  program.add_option("--rounds", wanted.rounds, "kills of the kill loop")->capture_default_str();
  program.add_flag("--log", faults::Rig::talkative, "print the program's output when a case fails");
  CLI11_PARSE(program, argc, argv);
  bot::log::to_nowhere();
  if (wanted.list) {
    list();
    return 0;
  }
  return run(wanted);
}
