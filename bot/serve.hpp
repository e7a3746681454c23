#pragma once

#include <filesystem>

#include "bot/config/config.hpp"

namespace bot {

/// `xueban run`: serves the configured accounts until SIGINT or SIGTERM. Returns the exit code: 0 after an
/// orderly stop, 1 when the schedules are wrong or the database could no longer be trusted. Throws
/// std::runtime_error, with a sentence for the operator, when it cannot start.
int run_service(const Config& config, const std::filesystem::path& content);

}  // namespace bot
