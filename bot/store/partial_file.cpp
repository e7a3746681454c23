#include "bot/store/partial_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

namespace bot {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kEnding = ".partial";

[[noreturn]] void fail(const fs::path& file, int error) {
  throw std::system_error(error, std::generic_category(), file.string());
}

/// Without a folder in front, a name lies in the current one.
fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

}  // namespace

void sync_to_disk(const fs::path& file_or_folder) {
  const int file = open(file_or_folder.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail(file_or_folder, errno);
  const int error = fsync(file) == 0 ? 0 : errno;
  close(file);
  if (error != 0) fail(file_or_folder, error);
}

void rename_durably(const fs::path& from, const fs::path& to) {
  if (rename(from.c_str(), to.c_str()) != 0) fail(to, errno);
  sync_to_disk(folder_of(to));
}

PartialFile::PartialFile(const fs::path& meant_for)
    : path_(folder_of(meant_for) /
            ("." + meant_for.filename().string() + "." + std::to_string(getpid()) + std::string(kEnding))) {
  remove();
}

PartialFile::~PartialFile() {
  remove();
}

void PartialFile::remove() noexcept {
  std::error_code ignored;
  for (const char* companion : {"", "-journal", "-wal", "-shm"})
    fs::remove(path_.string() + companion, ignored);
}

void PartialFile::move_to(const fs::path& place) {
  sync_to_disk(path_);
  rename_durably(path_, place);
}

void PartialFile::remove_leftovers(const fs::path& folder, std::string_view beginning) {
  std::vector<fs::path> leftovers;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool meant = name.starts_with("." + std::string(beginning));
    if (meant && name.find(kEnding) != std::string::npos) leftovers.push_back(entry.path());
  }
  std::error_code ignored;
  for (const fs::path& file : leftovers) fs::remove(file, ignored);
}

}  // namespace bot
