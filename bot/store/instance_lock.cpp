#include "bot/store/instance_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <stdexcept>
#include <string>
#include <system_error>

#include "bot/base/utf8.hpp"

namespace bot {

namespace {

constexpr const char* kName = "xueban.lock";

[[noreturn]] void refuse(const std::filesystem::path& folder, int error) {
  throw std::runtime_error(
      fmt::format("the data folder {} cannot be written: {} \u2014 make room or give this account the right "
                  "to write there, or set `data` to another folder",
                  folder.string(), std::generic_category().message(error)));
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) refuse(folder, error.value());
}

/// "process 4711 on host pc"
std::string own_name() {
  std::array<char, HOST_NAME_MAX + 1> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return fmt::format("process {} on host {}", getpid(), host.data());
}

/// What the holder wrote; empty when it has not come to that yet.
std::string holder(int file) {
  std::array<char, 512> bytes{};
  const ssize_t count = pread(file, bytes.data(), bytes.size(), 0);
  const std::string text(bytes.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  return utf8::escaped(text.substr(0, text.find('\n')));
}

[[noreturn]] void refuse_second(const std::filesystem::path& folder, const std::string& holder) {
  throw InstanceLock::Held(
      fmt::format("another xueban{} works on the data folder {} \u2014 stop that one first, or set `data` to "
                  "a folder of its own",
                  holder.empty() ? "" : " (" + holder + ")", folder.string()));
}

/// 0, or the errno. A full disk shows here already, before anything else is touched.
int write_holder(int file) {
  const std::string text = own_name() + "\n";
  if (pwrite(file, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) return errno;
  return ftruncate(file, static_cast<off_t>(text.size())) == 0 ? 0 : errno;
}

}  // namespace

InstanceLock::InstanceLock(const std::filesystem::path& folder) {
  make_folder(folder);
  file_ = open((folder / kName).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file_ < 0) refuse(folder, errno);
  if (flock(file_, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    const std::string other = holder(file_);
    close(file_);
    if (error != EWOULDBLOCK) refuse(folder, error);
    refuse_second(folder, other);
  }
  if (const int error = write_holder(file_); error != 0) {
    close(file_);
    refuse(folder, error);
  }
}

std::optional<std::string> InstanceLock::holder_of(const std::filesystem::path& folder) {
  const int file = open((folder / kName).c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  const bool held = flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  const std::string name = held ? holder(file) : "";
  close(file);
  return held ? std::optional(name) : std::nullopt;
}

InstanceLock::~InstanceLock() {
  close(file_);
}

}  // namespace bot
