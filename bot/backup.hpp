#pragma once

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <vector>

#include "bot/config/config.hpp"

namespace bot {

std::filesystem::path backup_folder(const std::filesystem::path& data);

/// The backups of a folder, the oldest first; files with other names are not among them.
std::vector<std::filesystem::path> stored_backups(const std::filesystem::path& folder);

/// Copies a database, which may be in use, and tries a restore: the copy passes SQLite's full check, has the
/// same steps of every table and as many rows in each as the original had at that moment. Throws
/// std::runtime_error, with a sentence for the operator, when it does not; `to` may then exist.
void copy_verified(const std::filesystem::path& from, const std::filesystem::path& to);

struct BackupOrder {
  std::optional<std::filesystem::path> to{};  ///< absent: `backups/xueban-2026-11-24T0800.db` in the data
  std::size_t keep = 14;                      ///< so many stay there; a file that `to` names deletes none
};

/// `xueban backup`: a verified copy of the database while the service runs, whole or absent. Prints a line
/// with file and size and returns the exit code; throws std::runtime_error with a sentence for the operator.
int run_backup(const Config& config, const BackupOrder& order, std::ostream& out,
               Instant now = SystemClock().now());

/// "3.4 MB"
std::string shown_size(const std::filesystem::path& file);

}  // namespace bot
