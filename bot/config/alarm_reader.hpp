#pragma once

#include <chrono>
#include <filesystem>
#include <vector>

#include "bot/config/config.hpp"
#include "bot/config/toml_reader.hpp"
#include "bot/desk/alarm.hpp"

/// The `[[alarm]]` tables of xueban.toml and the key `alarm_after`.
namespace bot {

/// The keys of an alarm. A webhook is an address that nobody may read; it counts as a secret (reliability
/// X9).
TomlKeys<AlarmRoute> alarm_keys(const std::filesystem::path& file, const Environment& environment);

/// Reads every item of the list. Each names exactly one of `account`, `webhook` and `command`. Adds a line
/// "alarm.N" for the N-th, from 0.
std::vector<AlarmRoute> read_alarms(const TomlValue& list, const std::filesystem::path& file,
                                    const Environment& environment, KeyLines& lines);

/// How long an account may be down before that is told: a second to five minutes.
TomlForm<std::chrono::milliseconds> alarm_after_form();

/// Alarms through accounts that do not exist, or to people whom an account cannot write to, are errors.
/// Accounts must have been read.
void check_alarms(const Config& config, Problems& problems);

/// One warning for all accounts whose death nobody would be told of: also of webhooks, whose robot can be
/// removed. Not part of reading: a configuration
/// without alarms is a whole one.
Problems unwatched_accounts(const Config& config);

}  // namespace bot
