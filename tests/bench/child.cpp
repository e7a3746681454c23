#include "tests/bench/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace bench {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 25> kLimits = {
    "cooldown",    "repeat",     "per_member",   "ignore",      "two_bots",    "per_group",    "per_account",
    "reserve",     "jitter",     "in_flight",    "failures",    "pause",       "unasked_hour", "unasked_day",
    "quiet_hours", "noon_quiet", "merge_window", "merge_names", "same_answer", "hint",         "backlog",
    "late_reply",  "length",     "lines",        "mentions"};

[[noreturn]] void become(std::vector<std::string>& command, const fs::path& log) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  dup2(out, STDOUT_FILENO);
  dup2(out, STDERR_FILENO);
  std::vector<char*> words;
  for (std::string& word : command) words.push_back(word.data());
  words.push_back(nullptr);
  execv(words.front(), words.data());
  _exit(127);
}

void write_file(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream out(file);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

std::string settings(const std::string& url) {
  std::string text = fmt::format(
      "data = \"../data\"\n[[account]]\nname = \"qq\"\nplatform = \"onebot11\"\nurl = \"{}\"\n[limits]\n",
      url);
  for (const std::string_view limit : kLimits) text += fmt::format("{} = \"off\"\n", limit);
  return text;
}

}  // namespace

Child::Child(std::vector<std::string> command, const fs::path& log) : pid_(fork()) {
  if (pid_ == 0) become(command, log);
  if (pid_ < 0) throw std::runtime_error("no process for " + command.front());
}

Child::~Child() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

fs::path Child::proc() const {
  return fs::path("/proc") / std::to_string(pid_);
}

std::chrono::nanoseconds Child::cpu() const {
  std::int64_t sum = 0;
  for (const auto& thread : fs::directory_iterator(proc() / "task")) {
    std::int64_t spent = 0;
    std::ifstream(thread.path() / "schedstat") >> spent;
    sum += spent;
  }
  if (sum == 0) throw std::runtime_error("this kernel does not say what a thread has spent");
  return std::chrono::nanoseconds(sum);
}

double Child::mebibytes(const std::string& name) const {
  std::ifstream status(proc() / "status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::stod(line.substr(name.size() + 1)) / 1024;
  }
  throw std::runtime_error("the program has ended");
}

Home::Home(const fs::path& below, const std::string& url) {
  std::string name = (below / "bench-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder below " + below.string());
  folder_ = name;
  write_file(config(), settings(url));
  write_file(folder_ / "config" / "groups" / "default.toml", "nicknames = [\"学伴\"]\n");
}

Home::~Home() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

fs::path Home::crowded_content(const fs::path& content) const {
  fs::path copied = folder_ / "content";
  fs::copy(content, copied, fs::copy_options::recursive);
  std::string words = "[verbs]\n";
  for (int number = 1; number <= 100; ++number) {
    words += fmt::format("\"crowd.c{0:03}\" = [\"杂项{0:03}\", \"另一个杂项{0:03}\"]\n", number);
  }
  write_file(copied / "words" / "zh-CN" / "crowd.toml", words);
  return copied;
}

}  // namespace bench
