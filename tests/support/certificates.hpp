#pragma once

#include <string>

/// Certificates made when a test runs, so that none lies in the repository and none expires there.
namespace support {

struct Certificate {
  std::string authority{};  ///< PEM: the private authority that signed it
  std::string own{};        ///< PEM: for the server
  std::string key{};        ///< PEM: the server's key
};

enum class Validity { valid, expired };

/// For one host, a name or an IP address; valid for a day, or until yesterday. Throws std::runtime_error when
/// OpenSSL cannot.
Certificate make_certificate(const std::string& host, Validity validity = Validity::valid);

}  // namespace support
