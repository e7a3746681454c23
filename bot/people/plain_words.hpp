#pragma once

#include <cstddef>
#include <string_view>

namespace bot::people {

/// Whether the text can be nothing but a name or a label, wherever it is shown or exported: one line of at
/// most `longest` code points that has a letter or digit, and of ASCII, full width included, only letters,
/// digits, spaces, and . - ' ·
bool plain_words(std::string_view text, std::size_t longest);

}  // namespace bot::people
