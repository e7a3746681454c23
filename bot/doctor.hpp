#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>

#include "bot/base/instant.hpp"

namespace bot {

/// `xueban doctor`: looks at everything that the service needs, from the configuration to the accounts, which
/// it visits as the service does, and prints a line for each: verdict, what it found, what to do. Changes
/// nothing, and may run beside the service. Returns the exit code: 0 when nothing failed.
int run_doctor(const std::filesystem::path& config, const std::optional<std::filesystem::path>& content,
               std::ostream& out, const Clock& clock = SystemClock());

}  // namespace bot
