#include "bot/base/log.hpp"

#include <fmt/format.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "bot/base/utf8.hpp"

namespace bot::log {

namespace {

constexpr std::size_t kLongestValue = 300;
constexpr std::size_t kLargestFile = 10 * 1024 * 1024;
constexpr std::size_t kFilesKept = 5;

std::shared_ptr<spdlog::logger> made(spdlog::sink_ptr sink) {
  auto logger = std::make_shared<spdlog::logger>("xueban", std::move(sink));
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  logger->flush_on(spdlog::level::info);
  return logger;
}

std::shared_ptr<spdlog::logger>& current() {
  static std::shared_ptr<spdlog::logger> logger = made(std::make_shared<spdlog::sinks::stderr_sink_mt>());
  return logger;
}

/// What stands between quotation marks: a value cannot end them.
std::string in_quotes(std::string_view value) {
  std::string text = "\"";
  for (const char c : utf8::escaped(utf8::cut_bytes(value, kLongestValue))) {
    if (c == '"') text += '\\';
    text += c;
  }
  return text + "\"";
}

}  // namespace

std::string line(std::string_view what, Fields fields) {
  std::string text = utf8::escaped(what);
  for (const Field& field : fields) {
    text += fmt::format(" {}={}", field.name, in_quotes(field.value));
  }
  return text;
}

void info(std::string_view what, Fields fields) {
  current()->log(spdlog::level::info, line(what, fields));
}
void warning(std::string_view what, Fields fields) {
  current()->log(spdlog::level::warn, line(what, fields));
}
void error(std::string_view what, Fields fields) {
  current()->log(spdlog::level::err, line(what, fields));
}

void to_file(const std::filesystem::path& file) {
  current() =
      made(std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file.string(), kLargestFile, kFilesKept));
}

void to_nowhere() {
  current() = made(std::make_shared<spdlog::sinks::null_sink_mt>());
}

}  // namespace bot::log
