#pragma once

#include <filesystem>
#include <iosfwd>
#include <memory>
#include <optional>

#include "bot/base/problem.hpp"
#include "bot/config/config.hpp"
#include "bot/texts/content.hpp"

namespace bot {

/// What only shows when configuration, words and lessons are looked at together.
Problems check_together(const Config& config, const Content& content);

/// What is wrong with the calendar and with the times of pushes, and the days off that are not announced yet.
Problems check_schedules(const Config& config, std::shared_ptr<const Content> content);

/// `xueban check`: everything that people edit, every problem as `file:line: what — what to do`, and a last
/// line with the counts. Returns the exit code: 0 without errors.
int run_check(const std::optional<std::filesystem::path>& config,
              const std::optional<std::filesystem::path>& content, std::ostream& out);

}  // namespace bot
