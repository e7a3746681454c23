#include "bot/base/log.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <vector>

#include "bot/base/utf8.hpp"

namespace bot::log {

namespace {

constexpr std::size_t kLongestValue = 300;
constexpr std::size_t kLargestFile = 10 * 1024 * 1024;
constexpr std::size_t kFilesKept = 5;
constexpr std::size_t kShortestWithin = 4;
constexpr int kPatienceMs = 100;

std::atomic<std::int64_t> lost_lines = 0;

/// Waits for a reader that is a little behind, but never for one that has stopped reading: nothing of Xueban
/// depends on who reads its log.
class StandardError final : public spdlog::sinks::base_sink<std::mutex> {
 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t text;
    formatter_->format(message, text);
    pollfd standard_error{STDERR_FILENO, POLLOUT, 0};
    const bool ready = poll(&standard_error, 1, stuck_ ? 0 : kPatienceMs) > 0;
    const auto size = static_cast<ssize_t>(text.size());
    stuck_ = !ready || write(STDERR_FILENO, text.data(), text.size()) != size;
    if (stuck_) ++lost_lines;
  }
  void flush_() override {}

  bool stuck_ = false;
};

std::shared_ptr<spdlog::logger> made(spdlog::sink_ptr sink) {
  auto logger = std::make_shared<spdlog::logger>("xueban", std::move(sink));
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  logger->flush_on(spdlog::level::info);
  logger->set_error_handler([](const std::string&) { ++lost_lines; });
  return logger;
}

std::shared_ptr<spdlog::logger>& current() {
  static std::shared_ptr<spdlog::logger> logger = made(std::make_shared<StandardError>());
  return logger;
}

struct Hidden {
  std::string secret;
  std::string name;
};

/// The secrets that were named, the longest first: one may be a part of another.
class Secrets {
 public:
  void add(const std::string& secret, const std::string& name) {
    const std::lock_guard lock(mutex_);
    const auto is_shorter = [&](const Hidden& other) { return other.secret.size() < secret.size(); };
    hidden_.insert(std::ranges::find_if(hidden_, is_shorter), {secret, "[" + name + "]"});
  }

  std::string hidden_in(std::string_view text) const {
    const std::lock_guard lock(mutex_);
    std::string shown(text);
    for (const Hidden& each : hidden_) replace(shown, each);
    return shown;
  }

 private:
  static void replace(std::string& text, const Hidden& hidden) {
    if (hidden.secret.size() < kShortestWithin) {
      if (text == hidden.secret) text = hidden.name;
      return;
    }
    for (std::size_t at = text.find(hidden.secret); at != std::string::npos;
         at = text.find(hidden.secret, at + hidden.name.size())) {
      text.replace(at, hidden.secret.size(), hidden.name);
    }
  }

  mutable std::mutex mutex_;
  std::vector<Hidden> hidden_{};
};

Secrets& secrets() {
  static Secrets all;
  return all;
}

/// What stands between quotation marks: a value cannot end them.
std::string in_quotes(std::string_view value) {
  const std::string shown = without_secrets(value);
  std::string text = "\"";
  for (const char c : utf8::cut_bytes(shown, kLongestValue)) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return utf8::escaped(text) + "\"";
}

}  // namespace

std::string line(std::string_view what, Fields fields) {
  std::string text = utf8::escaped(without_secrets(what));
  for (const Field& field : fields) {
    text += fmt::format(" {}={}", field.name, in_quotes(field.value));
  }
  return text;
}

void hide(const std::string& secret, const std::string& name) {
  if (!secret.empty()) secrets().add(secret, name);
}

std::string without_secrets(std::string_view text) {
  return secrets().hidden_in(text);
}

std::int64_t lost() noexcept {
  return lost_lines;
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
