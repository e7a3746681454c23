#pragma once

#include <string>
#include <string_view>

/// One normal form for everything that is compared: verbs, names, search (conversation.md E.1 rule 1).
namespace bot {

/// Width, case and compatibility forms folded, traditional characters made simplified, invisible marks gone.
std::string normal_form(std::string_view text);

/// The normal form without white space, punctuation, symbols and emoji. A text that consists of nothing else
/// keeps them: "?" and "。" are words too. A leading sign stays: "+1" joins a chain, "1" answers a question.
std::string compact_form(std::string_view text);

/// The normal form of the first letter or digit; 0 when there is none. Much cheaper than the forms above:
/// most talk can be told from a command by it.
char32_t first_letter(std::string_view text);

}  // namespace bot
