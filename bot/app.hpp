#pragma once

#include <cstdint>
#include <memory>

#include "bot/config/config.hpp"
#include "bot/desk/archive.hpp"
#include "bot/desk/desk.hpp"
#include "bot/desk/known_groups.hpp"
#include "bot/people/forgotten.hpp"
#include "bot/store/sql.hpp"
#include "bot/texts/content.hpp"
#include "schedules/due.hpp"

namespace bot {

/// All features, their tables and texts, put together on one database: what the service, the sandbox and the
/// tests share. One thread.
class App {
 public:
  /// References outlive the app. Brings the tables up to date; throws sql::SqlError with a sentence for the
  /// operator when the database is not ours or newer than this program.
  /// A clock that shows a time before `built` is not trusted with pushes. Who is forgotten is remembered in
  /// memory alone when `forgotten` is absent.
  App(const Config& config, std::shared_ptr<const Content> content, sql::Db& db, const Clock& clock,
      Postman& postman, std::uint64_t seed, Instant built = {}, AlarmBell* bell = nullptr,
      people::Forgotten* forgotten = nullptr);

  Desk& desk() noexcept { return *desk_; }
  const KnownGroups& known_groups() const noexcept { return known_; }
  const Agenda& agenda() const noexcept { return due_; }
  Agenda& agenda() noexcept { return due_; }
  /// What is wrong with the calendar and with the times that files name.
  const Problems& problems() const noexcept { return problems_; }

 private:
  Problems problems_;
  Registry registry_;
  people::PersonalTables personal_;
  people::Forgotten own_forgotten_;
  KnownGroups known_;
  Archive archive_;
  schedules::Calendar calendar_;
  schedules::DueList due_;
  std::unique_ptr<Desk> desk_;
};

/// Whether this program can read the tables; throws sql::SqlError, with a sentence for the operator, when a
/// newer one made them. Changes nothing.
void refuse_newer(sql::Db& db);

/// What App does to the tables, without an app. Throws as App does.
void bring_up_to_date(sql::Db& db, Instant now);

/// What the tables hold about people, of this program's.
people::PersonalTables personal_tables();

/// Within no transaction: an older copy forgets those who have asked for it since, before anybody uses it.
void forget_again(sql::Db& db, const people::Forgotten& forgotten);

/// Copies what a service keeps in PostgreSQL, as it is at one moment, into an empty database. Throws as
/// refuse_newer() does.
void copy_tables(sql::Db& postgres, sql::Db& to, Instant now);

/// The day on which this program was built, in UTC. A clock before it is wrong.
Instant build_day();

/// The content folder that the configuration names, else the one that this program was built with.
std::filesystem::path content_folder(const Config& config);

/// A configuration without a file: the default group, no accounts.
Config default_config();

}  // namespace bot
