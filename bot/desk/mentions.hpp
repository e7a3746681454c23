#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "bot/chat/message.hpp"

namespace bot {

/// The message with what `name_of` calls the user instead of a mention of those who do not want one.
Message without_mentions_of(const std::function<bool(const std::string& user)>& unwilling,
                            const Message& message,
                            const std::function<std::string(const std::string& user)>& name_of);

/// The message with no more than `most` mentions (`mentions` of the limits): later people are written as
/// text, an at sign and what `name_of` calls the user, and who is mentioned twice is so once. A mention of
/// everybody is left alone; its quota is `everyone_day`.
Message limited_mentions(const Message& message, std::optional<std::int64_t> most,
                         const std::function<std::string(const std::string& user)>& name_of);

}  // namespace bot
