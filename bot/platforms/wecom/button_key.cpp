#include "bot/platforms/wecom/button_key.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "bot/base/utf8.hpp"

namespace bot::wecom {

namespace {

constexpr std::string_view kPrefix = "say:";
constexpr std::size_t kLongest = 1024;

}  // namespace

std::optional<std::string> button_key(std::string_view command) {
  std::string key(kPrefix);
  key += boost::urls::encode(utf8::repaired(command), boost::urls::unreserved_chars);
  if (key.size() > kLongest) return std::nullopt;
  return key;
}

std::optional<std::string> command_in(std::string_view key) {
  if (!key.starts_with(kPrefix)) return std::nullopt;
  key.remove_prefix(kPrefix.size());
  const auto encoded = boost::urls::make_pct_string_view(boost::urls::string_view(key.data(), key.size()));
  if (!encoded) return std::nullopt;
  std::string command = encoded->decode();
  std::erase(command, '\0');
  return utf8::repaired(command);
}

}  // namespace bot::wecom
