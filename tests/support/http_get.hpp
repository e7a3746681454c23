#pragma once

#include <cstdint>
#include <string>

namespace support {

/// One GET from 127.0.0.1 (or another address of this machine): the body of a 200, else the status line's
/// number, else "no connection".
std::string http_get(std::uint16_t port, const std::string& target, const std::string& host = "127.0.0.1");

/// A port on 127.0.0.1 that nobody listened on a moment ago.
std::uint16_t free_port();

}  // namespace support
