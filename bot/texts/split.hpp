#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/chat/text_limit.hpp"

namespace bot {

/// What stands at the end of a part, such as "(2/3)"; `index` counts from 1.
using PartLabel = std::function<std::string(std::size_t index, std::size_t count)>;

/// The text in parts that keep the limit, their labels included; a text that keeps it is one part without a
/// label. A part ends at the end of a line, else of a sentence, else of a clause, else at a space, provided
/// that it is at least a third full; else between two characters, a web address and an @name being one
/// character where that can be. Nothing gets lost but white space around the cuts. Where a label leaves no
/// room, there are none; a single code point is never torn, even when it is longer than the limit.
std::vector<std::string> split_message(std::string_view text, const TextLimit& limit, const PartLabel& label);

}  // namespace bot
