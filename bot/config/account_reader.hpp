#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "bot/config/config.hpp"
#include "bot/config/secret_reader.hpp"
#include "bot/config/toml_reader.hpp"

/// The `[[account]]` tables of xueban.toml.
namespace bot {

/// The keys of an account. Certificate and token files count from the folder of `file`; a token that stands
/// in `file` itself is an error when others can read that file (reliability X16).
TomlKeys<AccountConfig> account_keys(const std::filesystem::path& file, const Environment& environment);

/// Reads every item of the list. An account without a name is left out; all others are kept, whatever else is
/// wrong with them, so that group files find them. Adds a line "account.NAME" for each.
std::vector<AccountConfig> read_accounts(const TomlValue& list, const std::filesystem::path& file,
                                         const Environment& environment, KeyLines& lines);

/// Of the whole address of a robot: https, or http to this machine.
SecretFault fault_of_webhook(std::string_view address);

}  // namespace bot
