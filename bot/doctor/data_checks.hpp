#pragma once

#include "bot/base/instant.hpp"
#include "bot/config/config.hpp"
#include "bot/doctor/report.hpp"

namespace bot {

/// The data folder, who works on it, its database, its backups, and whether the clock fits them. Changes
/// nothing, whether the service runs or not.
void check_data(const Config& config, Instant now, Report& report);

}  // namespace bot
