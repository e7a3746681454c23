#include "bot/config/toml_reader.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <array>
#include <cstddef>
#include <iterator>

#include "bot/base/utf8.hpp"

namespace bot {

namespace {

constexpr std::size_t shown_points = 80;

// A dotted key nests one table for each dot, and the library takes tables apart recursively: some ten
// thousand dots end the stack. It bounds brackets itself.
constexpr std::ptrdiff_t most_dots = 2000;

const toml::node& node_of(const void* node) {
  return *static_cast<const toml::node*>(node);
}

std::int64_t line_of(const toml::source_region& region) {
  return region.begin.line;
}

std::string_view kind_words(TomlValue::Kind kind) {
  switch (kind) {
    case TomlValue::Kind::text:
      return "text";
    case TomlValue::Kind::integer:
      return "a whole number";
    case TomlValue::Kind::number:
      return "a number with a point";
    case TomlValue::Kind::flag:
      return "true or false";
    case TomlValue::Kind::time:
      return "a time without quotes";
    case TomlValue::Kind::list:
      return "a list";
    case TomlValue::Kind::table:
      return "a table";
  }
  return "something else";
}

/// The parser quotes single characters, and sometimes what it took for a value.
std::string without_quotes_of_the_text(std::string_view description) {
  if (description.find("cannot redefine") != std::string_view::npos) return std::string(description);
  std::size_t at = description.find('\'');
  while (at != std::string_view::npos) {
    const std::size_t end = description.find('\'', at + 2);
    if (end == std::string_view::npos) break;
    if (utf8::length(description.substr(at + 1, end - at - 1)) > 1) {
      const std::size_t last = description.rfind('\'');
      return fmt::format("{}'…'{}", description.substr(0, at), description.substr(last + 1));
    }
    at = description.find('\'', end + 1);
  }
  return std::string(description);
}

std::string_view line_in(std::string_view text, std::int64_t line) {
  for (; line > 1 && !text.empty(); --line) {
    const std::size_t end = text.find('\n');
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return text.substr(0, text.find('\n'));
}

bool holds_full_width_marks(std::string_view line) {
  // Curly quotes, and the full-width forms of " # ' , = [ ] that input methods give.
  constexpr std::array<std::string_view, 11> marks{"\u201c", "\u201d", "\u2018", "\u2019", "\uff02", "\uff03",
                                                   "\uff07", "\uff0c", "\uff1d", "\uff3b", "\uff3d"};
  return std::ranges::any_of(
      marks, [&](std::string_view mark) { return line.find(mark) != std::string_view::npos; });
}

Problem parse_problem(const toml::parse_error& error, std::string_view text, const std::string& file) {
  Problem problem;
  problem.file = file;
  problem.line = line_of(error.source());
  problem.what =
      utf8::escaped("this is not TOML: " + utf8::repaired(without_quotes_of_the_text(error.description())));
  problem.todo = holds_full_width_marks(line_in(text, problem.line))
                     ? "write the marks \" # , = [ ] in half width (English input)"
                     : "text stands in \"quotes\", a line is key = value";
  return problem;
}

}  // namespace

struct TomlDocument::Parsed {
  std::string file{};
  toml::table table{};
};

std::optional<TomlDocument> TomlDocument::parse(std::string_view text, const std::string& file,
                                                Problems& problems) {
  if (std::ranges::count(text, '.') > most_dots) {
    problems.push_back({Problem::Weight::error, file, 0,
                        fmt::format("this file holds more than {} dots", most_dots),
                        "settings need no dotted keys; shorten the comments"});
    return std::nullopt;
  }
  auto parsed = std::make_shared<Parsed>();
  parsed->file = file;
  try {
    parsed->table = toml::parse(text);
  } catch (const toml::parse_error& error) {
    problems.push_back(parse_problem(error, text, file));
    return std::nullopt;
  }
  return TomlDocument(std::move(parsed), problems);
}

TomlValue TomlDocument::root() const {
  const toml::node* node = &parsed_->table;
  return TomlValue(node, &parsed_->file, problems_);
}

TomlValue::Kind TomlValue::kind() const noexcept {
  switch (node_of(node_).type()) {
    case toml::node_type::string:
      return Kind::text;
    case toml::node_type::integer:
      return Kind::integer;
    case toml::node_type::floating_point:
      return Kind::number;
    case toml::node_type::boolean:
      return Kind::flag;
    case toml::node_type::array:
      return Kind::list;
    case toml::node_type::table:
      return Kind::table;
    default:
      return Kind::time;
  }
}

std::optional<std::string> TomlValue::text() const {
  return node_of(node_).value_exact<std::string>();
}

std::optional<std::int64_t> TomlValue::integer() const {
  return node_of(node_).value_exact<std::int64_t>();
}

std::optional<bool> TomlValue::flag() const {
  return node_of(node_).value_exact<bool>();
}

TomlValue TomlValue::inner(const void* node, std::string key, std::int64_t line) const {
  TomlValue value(node, file_, problems_);
  value.key_ = std::move(key);
  value.line_ = line > 0 ? line : line_;
  return value;
}

std::vector<TomlValue> TomlValue::items() const {
  std::vector<TomlValue> items;
  if (const toml::array* list = node_of(node_).as_array()) {
    for (const toml::node& item : *list) items.push_back(inner(&item, key_, line_of(item.source())));
  }
  return items;
}

std::vector<TomlValue> TomlValue::entries() const {
  std::vector<TomlValue> entries;
  if (const toml::table* table = node_of(node_).as_table()) {
    for (const auto& [key, node] : *table) {
      entries.push_back(inner(&node, std::string(key.str()), line_of(key.source())));
    }
  }
  std::ranges::sort(entries, {}, [](const TomlValue& entry) { return std::pair(entry.line(), entry.key()); });
  return entries;
}

void TomlValue::report(Problem::Weight weight, std::string what, std::string todo) const {
  problems_->push_back({weight, *file_, line_, utf8::escaped(what), utf8::escaped(todo)});
}

void TomlValue::error(std::string what, std::string todo) const {
  report(Problem::Weight::error, std::move(what), std::move(todo));
}

void TomlValue::warning(std::string what, std::string todo) const {
  report(Problem::Weight::warning, std::move(what), std::move(todo));
}

void TomlValue::expected(std::string_view form, std::string_view example) const {
  error(fmt::format("{} must be {}, not {}", key_, form, kind_words(kind())),
        fmt::format("such as {} = {}", key_, example));
}

std::string suggestion(std::string_view name, const std::vector<std::string>& known) {
  const std::string_view start = utf8::cut(name, shown_points);
  const auto far = [&](const std::string& other) { return utf8::distance(start, other); };
  const auto nearest = std::ranges::min_element(known, {}, far);
  if (nearest == known.end()) return "leave it out";
  if (far(*nearest) <= std::max<std::size_t>(2, utf8::length(start) / 2)) {
    return fmt::format("did you mean \"{}\"?", *nearest);
  }
  return fmt::format("known here: {}", fmt::join(known, ", "));
}

void report_unknown_key(const TomlValue& entry, const std::vector<std::string>& known) {
  entry.error(fmt::format("unknown key \"{}\"", utf8::cut(entry.key(), shown_points)),
              suggestion(entry.key(), known));
}

void append_by_line(Problems& problems, Problems of_one_file) {
  std::multimap<std::int64_t, Problem> by_line;  // keeps the order of problems in one line
  for (Problem& problem : of_one_file) by_line.emplace(problem.line, std::move(problem));
  for (auto& [line, problem] : by_line) problems.push_back(std::move(problem));
}

std::string toml_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      quoted += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace bot
