#pragma once

#include <filesystem>
#include <iosfwd>

#include "bot/config/config.hpp"

namespace bot {

/// `xueban calendar --out FOLDER --days N`: one iCalendar file for each group that has a file or that the
/// database knows, `<account>-<chat>.ics`, with every push that the group will get in these days. A phone
/// that subscribes to the file shows them. What is for one person, or said in private, is in no file.
///
/// A file is replaced whole or not at all; files of groups that are gone stay as they are. Prints one line
/// per file and returns the exit code; throws std::runtime_error, with a sentence for the operator, when the
/// folder cannot be written.
int run_calendar(const Config& config, const std::filesystem::path& content,
                 const std::filesystem::path& folder, int days, std::ostream& out,
                 Instant now = SystemClock().now());

}  // namespace bot
