#pragma once

#include <memory>
#include <string>

#include "bot/base/result.hpp"

struct ssl_st;
namespace boost::asio::ssl {
class context;
}

/// TLS as a client, without a way to switch checking off.
namespace bot::tls {

/// TLS 1.2 or newer; the peer's certificate is verified against the system's authorities, or against those in
/// the PEM file `authorities` alone when it is not empty. Errc::bad_input when that file cannot be used.
Result<std::shared_ptr<boost::asio::ssl::context>> client_context(const std::string& authorities);

/// Makes the handshake of `session` fail unless the certificate is for `host` (a name or an IP address), and
/// names the host to the server (SNI). Errc::bad_input for a host that OpenSSL rejects.
Result<void> expect_host(ssl_st* session, const std::string& host);

/// Why the handshake of `session` failed. Errc::unreachable; names what is wrong with the peer's certificate,
/// if that is the reason, such as "certificate has expired" or "hostname mismatch".
Error refused_by(const ssl_st* session, const boost::system::error_code& failure);

}  // namespace bot::tls
