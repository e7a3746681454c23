#include "bot/config/forms.hpp"

#include <fmt/format.h>

#include <fstream>
#include <system_error>
#include <utility>

#include "bot/base/utf8.hpp"
#include "bot/config/limits_reader.hpp"

namespace bot {

namespace {

namespace fs = std::filesystem;

using Names = std::vector<std::string>;

/// What keeps `text` from being a name; empty when nothing does.
std::string_view fault_of_name(std::string_view text) {
  if (text.empty()) return "is empty";
  if (utf8::trimmed(text) != text) return "has white space at its end";
  if (utf8::escaped(text) != text) return "holds a control or an invisible character";
  return {};
}

std::string_view fault_of_word(std::string_view text) {
  if (text.find_first_of(" \t") != std::string_view::npos) return "holds white space";
  return fault_of_name(text);
}

/// What one line of text may be.
struct LineRule {
  std::string_view (*fault_of)(std::string_view);
  bool numbers = false;  ///< a whole number stands for its text
};

constexpr LineRule name_rule{fault_of_name};
constexpr LineRule word_rule{fault_of_word};
constexpr LineRule id_rule{fault_of_word, true};

std::optional<std::string> read_line(const TomlValue& value, LineRule rule, std::string_view form,
                                     const std::string& example) {
  std::optional<std::string> text = value.text();
  if (!text && rule.numbers && value.integer()) text = std::to_string(*value.integer());
  if (!text) {
    value.expected(form, toml_quoted(example));
    return std::nullopt;
  }
  const std::string_view fault = rule.fault_of(*text);
  if (fault.empty()) return text;
  value.error(fmt::format("{} {}", value.key(), fault),
              fmt::format("such as {} = {}", value.key(), toml_quoted(example)));
  return std::nullopt;
}

std::optional<Names> read_lines(const TomlValue& value, LineRule rule, const std::string& example) {
  if (value.kind() != TomlValue::Kind::list) {
    value.expected("a list", fmt::format("[{}]", toml_quoted(example)));
    return std::nullopt;
  }
  Names names;
  bool whole = true;
  for (const TomlValue& item : value.items()) {
    if (auto name = read_line(item, rule, "a list of texts", example)) {
      names.push_back(std::move(*name));
    } else {
      whole = false;
    }
  }
  return whole ? std::optional(std::move(names)) : std::nullopt;
}

std::string printed_names(const Names& names) {
  Names quoted;
  for (const std::string& name : names) quoted.push_back(toml_quoted(name));
  return fmt::format("[{}]", fmt::join(quoted, ", "));
}

std::string printed_name(const std::string& name) {
  return name.empty() ? "" : toml_quoted(name);
}

TomlForm<std::string> line_form(LineRule rule, std::string example) {
  return {[rule, example = std::move(example)](const TomlValue& value) {
            return read_line(value, rule, "text", example);
          },
          printed_name};
}

TomlForm<Names> lines_form(LineRule rule, std::string example) {
  return {[rule, example = std::move(example)](const TomlValue& value) {
            return read_lines(value, rule, example);
          },
          printed_names};
}

std::optional<std::string> read_choice(const TomlValue& value, const Names& choices) {
  const auto name = read_line(value, name_rule, "text", choices.front());
  if (!name || std::ranges::find(choices, *name) != choices.end()) return name;
  value.error(fmt::format("{} \"{}\" is not supported", value.key(), utf8::cut(*name, 40)),
              fmt::format("supported: {}", fmt::join(choices, ", ")));
  return std::nullopt;
}

std::optional<Zone> read_zone(const TomlValue& value) {
  const auto name = read_line(value, name_rule, "text", "Asia/Shanghai");
  if (!name) return std::nullopt;
  const Result<Zone> zone = Zone::named(*name);
  if (zone) return *zone;
  value.error(fmt::format("time zone \"{}\" is unknown", utf8::cut(*name, 40)),
              fmt::format("such as {} = \"Asia/Shanghai\"", value.key()));
  return std::nullopt;
}

std::optional<bool> read_flag(const TomlValue& value) {
  const auto flag = value.flag();
  if (!flag) value.expected("true or false without quotes", "true");
  return flag;
}

template <class Parse>
auto read_parsed(const TomlValue& value, Parse parse, std::string_view form, const std::string& example)
    -> std::optional<typename decltype(parse(std::string_view()))::value_type> {
  const auto text = value.text();
  if (!text) {
    value.expected(form, toml_quoted(example));
    return std::nullopt;
  }
  const auto parsed = parse(*text);
  if (parsed) return *parsed;
  value.error(fmt::format("{} = \"{}\" {}", value.key(), utf8::cut(*text, 40), parsed.error().detail),
              fmt::format("such as {} = \"{}\"", value.key(), example));
  return std::nullopt;
}

Result<std::chrono::minutes> whole_minutes(std::string_view text) {
  const auto duration = parse_duration(text);
  if (!duration) return duration.error();
  const auto minutes = std::chrono::floor<std::chrono::minutes>(*duration);
  if (minutes != *duration) return Error{Errc::bad_input, "is not in whole minutes"};
  if (minutes > std::chrono::hours(24)) return Error{Errc::bad_input, "is longer than a day"};
  return minutes;
}

}  // namespace

TomlForm<std::string> name_form(std::string example) {
  return line_form(name_rule, std::move(example));
}

TomlForm<std::string> word_form(std::string example) {
  return line_form(word_rule, std::move(example));
}

TomlForm<std::string> id_form(std::string example) {
  return line_form(id_rule, std::move(example));
}

TomlForm<Names> names_form(std::string example) {
  return lines_form(name_rule, std::move(example));
}

TomlForm<Names> ids_form(std::string example) {
  return lines_form(id_rule, std::move(example));
}

TomlForm<std::string> choice_form(Names choices) {
  return {[choices = std::move(choices)](const TomlValue& value) { return read_choice(value, choices); },
          printed_name};
}

TomlForm<bool> flag_form() {
  return {read_flag, [](const bool& flag) { return std::string(flag ? "true" : "false"); }};
}

TomlForm<Zone> zone_form() {
  return {read_zone, [](const Zone& zone) { return toml_quoted(zone.name()); }};
}

TomlForm<fs::path> path_form(fs::path folder, std::string example) {
  const auto read = [=](const TomlValue& value) -> std::optional<fs::path> {
    const auto text = read_line(value, name_rule, "text", example);
    if (!text) return std::nullopt;
    return (folder / *text).lexically_normal();
  };
  return {read, [](const fs::path& path) { return printed_name(path.string()); }};
}

TomlForm<std::chrono::minutes> clock_form() {
  return {[](const TomlValue& value) {
            return read_parsed(value, parse_clock, "a time of day in quotes", "08:00");
          },
          [](const std::chrono::minutes& clock) { return toml_quoted(clock_text(clock)); }};
}

TomlForm<std::chrono::minutes> minutes_form(std::string example) {
  return {[example = std::move(example)](const TomlValue& value) {
            return read_parsed(value, whole_minutes, "a duration in quotes", example);
          },
          [](const std::chrono::minutes& duration) { return toml_quoted(duration_text(duration)); }};
}

Result<std::string> file_text(const fs::path& file) {
  std::error_code ignored;
  const fs::file_status status = fs::status(file, ignored);
  if (!fs::exists(status)) return Error{Errc::not_found, "does not exist"};
  if (!fs::is_regular_file(status)) return Error{Errc::unknown, "is not a file"};
  std::ifstream stream(file, std::ios::binary);
  std::string text(largest_file + 1, '\0');
  if (!stream || !stream.read(text.data(), static_cast<std::streamsize>(text.size())).eof()) {
    if (stream) return Error{Errc::too_large, "is larger than 1 MiB"};
    return Error{Errc::unknown, "cannot be read"};
  }
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

bool others_can_read(const fs::path& file) {
  std::error_code ignored;
  const fs::file_status status = fs::status(file, ignored);
  if (!fs::exists(status)) return false;
  const fs::perms others = fs::perms::group_read | fs::perms::others_read;
  return (status.permissions() & others) != fs::perms::none;
}

fs::path folder_of(const fs::path& file) {
  std::error_code ignored;
  return fs::absolute(file, ignored).lexically_normal().parent_path();
}

}  // namespace bot
