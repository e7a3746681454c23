#pragma once

#include <string>
#include <string_view>

namespace bot {

/// With padding, in one line.
std::string base64(std::string_view bytes);

}  // namespace bot
