#include "bot/base/problem.hpp"

#include <algorithm>

namespace bot {

std::string printed(const Problem& problem) {
  std::string line = problem.file;
  if (problem.line > 0) line += ":" + std::to_string(problem.line);
  line += problem.weight == Problem::Weight::warning ? ": warning: " : ": ";
  line += problem.what;
  if (!problem.todo.empty()) line += " — " + problem.todo;
  return line;
}

bool has_errors(const Problems& problems) noexcept {
  return std::ranges::any_of(problems, [](const Problem& p) { return p.weight == Problem::Weight::error; });
}

}  // namespace bot
