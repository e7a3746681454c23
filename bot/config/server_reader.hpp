#pragma once

#include "bot/config/config.hpp"
#include "bot/config/toml_reader.hpp"

/// `[server]`: where platforms dial us.
namespace bot {

const TomlKeys<Config>& server_keys();

/// Reads the table `[server]`.
KeyLines read_server(const TomlValue& table, Config& into);

}  // namespace bot
