#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

namespace bot {

/// That nobody else works on a folder: an exclusive flock on a file in it. The kernel drops it when the
/// process ends, however it ends, so a kill leaves nothing to clean up. The file itself stays, and names the
/// process that holds the lock, or held it last. Not the database file: closing any descriptor of that one
/// would drop SQLite's own locks.
class InstanceLock {
 public:
  /// Another process holds the lock. With a sentence for the operator.
  struct Held : std::runtime_error {
    using std::runtime_error::runtime_error;
  };

  /// Makes the folder if it is missing. Throws Held, and then has changed nothing; or std::runtime_error,
  /// with a sentence for the operator, when the folder cannot be written.
  explicit InstanceLock(const std::filesystem::path& folder);
  ~InstanceLock();

  /// Who holds the lock, such as "process 4711 on host pc"; nullopt when nobody does. Changes nothing.
  static std::optional<std::string> holder_of(const std::filesystem::path& folder);

  InstanceLock(const InstanceLock&) = delete;
  InstanceLock& operator=(const InstanceLock&) = delete;

 private:
  int file_ = -1;
};

}  // namespace bot
