#pragma once

#include <string>
#include <string_view>

namespace bot {

/// Markdown as it reads well in a chat: no marks, headings and lists on lines of their own, links as
/// `text (address)`, paragraphs divided by one line feed.
std::string chat_text(std::string_view markdown);

}  // namespace bot
