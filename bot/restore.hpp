#pragma once

#include <filesystem>
#include <iosfwd>

#include "bot/config/config.hpp"

namespace bot {

/// `xueban restore FILE`: puts a backup in the place of the database, which is kept aside under a dated name.
/// Refused while a service runs, and before anything is changed when the backup is damaged or newer than this
/// program. What the restored database meant to send may have been sent since the backup was made, so pushes
/// are held until an admin confirms (reliability S5). A kill leaves the old database or the new one.
/// Returns the exit code; throws std::runtime_error with a sentence for the operator.
int run_restore(const Config& config, const std::filesystem::path& file, std::ostream& out,
                Instant now = SystemClock().now());

/// Finishes what a restore had begun when it was killed, and removes what it had not decided. Only while the
/// lock of the folder is held. Returns where the previous database went; empty when there was none, or
/// nothing to finish.
std::filesystem::path finish_restore(const std::filesystem::path& data);

}  // namespace bot
