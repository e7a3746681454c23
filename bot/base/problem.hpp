#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bot {

/// Something wrong in a file that a person edits. Printed as `file:line: what — what to do`.
struct Problem {
  enum class Weight { warning, error };
  Weight weight = Weight::error;
  std::string file{};
  std::int64_t line = 0;  ///< 1-based; 0 when the problem is the file itself
  std::string what{};
  std::string todo{};
};

using Problems = std::vector<Problem>;

/// `config/xueban.toml:12: unknown key "tokn" — did you mean "token"?`
std::string printed(const Problem& problem);

bool has_errors(const Problems& problems) noexcept;

}  // namespace bot
