#include "bot/app.hpp"

#include "handlers/features.hpp"
#include "schedules/occurrences.hpp"

namespace bot {

namespace {

std::vector<sql::Schema> all_schemas(const Registry& registry) {
  std::vector<sql::Schema> schemas = Desk::schemas();
  schemas.push_back(schedules::occurrence_schema());
  schemas.insert(schemas.end(), registry.schemas().begin(), registry.schemas().end());
  return schemas;
}

}  // namespace

App::App(const Config& config, std::shared_ptr<const Content> content, sql::Db& db, const Clock& clock,
         Postman& postman, std::uint64_t seed)
    : due_(config.groups, known_, config.limits) {
  handlers::register_features(registry_);
  sql::migrate(db, all_schemas(registry_), clock.now());
  desk_ = std::make_unique<Desk>(Desk::Parts{.db = db,
                                             .registry = registry_,
                                             .content = std::move(content),
                                             .limits = config.limits,
                                             .groups = config.groups,
                                             .clock = clock,
                                             .known = known_,
                                             .agenda = due_,
                                             .postman = postman,
                                             .seed = seed});
  desk_->start();
  due_.start(db, clock.now());
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
