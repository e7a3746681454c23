#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <iostream>
#include <optional>

#include "bot/app.hpp"
#include "bot/backup.hpp"
#include "bot/base/log.hpp"
#include "bot/calendar_export.hpp"
#include "bot/check.hpp"
#include "bot/doctor.hpp"
#include "bot/member_data.hpp"
#include "bot/plan.hpp"
#include "bot/restore.hpp"
#include "bot/roster_command.hpp"
#include "bot/sandbox.hpp"
#include "bot/serve.hpp"

namespace {

constexpr const char* kUsualConfig = "config/xueban.toml";

/// The configuration that was named, else the usual one; nullopt, with the problems on standard error, when
/// it has errors.
std::optional<bot::Config> configuration(const std::string& file) {
  bot::ReadConfig read = bot::read_config(file, bot::process_environment());
  for (const bot::Problem& problem : read.problems) std::cerr << printed(problem) << '\n';
  if (read.config) bot::hide_secrets(*read.config);
  return std::move(read.config);
}

std::optional<std::filesystem::path> optional_path(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::filesystem::path>(text);
}

struct Arguments {
  std::string config{};
  std::string content{};
  std::string script{};
  std::string language = "zh-CN";
  std::string out{};
  int days = 7;
  int calendar_days = 366;
  std::string to{};
  std::size_t keep = bot::BackupOrder{}.keep;
  std::string backup{};
  std::string roster{};
  std::string account{};
  std::string group{};
  bool dry_run = false;
  std::string member{};
  std::string member_file{};
  bool sure = false;
};

int run_check_command(const Arguments& arguments) {
  auto config = optional_path(arguments.config);
  if (!config && std::filesystem::exists(kUsualConfig)) config = kUsualConfig;
  return bot::run_check(config, optional_path(arguments.content), std::cout);
}

int with_config(const Arguments& arguments,
                const std::function<int(const bot::Config&, const std::filesystem::path&)>& act) {
  const auto config = configuration(arguments.config.empty() ? kUsualConfig : arguments.config);
  if (!config) return 1;
  const auto content = optional_path(arguments.content).value_or(bot::content_folder(*config));
  return act(*config, content);
}

/// A stream that is closed at the start would become the next file or socket, and take what is meant to be
/// read by people.
void open_standard_streams() {
  int file = -1;
  do {
    file = open("/dev/null", O_RDWR | O_CLOEXEC);
  } while (file >= 0 && file <= STDERR_FILENO);
  if (file >= 0) close(file);
}

int run(int argc, char** argv) {
  CLI::App program{"Xueban \u2014 a companion for study groups in group chats"};
  program.require_subcommand(1);
  program.set_version_flag("--version", std::string("xueban ") + XUEBAN_VERSION);
  Arguments arguments;
  const auto add_paths = [&arguments](CLI::App* command, bool config) {
    if (config)
      command->add_option("--config", arguments.config, std::string("configuration; ") + kUsualConfig);
    command->add_option("--content", arguments.content, "folder with words/, lessons/ and columns.toml");
  };
  CLI::App* sandbox = program.add_subcommand("sandbox", "try it in a made-up study group in this terminal");
  sandbox->add_option("--script", arguments.script, "play the lines of a file and print the transcript");
  sandbox->add_option("--language", arguments.language, "zh-CN or en");
  add_paths(sandbox, false);
  CLI::App* service = program.add_subcommand("run", "serve the accounts of a configuration");
  add_paths(service, true);
  CLI::App* check = program.add_subcommand("check", "check everything that people edit");
  add_paths(check, true);
  CLI::App* doctor = program.add_subcommand("doctor", "find out what is wrong, and what to do about it");
  add_paths(doctor, true);
  CLI::App* plan = program.add_subcommand("plan", "print what will be pushed, when and where");
  plan->add_option("--days", arguments.days, "how far to look ahead")->check(CLI::Range(1, 366));
  add_paths(plan, true);
  CLI::App* calendar =
      program.add_subcommand("calendar", "write a calendar per group, for phones to subscribe to");
  calendar
      ->add_option("--out", arguments.out, "folder for the .ics files, such as one that a web server shows")
      ->required();
  calendar->add_option("--days", arguments.calendar_days, "how far to look ahead")
      ->check(CLI::Range(1, 366))
      ->capture_default_str();
  add_paths(calendar, true);
  CLI::App* backup = program.add_subcommand("backup", "copy the database, also of a running Xueban");
  backup->add_option("--to", arguments.to, "file to write; else one with the date, in data/backups/");
  backup->add_option("--keep", arguments.keep, "how many of the dated ones stay")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  add_paths(backup, true);
  CLI::App* restore = program.add_subcommand("restore", "put a backup in the place of the database");
  restore->add_option("file", arguments.backup, "the backup")->required();
  add_paths(restore, true);
  CLI::App* roster = program.add_subcommand("roster", "people from a CSV file that Excel writes, and back");
  roster->require_subcommand(1);
  CLI::App* roster_in = roster->add_subcommand("import", "take the people of a file, all or none");
  roster_in->add_option("file", arguments.roster, "the CSV file")->required();
  roster_in->add_option("--account", arguments.account, "account of rows that name none");
  roster_in->add_option("--group", arguments.group, "group of rows that name none: its name or chat id");
  roster_in->add_flag("--dry-run", arguments.dry_run, "only say what would change");
  add_paths(roster_in, true);
  CLI::App* roster_out = roster->add_subcommand("export", "write the people as import reads them");
  roster_out->add_option("--group", arguments.group, "only of this group: its name or chat id");
  roster_out->add_option("--out", arguments.out, "file to write; else standard output");
  add_paths(roster_out, true);
  CLI::App* exporting = program.add_subcommand("export", "write what is stored about a member, as JSON");
  exporting->add_option("--member", arguments.member, "account:user id, such as qq:10001")->required();
  exporting->add_option("--out", arguments.member_file, "file to write; else standard output");
  add_paths(exporting, true);
  CLI::App* erasing = program.add_subcommand("erase", "forget a member; the service must be stopped");
  erasing->add_option("--member", arguments.member, "account:user id, such as qq:10001")->required();
  erasing->add_flag("--yes", arguments.sure, "do not ask");
  add_paths(erasing, true);
  CLI11_PARSE(program, argc, argv);

  if (sandbox->parsed()) {
    const auto content =
        optional_path(arguments.content).value_or(bot::content_folder(bot::default_config()));
    return bot::run_sandbox(content, arguments.language, optional_path(arguments.script), std::cout);
  }
  if (check->parsed()) return run_check_command(arguments);
  if (doctor->parsed()) {
    return bot::run_doctor(arguments.config.empty() ? kUsualConfig : arguments.config,
                           optional_path(arguments.content), std::cout);
  }
  return with_config(arguments, [&](const bot::Config& config, const std::filesystem::path& content) {
    if (plan->parsed()) return bot::run_plan(config, content, arguments.days, std::cout);
    if (calendar->parsed())
      return bot::run_calendar(config, content, arguments.out, arguments.calendar_days, std::cout);
    if (backup->parsed())
      return bot::run_backup(config, {optional_path(arguments.to), arguments.keep}, std::cout);
    if (roster_in->parsed()) {
      return bot::run_roster_import(config, content,
                                    {arguments.roster, arguments.account, arguments.group, arguments.dry_run},
                                    std::cout);
    }
    if (roster_out->parsed())
      return bot::run_roster_export(config, content, {arguments.group, optional_path(arguments.out)},
                                    std::cout);
    if (restore->parsed()) return bot::run_restore(config, arguments.backup, std::cout);
    if (exporting->parsed())
      return bot::run_export_member(config, arguments.member, optional_path(arguments.member_file),
                                    std::cout);
    if (erasing->parsed())
      return bot::run_erase_member(config, arguments.member, arguments.sure, std::cin, std::cout);
    return bot::run_service(config, content);
  });
}

}  // namespace

int main(int argc, char** argv) {
  open_standard_streams();
  try {
    return run(argc, argv);
  } catch (const std::exception& failure) {
    std::cerr << "xueban: " << bot::log::without_secrets(failure.what()) << '\n';
    return 1;
  }
}
