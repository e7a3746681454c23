#pragma once

#include "bot/config/config.hpp"
#include "bot/doctor/report.hpp"

namespace bot {

/// An account of the platform "wecom-robot". A long connection is opened but not logged in to, because that
/// would end the one of a service that runs.
void check_wecom(const Config& config, const AccountConfig& account, Report& report);

}  // namespace bot
