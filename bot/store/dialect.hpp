#pragma once

#include <string>
#include <string_view>

#include "bot/store/sql.hpp"

namespace bot::sql {

/// Schema text is the same for both databases but for these words:
/// `{id}` identity key, `{int}` 64-bit integer, `{real}`, `{bytes}`, and behind a table `{strict}`, or
/// `{table}` when its rows are found by their primary key alone.
std::string expanded(std::string_view schema, Dialect dialect);

}  // namespace bot::sql
