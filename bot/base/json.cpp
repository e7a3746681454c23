#include "bot/base/json.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <cmath>

namespace bot::json {

namespace {

constexpr std::size_t kDeepest = 64;

/// Not every database holds a zero byte in a text, and no person types one.
std::string without_zeros(const boost::json::string& text) {
  std::string result(text.data(), text.size());
  std::erase(result, '\0');
  return result;
}

}  // namespace

Result<boost::json::value> parsed(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = kDeepest;
  boost::json::error_code failure;
  boost::json::value value = boost::json::parse(text, failure, {}, options);
  if (failure) return Error{Errc::bad_input, "JSON: " + failure.message()};
  return value;
}

const boost::json::value* member(const boost::json::value& value, std::string_view name) noexcept {
  const auto* object = value.if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

std::string id(const boost::json::value* value) {
  if (value == nullptr) return {};
  if (const auto* string = value->if_string()) return without_zeros(*string);
  if (const auto* number = value->if_int64()) return std::to_string(*number);
  if (const auto* number = value->if_uint64()) return std::to_string(*number);
  return {};
}

std::string text(const boost::json::value* value) {
  const auto* string = value == nullptr ? nullptr : value->if_string();
  return string == nullptr ? std::string() : without_zeros(*string);
}

std::optional<std::int64_t> integer(const boost::json::value* value) noexcept {
  if (value == nullptr) return std::nullopt;
  if (const auto* number = value->if_int64()) return *number;
  if (const auto* number = value->if_double()) {
    constexpr double kExact = 9007199254740992.0;  // 2^53
    if (std::abs(*number) <= kExact && std::trunc(*number) == *number)
      return static_cast<std::int64_t>(*number);
    return std::nullopt;
  }
  if (const auto* string = value->if_string()) {
    std::int64_t number = 0;
    const char* end = string->data() + string->size();
    const auto [stop, failure] = std::from_chars(string->data(), end, number);
    if (failure == std::errc() && stop == end) return number;
  }
  return std::nullopt;
}

std::optional<bool> boolean(const boost::json::value* value) noexcept {
  const auto* flag = value == nullptr ? nullptr : value->if_bool();
  return flag == nullptr ? std::nullopt : std::optional<bool>(*flag);
}

}  // namespace bot::json
