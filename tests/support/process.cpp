#include "tests/support/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace support {

namespace {

constexpr int kPatienceMs = 20'000;

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& added) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!added.contains(text.substr(0, text.find('=')))) all.push_back(text);
  }
  for (const auto& [name, value] : added) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

Process::Process(std::vector<std::string> arguments, std::map<std::string, std::string> environment) {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  pipe_ = ends[0];
  fcntl(pipe_, F_SETFL, O_NONBLOCK);
  std::vector<std::string> variables = merged_environment(environment);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, ends[1], STDERR_FILENO);
  const int failure = posix_spawn(&id_, arguments.front().c_str(), &files, nullptr,
                                  pointers(arguments).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&files);
  ::close(ends[1]);
  if (failure != 0) throw std::runtime_error("cannot start " + arguments.front());
}

Process::~Process() {
  kill_now();
  ::close(pipe_);
}

int Process::wait() {
  int status = 0;
  waitpid(id_, &status, 0);
  id_ = -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void Process::kill_now() {
  if (id_ < 0) return;
  kill(id_, SIGKILL);
  wait();
}

int Process::stop(int signal) {
  if (id_ < 0) return -1;
  kill(id_, signal);
  return wait();
}

int Process::wait_for_end() {
  if (id_ < 0) return -1;
  while (read_more(kPatienceMs)) {
  }
  return at_end_ ? wait() : -1;
}

bool Process::read_more(int patience_ms) {
  pollfd waiting{pipe_, POLLIN, 0};
  if (poll(&waiting, 1, patience_ms) <= 0) return false;
  char bytes[4096];
  const ssize_t count = read(pipe_, bytes, sizeof bytes);
  if (count > 0) output_.append(bytes, static_cast<std::size_t>(count));
  at_end_ = at_end_ || count == 0;
  return count > 0;
}

const std::string& Process::output() {
  while (read_more(0)) {
  }
  return output_;
}

bool Process::wait_for_output(const std::string& part) {
  while (output_.find(part) == std::string::npos) {
    if (!read_more(kPatienceMs)) return false;
  }
  return true;
}

}  // namespace support
