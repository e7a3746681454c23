#include "bot/doctor/data_checks.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "bot/app.hpp"
#include "bot/backup.hpp"
#include "bot/config/limits_reader.hpp"
#include "bot/data_folder.hpp"
#include "bot/store/instance_lock.hpp"
#include "bot/store/schema_lock.hpp"
#include "schedules/occurrences.hpp"

namespace bot {

namespace {

namespace fs = std::filesystem;

/// A full disk stops the service; this is some days of a busy group's database and log.
constexpr std::uintmax_t kLeastFree = std::uintmax_t{64} * 1024 * 1024;
constexpr auto kBackupTooOld = std::chrono::hours(24 * 7);

/// The folder itself, or the one that it will be made in.
fs::path existing(fs::path folder) {
  std::error_code ignored;
  while (!fs::exists(folder, ignored) && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

void check_folder(const fs::path& data, Report& report) {
  const fs::path folder = existing(data);
  if (access(folder.c_str(), R_OK | W_OK | X_OK) != 0) {
    return report.fail("data folder", folder.string() + " cannot be written by this account",
                       fmt::format("run as its owner, or: chown -R $USER {}", folder.string()));
  }
  std::error_code failure;
  const fs::space_info space = fs::space(folder, failure);
  if (failure) return report.fail("data folder", folder.string() + ": " + failure.message(), "mount it");
  if (space.available < kLeastFree) {
    return report.fail("data folder",
                       fmt::format("{} has {} left", data.string(), shown_bytes(space.available)),
                       "make room on its disk: a full one stops the service");
  }
  report.ok("data folder", fmt::format("{}, {} free{}", data.string(), shown_bytes(space.available),
                                       folder == data ? "" : "; the first start makes it"));
}

void check_service(const fs::path& data, Report& report) {
  const auto holder = InstanceLock::holder_of(data);
  report.ok("service", holder ? "running: " + *holder : "not running");
}

/// The service of this folder, or one on another machine.
void check_session(sql::Db& db, Report& report) {
  const auto holder = sql::schema_holder(db);
  report.ok("session", holder ? "PostgreSQL serves one xueban: " + *holder : "PostgreSQL serves no xueban");
}

/// A database that was made but never got its tables is as good as none.
bool has_tables(sql::Db& db) {
  try {
    return !db.query("SELECT owner FROM schema_steps LIMIT 1").empty();
  } catch (const sql::Unavailable&) {
    throw;
  } catch (const sql::SqlError&) {
    return false;
  }
}

void check_clock(sql::Db& db, const Zone& zone, Instant now, Report& report) {
  const auto last = schedules::checked_until(db);
  if (!last || now >= *last - schedules::clock_tolerance) return;
  const LocalTime local = zone.to_local(*last);
  report.fail("clock",
              fmt::format("behind the last run, which was on {} at {}", iso_date(local), clock_time(local)),
              "set it right; if it is right, an admin says \"clock-ok\"");
}

void check_tables(sql::Db& db, const std::string& name, const Zone& zone, Instant now, Report& report) {
  if (!has_tables(db)) return report.ok("database", name + " is empty; the first start makes its tables");
  refuse_newer(db);
  report.ok("database",
            fmt::format("{}, {}, whole", name, shown_bytes(static_cast<std::uintmax_t>(db.size()))));
  check_clock(db, zone, now, report);
}

std::string age_of(const fs::path& file, Instant now) {
  const auto written = std::chrono::file_clock::to_sys(fs::last_write_time(file));
  const auto age = std::chrono::floor<std::chrono::hours>(now - written);
  return age < std::chrono::hours(1) ? "less than an hour old" : duration_text(age) + " old";
}

void check_backups(const fs::path& data, Instant now, Report& report) {
  const auto backups = stored_backups(backup_folder(data));
  if (backups.empty()) {
    return report.warn("backup", "none in " + backup_folder(data).string(),
                       "run: xueban backup, and once a night by cron");
  }
  const fs::path& latest = backups.back();
  const std::string what = fmt::format("{}, {}", latest.filename().string(), age_of(latest, now));
  if (now - std::chrono::file_clock::to_sys(fs::last_write_time(latest)) < kBackupTooOld)
    return report.ok("backup", what);
  report.warn("backup", what, "run: xueban backup, and once a night by cron");
}

/// False when it cannot be looked into any further.
bool check_file(const fs::path& data, Report& report) {
  const fs::path file = database_file(data);
  std::error_code ignored;
  if (!fs::exists(file, ignored)) {
    report.ok("database", "none yet; the first start makes it");
    return false;
  }
  const std::string problem = problem_of(file, Check::quick);
  if (problem.empty()) return true;
  report.fail("database", file.string() + " " + problem, way_out(data));
  return false;
}

void check_database(const Config& config, Instant now, Report& report) {
  const bool sqlite = config.database.empty();
  if (sqlite && !check_file(config.data, report)) return;
  const std::string name = sqlite ? database_file(config.data).filename().string() : "PostgreSQL";
  try {
    const auto db = open_to_look(config.data, config.database);
    check_tables(*db, name, config.zone, now, report);
    if (!sqlite) check_session(*db, report);
  } catch (const sql::SqlError& failure) {
    return report.fail("database", name + ": " + brief(failure), {});
  }
  if (sqlite) check_backups(config.data, now, report);
}

}  // namespace

void check_data(const Config& config, Instant now, Report& report) {
  check_folder(config.data, report);
  check_service(config.data, report);
  check_database(config, now, report);
}

}  // namespace bot
