#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bot/base/result.hpp"

/// Lenient reading of other people's JSON: a field that is missing or of another type is absent, never an
/// exception. Depth is limited to 64 (reliability N6).
namespace bot::json {

/// Errc::bad_input for anything that is not one JSON value, is not UTF-8, or is nested deeper than 64.
Result<boost::json::value> parsed(std::string_view text);

/// The member, or nullptr when `value` is no object or has no such member.
const boost::json::value* member(const boost::json::value& value, std::string_view name) noexcept;

/// A string without its zero bytes, an integer as decimal digits. Ids are text everywhere, whatever the
/// platform sends.
std::string id(const boost::json::value* value);
/// A string without its zero bytes; empty when absent or of another type.
std::string text(const boost::json::value* value);
/// An integer, also when written as a string or as a whole double; absent when out of range.
std::optional<std::int64_t> integer(const boost::json::value* value) noexcept;
std::optional<bool> boolean(const boost::json::value* value) noexcept;

}  // namespace bot::json
