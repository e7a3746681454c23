#include "bot/command.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace bot {

namespace {

constexpr std::array<std::string_view, 8> kHarmless = {"PATH", "HOME",   "USER",     "LOGNAME",
                                                       "LANG", "LC_ALL", "LC_CTYPE", "TZ"};

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const noexcept { return number_; }

 private:
  int number_;
};

std::vector<std::string> harmless_environment() {
  std::vector<std::string> kept;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (std::ranges::find(kHarmless, text.substr(0, text.find('='))) != kHarmless.end())
      kept.emplace_back(text);
  }
  return kept;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// What posix_spawn is told.
class Start {
 public:
  explicit Start(int input) {
    posix_spawn_file_actions_init(&files_);
    posix_spawn_file_actions_adddup2(&files_, input, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&files_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes_);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
    sigaddset(&signals, SIGXFSZ);
    sigaddset(&signals, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~Start() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }
  Start(const Start&) = delete;
  Start& operator=(const Start&) = delete;

  Result<pid_t> run(std::vector<std::string> command) const {
    std::vector<std::string> environment = harmless_environment();
    pid_t id = -1;
    const int failure = posix_spawn(&id, command.front().c_str(), &files_, &attributes_,
                                    pointers(command).data(), pointers(environment).data());
    if (failure != 0) return Error{Errc::not_found, command.front() + ": " + std::strerror(failure)};
    return id;
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

// A file in memory, because a pipe to a program that does not read would block or raise SIGPIPE.
bool fill(int file, const std::string& input) {
  return file >= 0 && write(file, input.data(), input.size()) == static_cast<ssize_t>(input.size()) &&
         lseek(file, 0, SEEK_SET) == 0;
}

bool ends_within(pid_t id, Milliseconds limit) {
  const Descriptor process(static_cast<int>(syscall(SYS_pidfd_open, id, 0)));
  pollfd waiting{process.get(), POLLIN, 0};
  return poll(&waiting, 1, static_cast<int>(limit.count())) > 0;
}

}  // namespace

Result<void> run_command(const std::vector<std::string>& command, const std::string& input,
                         Milliseconds limit) {
  const Descriptor text(memfd_create("input", MFD_CLOEXEC));
  if (!fill(text.get(), input)) return Error{Errc::unknown, "no memory for the command's input"};
  const Result<pid_t> id = Start(text.get()).run(command);
  if (!id) return id.error();
  const bool ended = ends_within(*id, limit);
  if (!ended) kill(-*id, SIGKILL);
  int status = 0;
  waitpid(*id, &status, 0);
  if (!ended) return Error{Errc::closed, command.front() + " took too long and was killed"};
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  const bool signalled = WIFSIGNALED(status);
  return Error{Errc::refused, command.front() + (signalled ? " was ended by signal " : " ended with code ") +
                                  std::to_string(signalled ? WTERMSIG(status) : WEXITSTATUS(status))};
}

}  // namespace bot
