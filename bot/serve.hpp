#pragma once

#include <filesystem>

#include "bot/config/config.hpp"

namespace bot {

/// `xueban run`: serves the configured accounts until SIGINT or SIGTERM. Returns the exit code: 0 after an
/// orderly stop, 1 when it could not start or the database could no longer be trusted.
int run_service(const Config& config, const std::filesystem::path& content);

}  // namespace bot
