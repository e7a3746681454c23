#include "bot/doctor/wecom_checks.hpp"

#include <fmt/format.h>

#include <string>

#include "bot/platforms/wecom/callback.hpp"
#include "bot/platforms/wecom/probe.hpp"

namespace bot {

namespace {

void check_connection(const AccountConfig& account, Report& report) {
  const std::string subject = "account " + account.name;
  const WecomProbe found = probe_wecom_robot(account);
  if (found.fault) {
    return report.fail(subject, fmt::format("{}: {}", found.url, found.fault->detail),
                       "let this machine reach that address, and look at its clock and its DNS");
  }
  report.ok(subject, fmt::format("{} can be reached; not logged in, which would end the connection of a "
                                 "service that runs, so BotID and secret were not tried",
                                 found.url));
}

void check_callback(const Config& config, const AccountConfig& account, Report& report) {
  const std::string subject = "account " + account.name;
  const Result<void> usable = check_wecom_callback(account);
  if (!usable) {
    return report.fail(subject, usable.error().detail,
                       "copy the EncodingAESKey of the robot's settings again");
  }
  report.ok(subject, fmt::format("token and EncodingAESKey open what they seal; enter https://YOUR-HOST{} at "
                                 "WeCom, and let a proxy with a certificate pass it on to http://{}:{}",
                                 wecom_callback_path(account), config.server_address, config.server_port));
}

}  // namespace

void check_wecom(const Config& config, const AccountConfig& account, Report& report) {
  if (account.transport == "callback") return check_callback(config, account, report);
  check_connection(account, report);
}

}  // namespace bot
