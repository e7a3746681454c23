#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace bench {

/// The program under test; killed when this ends.
class Child {
 public:
  /// What it prints goes to `log`.
  Child(std::vector<std::string> command, const std::filesystem::path& log);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// What its threads have spent so far.
  std::chrono::nanoseconds cpu() const;
  /// A value of /proc/PID/status, such as "VmHWM", in MiB.
  double mebibytes(const std::string& name) const;

 private:
  std::filesystem::path proc() const;

  pid_t pid_;
};

/// A folder that goes when this ends: settings without limits, data, and what the program prints.
class Home {
 public:
  Home(const std::filesystem::path& below, const std::string& url);
  ~Home();
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

  const std::filesystem::path& folder() const noexcept { return folder_; }
  std::filesystem::path config() const { return folder_ / "config" / "xueban.toml"; }
  std::filesystem::path log() const { return folder_ / "log"; }
  /// A copy of the content with verbs for the hundred commands of xueban_crowded.
  std::filesystem::path crowded_content(const std::filesystem::path& content) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace bench
