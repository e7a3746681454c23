#include "bot/doctor.hpp"

#include <fmt/format.h>

#include "bot/app.hpp"
#include "bot/base/log.hpp"
#include "bot/check.hpp"
#include "bot/doctor/account_checks.hpp"
#include "bot/doctor/data_checks.hpp"
#include "bot/doctor/report.hpp"

namespace bot {

namespace {

std::optional<Config> checked_config(const std::filesystem::path& file, Report& report) {
  ReadConfig read = read_config(file, process_environment());
  report.problems("configuration", read.problems);
  if (!read.config) return std::nullopt;
  hide_secrets(*read.config);
  report.ok("configuration", fmt::format("{}: {}, {} with a file", file.string(),
                                         counted(read.config->accounts.size(), "account"),
                                         counted(read.config->groups.own().size(), "group")));
  return std::move(read.config);
}

/// The keys that keep a secret, and where they find it. Reading the configuration has refused files that
/// others can read.
void show_secrets(const Config& config, Report& report) {
  const auto show = [&report](const std::string& key, const Secret& secret) {
    if (!secret.empty()) report.ok("secret", fmt::format("{} from {}", key, secret.source()));
  };
  show("database", config.database);
  for (const AccountConfig& account : config.accounts) {
    show("token of " + account.name, account.token);
    show("secret of " + account.name, account.secret);
    show("webhook of " + account.name, account.webhook);
    show("key of " + account.name, account.aes_key);
  }
}

void check_clock(const Zone& zone, Instant now, Report& report) {
  const LocalTime local = zone.to_local(now);
  const std::string shown = fmt::format("{} {} in {}", iso_date(local), clock_time(local), zone.name());
  if (now < build_day()) {
    return report.fail("clock", shown + " is before this program was built",
                       "set it right, such as with: timedatectl set-ntp true");
  }
  report.ok("clock", shown);
}

void check_content(const Config& config, const std::filesystem::path& folder, Report& report) {
  Problems problems;
  const auto content = load_content(folder, problems);
  for (Problem& problem : check_together(config, *content)) problems.push_back(std::move(problem));
  report.problems("content", problems);
  if (!has_errors(problems)) {
    report.ok("content", fmt::format("{}: {} lessons, {} columns, {} languages", folder.string(),
                                     content->library.lessons(), content->library.columns().size(),
                                     content->texts.languages().size()));
  }
  const Problems in_time = check_schedules(config, content);
  report.problems("schedules", in_time);
  if (in_time.empty()) report.ok("schedules", "every time is understood, and its days off are known");
}

}  // namespace

int run_doctor(const std::filesystem::path& config_file, const std::optional<std::filesystem::path>& content,
               std::ostream& out, const Clock& clock) {
  log::to_nowhere();
  Report report(out);
  const auto config = checked_config(config_file, report);
  if (config) {
    show_secrets(*config, report);
    check_clock(config->zone, clock.now(), report);
    check_content(*config, content.value_or(content_folder(*config)), report);
    check_data(*config, clock.now(), report);
    check_accounts(*config, clock, report);
  }
  report.summary();
  if (!config) out << "the rest was not looked at: it needs a configuration without errors\n";
  return report.failed() ? 1 : 0;
}

}  // namespace bot
