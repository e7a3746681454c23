#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bot {

/// A text in parts of at most `characters` code points and `lines` lines, cut at line ends, then at sentence
/// ends, and within a sentence only when it alone is longer than a part. At least one part.
std::vector<std::string> pages_of(std::string_view text, std::size_t characters, std::size_t lines);

}  // namespace bot
