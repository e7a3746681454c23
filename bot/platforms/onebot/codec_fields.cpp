#include "bot/platforms/onebot/codec_fields.hpp"

#include <boost/json.hpp>
#include <charconv>

#include "bot/base/json.hpp"

namespace bot::onebot {

namespace {

using boost::json::value;

constexpr std::int64_t kSecondsBelow = 100'000'000'000;
constexpr std::int64_t kMillisecondsBelow = kSecondsBelow * 1000;

bool is_on_the_web(std::string_view url) noexcept {
  return url.starts_with("https://") || url.starts_with("http://");
}

}  // namespace

std::string_view view(const value* text) noexcept {
  const auto* string = text == nullptr ? nullptr : text->if_string();
  return string == nullptr ? std::string_view() : std::string_view(string->data(), string->size());
}

std::string_view view(const value& holder, std::string_view name) noexcept {
  return view(json::member(holder, name));
}

std::string id(const value& holder, std::string_view name) {
  return json::id(json::member(holder, name));
}

std::string text(const value& holder, std::string_view name) {
  return json::text(json::member(holder, name));
}

std::string first_text(const value& holder, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    std::string found = text(holder, name);
    if (!found.empty()) return found;
  }
  return {};
}

std::string first_url(const value& holder, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    std::string found = text(holder, name);
    if (is_on_the_web(found)) return found;
  }
  return {};
}

std::optional<double> real(const value& holder, std::string_view name) noexcept {
  const value* field = json::member(holder, name);
  if (field == nullptr) return std::nullopt;
  boost::json::error_code failure;
  const auto number = field->to_number<double>(failure);
  if (!failure) return number;
  const std::string_view written = view(field);
  double parsed = 0;
  const char* end = written.data() + written.size();
  const auto [stop, error] = std::from_chars(written.data(), end, parsed);
  if (error != std::errc() || stop != end) return std::nullopt;
  return parsed;
}

Instant time_of(const value* stated, Instant fallback) noexcept {
  const std::int64_t time = json::integer(stated).value_or(0);
  if (time <= 0 || time >= kMillisecondsBelow) return fallback;
  return from_ms(time < kSecondsBelow ? time * 1000 : time);
}

}  // namespace bot::onebot
