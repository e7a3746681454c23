#pragma once

#include <filesystem>

#include "bot/config/config.hpp"
#include "bot/config/toml_reader.hpp"

namespace bot {

/// The key `database` of xueban.toml: "sqlite", or where the connection string of a PostgreSQL stands, as
/// read_secret() takes it. An empty Secret is SQLite. A string that holds no password may stand in the file.
TomlForm<Secret> database_form(const std::filesystem::path& file, const Environment& environment);

}  // namespace bot
