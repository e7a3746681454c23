#include "bot/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "bot/app.hpp"
#include "bot/base/utf8.hpp"
#include "bot/config/alarm_reader.hpp"
#include "bot/desk/router.hpp"
#include "bot/store/sqlite.hpp"
#include "handlers/features.hpp"

namespace bot {

namespace {

void check_push(const GroupProfile& group, const Push& push, const Registry& registry, const Library& library,
                Problems& problems) {
  const std::string file = group.file.empty() ? "the built-in default group" : group.file;
  const auto add = [&](Problem::Weight weight, std::string what, std::string todo) {
    problems.push_back({weight, file, push.line, std::move(what), std::move(todo)});
  };
  if (registry.occasion(push.occasion) == nullptr) {
    add(Problem::Weight::error,
        fmt::format("[[push]] names the occasion \"{}\", which does not exist", push.occasion),
        "use occasion = \"lesson\" or \"reminder\"");
  }
  if (push.occasion != "lesson") return;
  const Column* column = library.column(push.subject);
  if (column == nullptr) {
    add(Problem::Weight::error,
        fmt::format("[[push]] names the column \"{}\", which columns.toml does not have", push.subject),
        "use the id of a column there");
  } else if (column->course.empty()) {
    add(Problem::Weight::warning,
        fmt::format("column \"{}\" has no course: this push will send nothing", push.subject),
        "give it a course in columns.toml");
  }
}

/// A push whose frame and lesson together do not fit into one message would be cut.
void check_lengths(const Config& config, const Content& content, Problems& problems) {
  if (!config.limits.length) return;
  Random random(1);
  for (const Column& column : content.library.columns()) {
    for (const Lesson& lesson : content.library.course(column.course)) {
      Values values{{"id", "L" + std::to_string(lesson.number)},
                    {"title", lesson.title},
                    {"brief", lesson.brief},
                    {"question", lesson.question},
                    {"column", column.name}};
      values.set("issue", std::int64_t{1000}).set("minutes", lesson.minutes);
      const std::string text = content.texts.render(config.language, {"lesson.push", values}, random);
      if (static_cast<std::int64_t>(utf8::length(text)) > *config.limits.length) {
        problems.push_back({Problem::Weight::error, lesson.file, 0,
                            fmt::format("the push has {} characters, {} are allowed", utf8::length(text),
                                        *config.limits.length),
                            "shorten the text for the group"});
      }
    }
  }
}

}  // namespace

Problems check_schedules(const Config& config, std::shared_ptr<const Content> content) {
  const auto db = sql::open_sqlite_in_memory();
  const SystemClock clock;
  NoPostman postman;
  const App app(config, std::move(content), *db, clock, postman, 1);
  return app.problems();
}

Problems check_together(const Config& config, const Content& content) {
  Problems problems;
  Registry registry;
  handlers::register_features(registry);
  const Router router(registry, content.texts, problems);
  std::vector<const GroupProfile*> groups{&config.groups.fallback()};
  for (const GroupProfile& group : config.groups.own()) groups.push_back(&group);
  for (const GroupProfile* group : groups) {
    for (const Push& push : group->pushes) check_push(*group, push, registry, content.library, problems);
  }
  check_lengths(config, content, problems);
  for (Problem& warning : unwatched_accounts(config)) problems.push_back(std::move(warning));
  return problems;
}

int run_check(const std::optional<std::filesystem::path>& config_file,
              const std::optional<std::filesystem::path>& content_path, std::ostream& out) {
  Problems problems;
  Config config = default_config();
  if (config_file) {
    ReadConfig read = read_config(*config_file, process_environment());
    problems = std::move(read.problems);
    if (read.config) config = std::move(*read.config);
  }
  const std::filesystem::path folder = content_path.value_or(content_folder(config));
  const auto content = load_content(folder, problems);
  for (Problem& problem : check_together(config, *content)) problems.push_back(std::move(problem));
  for (Problem& problem : check_schedules(config, content)) problems.push_back(std::move(problem));

  for (const Problem& problem : problems) out << printed(problem) << '\n';
  const auto errors = std::ranges::count(problems, Problem::Weight::error, &Problem::weight);
  out << fmt::format(
      "{} lessons, {} columns, {} languages, {} groups with a file, {} accounts: {} errors, {} warnings\n",
      content->library.lessons(), content->library.columns().size(), content->texts.languages().size(),
      config.groups.own().size(), config.accounts.size(), errors,
      static_cast<std::int64_t>(problems.size()) - errors);
  return errors == 0 ? 0 : 1;
}

}  // namespace bot
