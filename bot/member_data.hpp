#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

#include "bot/base/instant.hpp"
#include "bot/config/config.hpp"

/// What an operator does for a member who asks. A member is "account:user id", such as "qq:10001".
namespace bot {

/// `xueban export --member`: everything that the database holds about the person, as JSON, to the file or to
/// `out`; also while the service runs. Returns the exit code; throws std::runtime_error with a sentence.
int run_export_member(const Config& config, const std::string& member,
                      const std::optional<std::filesystem::path>& file, std::ostream& out,
                      Instant now = SystemClock().now());

/// `xueban erase --member`: what 忘记我 does; refused while a service runs. Without `sure` it says what will
/// go and reads "yes" from `answers`. Throws std::runtime_error with a sentence.
int run_erase_member(const Config& config, const std::string& member, bool sure, std::istream& answers,
                     std::ostream& out, Instant now = SystemClock().now());

}  // namespace bot
