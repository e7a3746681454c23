#pragma once

#include "bot/config/config.hpp"
#include "bot/config/toml_reader.hpp"

/// `[metrics]`.
namespace bot {

/// The keys of the table; the port is 1 to 65535, or "off".
const TomlKeys<Config>& metrics_keys();

/// Reads the table `[metrics]`.
KeyLines read_metrics(const TomlValue& table, Config& into);

}  // namespace bot
