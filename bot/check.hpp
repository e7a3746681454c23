#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>

#include "bot/base/problem.hpp"
#include "bot/config/config.hpp"
#include "bot/texts/content.hpp"

namespace bot {

/// What only shows when configuration, words and lessons are looked at together.
Problems check_together(const Config& config, const Content& content);

/// `xueban check`: everything that people edit, every problem as `file:line: what — what to do`, and a last
/// line with the counts. Returns the exit code: 0 without errors.
int run_check(const std::optional<std::filesystem::path>& config,
              const std::optional<std::filesystem::path>& content, std::ostream& out);

}  // namespace bot
