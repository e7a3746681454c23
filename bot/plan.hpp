#pragma once

#include <filesystem>
#include <iosfwd>

#include "bot/config/config.hpp"

namespace bot {

/// `xueban plan --days N`: what will be pushed, when and where, by playing the coming days on a copy of the
/// database with a simulated platform. Changes nothing. Printed group by group, a line for each message, with
/// a mark where two come within ten minutes of each other, and what a day has when it has more than six.
/// Returns the exit code.
int run_plan(const Config& config, const std::filesystem::path& content, int days, std::ostream& out,
             Instant now = SystemClock().now());

}  // namespace bot
