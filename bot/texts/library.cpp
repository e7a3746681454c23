#include "bot/texts/library.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <optional>
#include <set>

#include "bot/base/utf8.hpp"
#include "bot/texts/front_matter.hpp"
#include "bot/texts/markdown.hpp"

namespace bot {

namespace {

/// What goes to the group in one message must stay below 300 characters together with its frame
/// (conversation.md E.4, length).
constexpr std::size_t kLongestInGroup = 230;
constexpr std::string_view kMore = "<!-- more -->";

/// Reads the fields of one TOML table of a content file and remembers what was wrong.
class Fields {
 public:
  Fields(std::string file, std::int64_t first_line, const toml::table& table, Problems& problems)
      : file_(std::move(file)), offset_(first_line - 1), table_(table), problems_(problems) {}

  void allow_only(const std::set<std::string_view>& known) {
    for (const auto& [key, node] : table_) {
      if (known.contains(key.str())) continue;
      const auto nearest = std::ranges::min_element(
          known, {}, [&key](std::string_view candidate) { return utf8::distance(candidate, key.str()); });
      add(key.source().begin.line, fmt::format("unknown key \"{}\"", key.str()),
          fmt::format("did you mean \"{}\"?", *nearest));
    }
  }

  std::string text(std::string_view key, bool required) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) {
      if (required)
        add(table_.source().begin.line, fmt::format("\"{}\" is missing", key),
            fmt::format("add a line {} = \"…\"", key));
      return {};
    }
    const auto* string = node->as_string();
    if (string == nullptr) {
      add(node->source().begin.line, fmt::format("\"{}\" is not a text", key),
          fmt::format("write {} = \"…\"", key));
      return {};
    }
    if (required && utf8::trimmed(string->get()).empty()) {
      add(node->source().begin.line, fmt::format("\"{}\" is empty", key), "write what people shall read");
    }
    return string->get();
  }

  std::int64_t line_of(std::string_view key) const {
    const toml::node* node = table_.get(key);
    return offset_ + (node == nullptr ? table_ : *node).source().begin.line;
  }

  std::int64_t number(std::string_view key) {
    const toml::node* node = table_.get(key);
    const auto* integer = node == nullptr ? nullptr : node->as_integer();
    if (integer != nullptr && integer->get() > 0) return integer->get();
    add(node == nullptr ? table_.source().begin.line : node->source().begin.line,
        fmt::format("\"{}\" must be a whole number above 0", key), fmt::format("write {} = 1", key));
    return 0;
  }

  void add(std::int64_t line, std::string what, std::string todo) {
    problems_.push_back({Problem::Weight::error, file_, line + offset_, std::move(what), std::move(todo)});
  }

 private:
  std::string file_;
  std::int64_t offset_;
  const toml::table& table_;
  Problems& problems_;
};

std::optional<toml::table> parsed(const std::string& file, std::int64_t first_line, const std::string& text,
                                  Problems& problems) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& failure) {
    problems.push_back({Problem::Weight::error, file,
                        static_cast<std::int64_t>(failure.source().begin.line) + first_line - 1,
                        std::string(failure.description()), "correct the TOML on this line"});
    return std::nullopt;
  }
}

void read_body(const FrontMatter& parts, Lesson& lesson) {
  const auto more = parts.body.find(kMore);
  lesson.brief = chat_text(std::string_view(parts.body).substr(0, more));
  lesson.body = more == std::string::npos
                    ? lesson.brief
                    : chat_text(std::string_view(parts.body).substr(more + kMore.size()));
}

void check_lengths(const Lesson& lesson, std::int64_t body_line, Fields& fields) {
  if (lesson.brief.empty()) {
    fields.add(body_line, "there is no text for the group", "write it below the +++ block");
  }
  const std::size_t length =
      utf8::length(lesson.title) + utf8::length(lesson.question) + utf8::length(lesson.brief);
  if (length > kLongestInGroup) {
    fields.add(body_line,
               fmt::format("title, question and group text have {} characters, {} fit into one message",
                           length, kLongestInGroup),
               fmt::format("shorten them, or move text below a line {}", kMore));
  }
}

