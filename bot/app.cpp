#include "bot/app.hpp"

#include "bot/store/postgres_copy.hpp"
#include "handlers/features.hpp"
#include "schedules/book.hpp"
#include "schedules/occurrences.hpp"
#include "schedules/push_hold.hpp"

namespace bot {

namespace {

std::vector<sql::Schema> all_schemas(const Registry& registry) {
  std::vector<sql::Schema> schemas = Desk::schemas();
  schemas.push_back(schedules::occurrence_schema());
  schemas.push_back(schedules::book_schema());
  schemas.push_back(schedules::push_hold_schema());
  schemas.insert(schemas.end(), registry.schemas().begin(), registry.schemas().end());
  return schemas;
}

Registry registered() {
  Registry registry;
  handlers::register_features(registry);
  return registry;
}

std::vector<std::string> names_of(const std::vector<AccountConfig>& accounts) {
  std::vector<std::string> names;
  for (const AccountConfig& account : accounts) names.push_back(account.name);
  return names;
}

/// A restored backup may know people who have asked to be forgotten since.
void forget_again(sql::Db& db, const people::PersonalTables& personal, const people::Forgotten& forgotten) {
  if (forgotten.empty()) return;
  Random random = Random::from_entropy();
  sql::Transaction transaction(db);
  people::forget_again(db, personal, forgotten, random);
  transaction.commit();
}

/// When a push without a time of its own is said: lessons keep to their column's slot.
std::string slot_of(const Library& library, const Push& push) {
  const Column* column = library.column(push.subject);
  return column == nullptr ? std::string() : column->slot;
}

}  // namespace

App::App(const Config& config, std::shared_ptr<const Content> content, sql::Db& db, const Clock& clock,
         Postman& postman, std::uint64_t seed, Instant built, AlarmBell* bell, people::Forgotten* forgotten)
    : registry_(registered()),
      personal_(sql::personal_tables(all_schemas(registry_))),
      calendar_(schedules::load_calendar(content->folder / "calendar", problems_)),
      due_({.groups = config.groups,
            .known = known_,
            .limits = config.limits,
            .calendar = calendar_,
            .slot = [&library = content->library](const Push& push) { return slot_of(library, push); },
            .jobs = registry_.jobs(),
            .built = built}) {
  problems_.insert(problems_.end(), due_.problems().begin(), due_.problems().end());
  sql::migrate(db, all_schemas(registry_), clock.now());
  if (forgotten == nullptr) forgotten = &own_forgotten_;
  forget_again(db, personal_, *forgotten);
  desk_ = std::make_unique<Desk>(Desk::Parts{.db = db,
                                             .registry = registry_,
                                             .content = std::move(content),
                                             .limits = config.limits,
                                             .groups = config.groups,
                                             .clock = clock,
                                             .known = known_,
                                             .agenda = due_,
                                             .archive = archive_,
                                             .forgotten = *forgotten,
                                             .personal = personal_,
                                             .postman = postman,
                                             .seed = seed,
                                             .bell = bell,
                                             .alarm_after = config.alarm_after,
                                             .accounts = names_of(config.accounts)});
  desk_->start();
  due_.start(db, clock.now());
  for (Problem& warning : due_.unannounced(clock.now())) problems_.push_back(std::move(warning));
}

void refuse_newer(sql::Db& db) {
  sql::refuse_newer(db, all_schemas(registered()));
}

void bring_up_to_date(sql::Db& db, Instant now) {
  sql::migrate(db, all_schemas(registered()), now);
}

void forget_again(sql::Db& db, const people::Forgotten& forgotten) {
  forget_again(db, personal_tables(), forgotten);
}

people::PersonalTables personal_tables() {
  return sql::personal_tables(all_schemas(registered()));
}

void copy_tables(sql::Db& postgres, sql::Db& to, Instant now) {
  sql::copy_postgres(postgres, to, all_schemas(registered()), now);
}

Instant build_day() {
  return Instant{std::chrono::seconds{XUEBAN_BUILT}};
}

std::filesystem::path content_folder(const Config& config) {
  return config.content.empty() ? std::filesystem::path(XUEBAN_CONTENT) : config.content;
}

Config default_config() {
  Config config;
  if (const auto zone = Zone::named("Asia/Shanghai")) config.zone = *zone;
  config.groups = GroupBook(built_in_group(config.zone, config.language));
  return config;
}

}  // namespace bot
