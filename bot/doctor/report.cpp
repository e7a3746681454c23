#include "bot/doctor/report.hpp"

#include <fmt/format.h>

#include <ostream>

#include "bot/base/log.hpp"
#include "bot/base/utf8.hpp"

namespace bot {

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string shown_bytes(std::uintmax_t bytes) {
  const double megabytes = static_cast<double>(bytes) / 1024 / 1024;
  return megabytes < 1024 ? fmt::format("{:.1f} MB", megabytes) : fmt::format("{:.1f} GB", megabytes / 1024);
}

void Report::ok(std::string_view subject, std::string_view what) {
  ++fine_;
  line("ok", subject, what, {});
}

void Report::warn(std::string_view subject, std::string_view what, std::string_view todo) {
  ++warnings_;
  line("warn", subject, what, todo);
}

void Report::fail(std::string_view subject, std::string_view what, std::string_view todo) {
  ++failures_;
  line("FAIL", subject, what, todo);
}

void Report::problems(std::string_view subject, const Problems& problems) {
  for (Problem problem : problems) {
    const bool wrong = problem.weight == Problem::Weight::error;
    problem.weight = Problem::Weight::error;  // the verdict says which of the two it is
    wrong ? fail(subject, printed(problem), {}) : warn(subject, printed(problem), {});
  }
}

void Report::summary() {
  out_ << fmt::format("{} ok, {}, {} failed\n", fine_, counted(warnings_, "warning"), failures_);
}

void Report::line(std::string_view verdict, std::string_view subject, std::string_view what,
                  std::string_view todo) {
  std::string text = fmt::format("{:<4}  {:<13}  {}", verdict, subject, what);
  if (!todo.empty()) text += fmt::format(" \u2014 {}", todo);
  out_ << utf8::escaped(log::without_secrets(text)) << std::endl;
}

}  // namespace bot
