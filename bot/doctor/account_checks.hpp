#pragma once

#include "bot/base/instant.hpp"
#include "bot/config/config.hpp"
#include "bot/doctor/report.hpp"

namespace bot {

/// Visits each account's platform, one after the other, ten seconds each at most.
void check_accounts(const Config& config, const Clock& clock, Report& report);

}  // namespace bot
