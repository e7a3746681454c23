#pragma once

#include <string>
#include <vector>

#include "bot/base/instant.hpp"
#include "bot/base/result.hpp"

namespace bot {

/// Runs a program to its end, with `input` as its standard input and its output thrown away. `command` is its
/// whole path and its arguments; there is no shell. Of our environment it sees PATH, HOME, USER, TZ and the
/// language, so no secret; of our files nothing. Blocks; after `limit` it is killed with all that it started.
/// Errc::not_found: it cannot be started. Errc::refused: it ended with another code than 0. Errc::closed: it
/// was killed.
Result<void> run_command(const std::vector<std::string>& command, const std::string& input,
                         Milliseconds limit);

}  // namespace bot
