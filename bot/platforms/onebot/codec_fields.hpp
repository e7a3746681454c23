#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "bot/base/instant.hpp"

/// The fields of a frame, read leniently: what is missing or of another type is empty.
namespace bot::onebot {

/// Borrowed from the frame, and unlike text() with its zero bytes: to be compared, not kept.
std::string_view view(const boost::json::value* text) noexcept;
std::string_view view(const boost::json::value& holder, std::string_view name) noexcept;

std::string id(const boost::json::value& holder, std::string_view name);
std::string text(const boost::json::value& holder, std::string_view name);
/// The first of these fields that is no empty text.
std::string first_text(const boost::json::value& holder, std::initializer_list<std::string_view> names);
/// The first of these fields that is an address on the web. Files of the platform's own machine and apps' own
/// schemes are none: nobody here shall open them.
std::string first_url(const boost::json::value& holder, std::initializer_list<std::string_view> names);
/// A number, also when written as a string.
std::optional<double> real(const boost::json::value& holder, std::string_view name) noexcept;

/// Seconds, or the milliseconds that NapCat falls back to; `fallback` when it is neither.
Instant time_of(const boost::json::value* stated, Instant fallback) noexcept;

}  // namespace bot::onebot
