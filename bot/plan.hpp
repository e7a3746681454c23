#pragma once

#include <filesystem>
#include <iosfwd>

#include "bot/config/config.hpp"

namespace bot {

/// `xueban plan --days N`: what will be pushed, when and where, by playing the coming days on a copy of the
/// database with a simulated platform. Changes nothing. Returns the exit code.
int run_plan(const Config& config, const std::filesystem::path& content, int days, std::ostream& out);

}  // namespace bot
