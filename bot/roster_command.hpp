#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

#include "bot/config/config.hpp"

namespace bot {

struct RosterImport {
  std::filesystem::path file{};
  std::string account{};  ///< of rows that name none; empty: the only one of the configuration
  std::string group{};    ///< of rows that name none, by name or chat id; empty: such people are in none
  bool dry_run = false;   ///< only says what would change
};

/// `xueban roster import FILE`: what a CSV of bot/people/roster.hpp says of people goes into the database,
/// all of it or nothing. People are told apart by account and user id; what a cell leaves empty stays as it
/// is. Every problem is printed with its row and column, then how many are new, changed, unchanged and left
/// out (rows without an id). Refused while a service runs. Returns the exit code; throws std::runtime_error
/// with a sentence for the operator.
int run_roster_import(const Config& config, const std::filesystem::path& content, const RosterImport& order,
                      std::ostream& out, Instant now = SystemClock().now());

struct RosterExport {
  std::string group{};                        ///< by name or chat id; empty: all
  std::optional<std::filesystem::path> to{};  ///< absent: standard output
};

/// `xueban roster export`: the people of the groups as `import` reads them again, for Excel. Hidden birthdays
/// are left out. Also of a running Xueban.
int run_roster_export(const Config& config, const std::filesystem::path& content, const RosterExport& order,
                      std::ostream& out, Instant now = SystemClock().now());

}  // namespace bot
