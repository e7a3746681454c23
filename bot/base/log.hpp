#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

/// One event, one line: `time level what key=value …`. Control and bidirectional characters are escaped and
/// values are cut at 300 bytes (reliability X9). Secrets never come here: name them instead.
/// Any thread may log.
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

/// Lines go to standard error until one of these is called.
void to_file(const std::filesystem::path& file);
void to_nowhere();

}  // namespace bot::log
