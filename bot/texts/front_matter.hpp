#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "bot/base/problem.hpp"
#include "bot/base/result.hpp"

namespace bot {

/// A text file of the content folder as UTF-8 with LF line ends and without a byte order mark. Errors: not a
/// regular file, over 1 MiB, not UTF-8, or damaged (U+FFFD) (reliability C3, C4).
Result<std::string> read_text_file(const std::filesystem::path& file);

/// A Markdown file: TOML between two `+++` lines, then the body.
struct FrontMatter {
  std::string toml{};
  std::string body{};
  std::int64_t body_line = 1;  ///< line of the file on which the body begins
};

/// Errc::bad_input when the file does not begin with `+++` or the block is not closed.
Result<FrontMatter> split_front_matter(std::string text);

}  // namespace bot
