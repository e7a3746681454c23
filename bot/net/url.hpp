#pragma once

#include <cstdint>
#include <string>

#include "bot/base/result.hpp"

namespace bot {

/// Where an address leads, taken apart.
struct Url {
  bool secure = false;
  std::string host{};  ///< without brackets
  std::uint16_t port = 0;
  std::string authority{};  ///< host and port as written, for the Host header
  std::string target{};     ///< path and query; begins with "/"
};

/// The schemes of one protocol.
struct UrlSchemes {
  const char* plain;
  const char* secure;
};
inline constexpr UrlSchemes kWebSocketSchemes{"ws", "wss"};
inline constexpr UrlSchemes kHttpSchemes{"http", "https"};

/// Errc::bad_input, whose detail shows nothing of the address: another scheme, no host, a bad port, or a name
/// or password in it. A fragment is dropped.
Result<Url> parsed_url(const std::string& address, UrlSchemes schemes);

}  // namespace bot
