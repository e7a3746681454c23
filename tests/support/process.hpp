#pragma once

#include <signal.h>
#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace support {

/// A child process whose output is kept. Killed and reaped by the destructor.
class Process {
 public:
  Process(std::vector<std::string> arguments, std::map<std::string, std::string> environment);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// SIGKILL, and waits until it is gone.
  void kill_now();
  /// SIGTERM or another signal, and waits for the exit code; 128 + the signal when a signal ended it.
  int stop(int signal = SIGTERM);
  /// Waits until it has ended by itself, and returns as stop() does; -1 when it is silent for twenty seconds.
  int wait_for_end();
  pid_t id() const noexcept { return id_; }
  /// Standard output and error so far.
  const std::string& output();
  /// Returns as soon as the output contains `part`; false after twenty seconds or at its end.
  bool wait_for_output(const std::string& part);

 private:
  int wait();
  /// Takes what the pipe has; waits for something if `patience_ms` is above 0. False at the end or in vain.
  bool read_more(int patience_ms);
  bool at_end_ = false;

  pid_t id_ = -1;
  int pipe_ = -1;
  std::string output_;
};

}  // namespace support
