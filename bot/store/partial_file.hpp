#pragma once

#include <filesystem>
#include <string_view>

namespace bot {

/// A file that is being made under a name of its own, beside the place where it belongs: it gets there whole
/// and synced, or vanishes with the object. A kill leaves it under the partial name.
class PartialFile {
 public:
  /// Nothing is made yet; what an earlier process left under the same name is removed.
  explicit PartialFile(const std::filesystem::path& meant_for);
  ~PartialFile();
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }
  /// Syncs it and moves it over `place`, which is in the same folder. Throws std::system_error.
  void move_to(const std::filesystem::path& place);

  /// Removes what kills have left of those meant for names that begin like this. Only while nobody else can
  /// be making one.
  static void remove_leftovers(const std::filesystem::path& folder, std::string_view beginning);

 private:
  void remove() noexcept;
  std::filesystem::path path_;
};

/// Both are on the disk when they return; both throw std::system_error with the file's name.
void sync_to_disk(const std::filesystem::path& file_or_folder);
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace bot
