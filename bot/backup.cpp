#include "bot/backup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <stdexcept>

#include "bot/data_folder.hpp"
#include "bot/store/instance_lock.hpp"
#include "bot/store/partial_file.hpp"
#include "bot/store/sqlite.hpp"

namespace bot {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPattern = "xueban-####-##-##T####.db";  // #: a digit

bool is_backup(const fs::path& file) {
  const std::string name = file.filename().string();
  const auto fits = [](char have, char want) {
    return want == '#' ? have >= '0' && have <= '9' : have == want;
  };
  return std::ranges::equal(name, kPattern, fits);
}

std::string backup_name(const Zone& zone, Instant now) {
  const LocalTime local = zone.to_local(now);
  std::string clock = clock_time(local);
  std::erase(clock, ':');
  return fmt::format("xueban-{}T{}.db", iso_date(local), clock);
}

/// What a copy must have too.
struct Inventory {
  std::vector<std::string> steps{};            ///< of all tables' schemas
  std::map<std::string, std::int64_t> rows{};  ///< by table
  bool operator==(const Inventory&) const = default;
};

Inventory inventory_of(sql::Db& db) {
  Inventory inventory;
  for (const sql::Row& row : db.query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE "
                                      "'sqlite_%' ORDER BY name")) {
    const std::string& table = row.text(0);
    inventory.rows[table] = db.query(fmt::format("SELECT count(*) FROM \"{}\"", table)).front().integer(0);
  }
  if (!inventory.rows.contains("schema_steps")) return inventory;
  for (const sql::Row& row :
       db.query("SELECT owner || ' ' || version || ' ' || fingerprint FROM schema_steps ORDER BY 1")) {
    inventory.steps.push_back(row.text(0));
  }
  return inventory;
}

void try_restore(const fs::path& from, const fs::path& copy, const Inventory& original) {
  if (const std::string problem = problem_of(copy, Check::whole); !problem.empty())
    throw std::runtime_error(fmt::format("{} {}", from.string(), problem));
  if (original.steps.empty())
    throw std::runtime_error(fmt::format("{} is no database of Xueban", from.string()));
  if (inventory_of(*sql::open_sqlite_read_only(copy)) != original)
    throw std::runtime_error(fmt::format("the copy of {} has not all of its rows", from.string()));
}

/// Two at once would take each other's unfinished files for leftovers.
InstanceLock only_backup(const fs::path& folder) {
  try {
    return InstanceLock(folder);
  } catch (const InstanceLock::Held&) {
    throw std::runtime_error(
        fmt::format("another backup is being made in {} \u2014 wait for it", folder.string()));
  }
}

/// Never the one just made, even when the clock went back and others look newer.
void remove_old(const fs::path& folder, std::size_t keep, const fs::path& fresh) {
  std::vector<fs::path> all = stored_backups(folder);
  const std::size_t too_many = all.size() > keep ? all.size() - keep : 0;
  std::erase(all, fresh);
  for (std::size_t i = 0; i < std::min(too_many, all.size()); ++i) fs::remove(all[i]);
}

void make_backup(const fs::path& database, const fs::path& file) {
  PartialFile partial(file);
  copy_verified(database, partial.path());
  partial.move_to(file);
}

}  // namespace

fs::path backup_folder(const fs::path& data) {
  return data / "backups";
}

std::vector<fs::path> stored_backups(const fs::path& folder) {
  std::vector<fs::path> backups;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    if (is_backup(entry.path())) backups.push_back(entry.path());
  }
  std::ranges::sort(backups);
  return backups;
}

void copy_verified(const fs::path& from, const fs::path& to) {
  Inventory original;
  try {
    sql::copy_sqlite(from, to, [&original](sql::Db& db) { original = inventory_of(db); });
  } catch (const sql::Damaged& failure) {
    throw std::runtime_error(fmt::format("{} is damaged: {}", from.string(), brief(failure)));
  } catch (const sql::SqlError& failure) {
    throw std::runtime_error(fmt::format("{} cannot be copied to {}: {}", from.string(),
                                         to.parent_path().string(), brief(failure)));
  }
  try_restore(from, to, original);
}

std::string shown_size(const fs::path& file) {
  constexpr double kMegabyte = 1024.0 * 1024.0;
  return fmt::format("{:.1f} MB", static_cast<double>(fs::file_size(file)) / kMegabyte);
}

int run_backup(const Config& config, const BackupOrder& order, std::ostream& out, Instant now) {
  require_sqlite(config.database);
  const fs::path database = database_file(config.data);
  if (!fs::exists(database))
    throw std::runtime_error(fmt::format("{} does not exist: nothing to back up yet", database.string()));
  const fs::path folder = backup_folder(config.data);
  const fs::path file = order.to.value_or(folder / backup_name(config.zone, now));
  if (order.to) {
    make_backup(database, file);
  } else {
    const InstanceLock lock = only_backup(folder);
    PartialFile::remove_leftovers(folder, "xueban-");
    make_backup(database, file);
    remove_old(folder, order.keep, file);
  }
  out << fmt::format("{}: {}, verified\n", file.string(), shown_size(file));
  return 0;
}

}  // namespace bot
