#include "tests/faults/tracer.hpp"

#include <filesystem>

namespace faults {

namespace {

const char* const kStrace = "/usr/bin/strace";

std::string calls_of(const std::string& injection) {
  return injection.substr(0, injection.find(':'));
}

std::vector<std::string> options_for(const std::string& injection) {
  return {"-f", "-e", "trace=" + calls_of(injection), "-e", "inject=" + injection};
}

}  // namespace

void require_strace() {
  if (!std::filesystem::exists(kStrace)) throw NotHere("strace is not installed (apt install strace)");
  support::Process probe({kStrace, "-qq", "-o", "/dev/null", "/bin/true"}, {});
  if (probe.wait_for_end() != 0) throw NotHere("strace may not trace here");
}

std::vector<std::string> traced(const std::string& injection) {
  std::vector<std::string> words = {kStrace, "-D", "-qq", "-o", "/dev/null"};
  for (std::string& option : options_for(injection)) words.push_back(std::move(option));
  return words;
}

Tracer::Tracer(Rig& rig, const std::string& injection)
    : strace_(
          [&] {
            std::vector<std::string> words = {kStrace, "-o", "/dev/null", "-p",
                                              std::to_string(rig.process().id())};
            for (std::string& option : options_for(injection)) words.push_back(std::move(option));
            return words;
          }(),
          {}) {
  if (!strace_.wait_for_output("attached")) throw NotHere("strace cannot attach: " + strace_.output());
}

}  // namespace faults
