#include "bot/restore.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <stdexcept>
#include <string>

#include "bot/app.hpp"
#include "bot/backup.hpp"
#include "bot/data_folder.hpp"
#include "bot/store/partial_file.hpp"
#include "bot/store/sqlite.hpp"
#include "schedules/push_hold.hpp"

namespace bot {

namespace fs = std::filesystem;

namespace {

// A restored database waits under its first name until the previous one has its second. From the moment it
// has that name the restore is decided; both names carry the same date, so that whoever goes on after a kill
// puts a database and its log in the same place.
constexpr std::string_view kRestored = "xueban-restored-";
constexpr std::string_view kReplaced = "xueban-replaced-";
constexpr std::string_view kEnding = ".db";

fs::path named(const fs::path& data, std::string_view kind, const std::string& date) {
  return data / (std::string(kind) + date + std::string(kEnding));
}

/// A date whose names are free.
std::string free_date(const fs::path& data, LocalTime local) {
  std::string clock = clock_time(local);
  std::erase(clock, ':');
  const std::string date = fmt::format("{}T{}", iso_date(local), clock);
  for (int number = 1;; ++number) {
    std::string candidate = number == 1 ? date : fmt::format("{}-{}", date, number);
    if (!fs::exists(named(data, kReplaced, candidate)) && !fs::exists(named(data, kRestored, candidate)))
      return candidate;
  }
}

/// The date of the restore that is decided and not finished; empty when there is none.
std::string decided(const fs::path& data) {
  for (const auto& entry : fs::directory_iterator(data)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(kRestored) && name.ends_with(kEnding))
      return name.substr(kRestored.size(), name.size() - kRestored.size() - kEnding.size());
  }
  return {};
}

/// Brings the copy to this program's tables, without those who have been forgotten since, and marks it as
/// restored.
void prepare(const fs::path& backup, const fs::path& copy, const people::Forgotten& forgotten, Instant now) {
  try {
    const auto db = sql::open_sqlite(copy);
    bring_up_to_date(*db, now);
    forget_again(*db, forgotten);
    schedules::mark_restored(*db, now);
    sql::leave_wal(*db);
  } catch (const sql::SqlError& failure) {
    throw std::runtime_error(fmt::format("{} cannot be used: {}", backup.string(), brief(failure)));
  }
}

}  // namespace

fs::path finish_restore(const fs::path& data) {
  PartialFile::remove_leftovers(data, database_file(data).filename().string());
  const std::string date = decided(data);
  if (date.empty()) return {};
  const fs::path database = database_file(data);
  const fs::path aside = named(data, kReplaced, date);
  // The log goes first: without its database it is nothing, but beside the new one it would be played back.
  for (const char* companion : {"-wal", ""}) {
    if (fs::exists(database.string() + companion))
      rename_durably(database.string() + companion, aside.string() + companion);
  }
  fs::remove(database.string() + "-shm");
  rename_durably(named(data, kRestored, date), database);
  return fs::exists(aside) ? aside : fs::path();
}

int run_restore(const Config& config, const fs::path& file, std::ostream& out, Instant now) {
  require_sqlite(config.database);
  if (!fs::is_regular_file(file))
    throw std::runtime_error(fmt::format("{} does not exist, or is no file", file.string()));
  const InstanceLock lock(config.data);
  finish_restore(config.data);
  {
    PartialFile partial(database_file(config.data));
    copy_verified(file, partial.path());
    prepare(file, partial.path(), people::Forgotten(people::forgotten_file(config.data)), now);
    const std::string date = free_date(config.data, config.zone.to_local(now));
    partial.move_to(named(config.data, kRestored, date));
  }
  const fs::path aside = finish_restore(config.data);
  out << fmt::format("{} is restored: {}, verified\n", file.string(), shown_size(file));
  if (!aside.empty()) out << fmt::format("the previous database is kept as {}\n", aside.string());
  out << "pushes are held until an admin tells the bot \"resume-pushes\"\n";
  return 0;
}

}  // namespace bot
