#pragma once

#include <filesystem>
#include <string_view>

#include "bot/config/config.hpp"
#include "bot/config/toml_reader.hpp"

/// The files in `config/groups/`, one group each, and `default.toml`, which all others inherit from.
namespace bot {

/// The keys of a group file. Those of default.toml are the same without `name`, `account` and `chat`. A push
/// in the limits' quiet hours is a warning.
TomlKeys<GroupProfile> group_keys();
/// The keys of a `[[push]]` table.
TomlKeys<Push> push_keys();

/// Reads default.toml: what it leaves out is as in built_in_group(). Replaces config.groups.
void read_default_group(std::string_view text, const std::filesystem::path& file, Config& config,
                        Problems& problems);

/// Reads the file of one group into config.groups: what it leaves out is inherited from the default one, the
/// list of `[[push]]` as a whole. Its account is one of config.accounts; of a webhook `chat` may be left out,
/// and is then the account's name.
void read_group(std::string_view text, const std::filesystem::path& file, Config& config, Problems& problems);

/// Reads every `*.toml` of the folder by name, default.toml first. A folder that is absent holds no file.
void read_groups(const std::filesystem::path& folder, Config& config, Problems& problems);

/// Reports a language for which the content has no words and names the nearest. Says nothing when the folder
/// of the content is not known.
void check_language(const Config& config, const std::string& language, const std::string& file,
                    Problems& problems);

}  // namespace bot
