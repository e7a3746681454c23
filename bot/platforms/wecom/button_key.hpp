#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bot::wecom {

/// The key of a button: what a tap on it brings back (wecom.md 5: at most 1024 bytes). Nothing when the
/// command is too long for it.
std::optional<std::string> button_key(std::string_view command);
/// The command of a key that button_key() made.
std::optional<std::string> command_in(std::string_view key);

}  // namespace bot::wecom
