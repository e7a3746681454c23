#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

/// One event, one line: `time level what key="value" …`. Control and bidirectional characters are escaped and
/// values are cut at 300 bytes (reliability X9). Any thread may log. A log that cannot be written stops
/// nobody: the line is lost and counted (reliability S10).
namespace bot::log {

struct Field {
  Field(std::string_view name_, std::string_view value_) : name(name_), value(value_) {}
  Field(std::string_view name_, const char* value_) : name(name_), value(value_) {}
  Field(std::string_view name_, const std::string& value_) : name(name_), value(value_) {}
  Field(std::string_view name_, std::int64_t number) : name(name_), value(std::to_string(number)) {}
  std::string name;
  std::string value;
};
using Fields = std::initializer_list<Field>;

void info(std::string_view what, Fields fields = {});
void warning(std::string_view what, Fields fields = {});
void error(std::string_view what, Fields fields = {});

/// The line without time and level, as the functions above write it.
std::string line(std::string_view what, Fields fields);

/// From now on `name` in brackets stands wherever the log would show this secret. Of one with less than four
/// characters, which any text may hold, only values that are nothing else are hidden.
void hide(const std::string& secret, const std::string& name);
/// The text with secrets hidden as the log hides them.
std::string without_secrets(std::string_view text);

/// Lines that could not be written since the start: the disk was full, or nobody read.
std::int64_t lost() noexcept;

/// Lines go to standard error until one of these is called.
void to_file(const std::filesystem::path& file);
void to_nowhere();

}  // namespace bot::log