std::optional<Lesson> read_lesson(const std::filesystem::path& path, const std::string& course,
                                  Problems& problems) {
  const std::size_t before = problems.size();
  const std::string file = path.string();
  const auto refuse = [&problems, &file](const Error& error, const char* todo) {
    problems.push_back({Problem::Weight::error, file, 1, error.detail, todo});
    return std::nullopt;
  };
  const auto text = read_text_file(path);
  if (!text) return refuse(text.error(), "save the lesson as a UTF-8 text file");
  const auto parts = split_front_matter(*text);
  if (!parts)
    return refuse(parts.error(), "a lesson begins with +++, a few lines such as title = \"…\", and +++");
  const auto table = parsed(file, 2, parts->toml, problems);
  if (!table) return std::nullopt;

  Fields fields(file, 2, *table, problems);
  fields.allow_only({"number", "title", "minutes", "question", "source"});
  Lesson lesson;
  lesson.file = file;
  lesson.course = course;
  lesson.number = fields.number("number");
  lesson.number_line = fields.line_of("number");
  lesson.title = fields.text("title", true);
  lesson.minutes = fields.number("minutes");
  lesson.question = fields.text("question", true);
  lesson.source = fields.text("source", false);
  read_body(*parts, lesson);
  check_lengths(lesson, parts->body_line - 1, fields);
  return problems.size() == before ? std::optional(lesson) : std::nullopt;
}

std::vector<Column> read_columns(const std::filesystem::path& path, Problems& problems) {
  std::vector<Column> columns;
  const std::string file = path.string();
  const auto text = read_text_file(path);
  if (!text) {
    problems.push_back(
        {Problem::Weight::error, file, 0, text.error().detail, "the content folder needs a columns.toml"});
    return columns;
  }
  const auto table = parsed(file, 1, *text, problems);
  if (table) Fields(file, 1, *table, problems).allow_only({"column"});
  const toml::array* list = table ? table->get_as<toml::array>("column") : nullptr;
  if (list == nullptr) return columns;
  std::set<std::string> ids;
  for (const toml::node& node : *list) {
    const toml::table* entry = node.as_table();
    if (entry == nullptr) continue;
    Fields fields(file, 1, *entry, problems);
    fields.allow_only({"id", "name", "course", "about", "when"});
    Column column{fields.text("id", true),     fields.text("name", true),  fields.text("course", false),
                  fields.text("about", false), fields.text("when", false), fields.line_of("id")};
    if (!ids.insert(column.id).second) {
      fields.add(entry->source().begin.line, fmt::format("column \"{}\" is there twice", column.id),
                 "keep one of the two");
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

std::vector<std::filesystem::path> lesson_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code failure;
  std::filesystem::recursive_directory_iterator entry(
      folder, std::filesystem::directory_options::skip_permission_denied, failure);
  for (; !failure && entry != std::filesystem::recursive_directory_iterator(); entry.increment(failure)) {
    if (entry->path().extension() == ".md") files.push_back(entry->path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

Library Library::load(const std::filesystem::path& folder, Problems& problems) {
  Library library;
  library.columns_ = read_columns(folder / "columns.toml", problems);
  std::map<std::int64_t, std::string> numbers;
  for (const auto& file : lesson_files(folder / "lessons")) {
    auto lesson = read_lesson(file, file.parent_path().filename().string(), problems);
    if (!lesson) continue;
    const auto [known, fresh] = numbers.emplace(lesson->number, lesson->file);
    if (!fresh) {
      problems.push_back({Problem::Weight::error, lesson->file, lesson->number_line,
                          fmt::format("number {} is already taken by {}", lesson->number, known->second),
                          "give this lesson a number of its own"});
      continue;
    }
    library.courses_[lesson->course].push_back(std::move(*lesson));
  }
  for (auto& [name, lessons] : library.courses_) std::ranges::sort(lessons, {}, &Lesson::number);
  for (const Column& column : library.columns_) {
    if (!column.course.empty() && !library.courses_.contains(column.course)) {
      problems.push_back({Problem::Weight::error, (folder / "columns.toml").string(), column.line,
                          fmt::format("column \"{}\" names the course \"{}\", which has no lesson", column.id,
                                      column.course),
                          fmt::format("put lessons into lessons/{}/ or leave `course` out", column.course)});
    }
  }
  return library;
}

const Column* Library::column(const std::string& id) const {
  const auto found = std::ranges::find(columns_, id, &Column::id);
  return found == columns_.end() ? nullptr : &*found;
}

const Lesson* Library::lesson(std::int64_t number) const {
  for (const auto& [name, lessons] : courses_) {
    const auto found = std::ranges::lower_bound(lessons, number, {}, &Lesson::number);
    if (found != lessons.end() && found->number == number) return &*found;
  }
  return nullptr;
}

const std::vector<Lesson>& Library::course(const std::string& name) const {
  static const std::vector<Lesson> none;
  const auto found = courses_.find(name);
  return found == courses_.end() ? none : found->second;
}

std::size_t Library::lessons() const noexcept {
  std::size_t count = 0;
  for (const auto& [name, lessons] : courses_) count += lessons.size();
  return count;
}

}  // namespace bot
