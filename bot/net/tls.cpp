#include "bot/net/tls.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>

namespace bot::tls {

namespace ssl = boost::asio::ssl;

Result<std::shared_ptr<ssl::context>> client_context(const std::string& authorities) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  boost::system::error_code failure;
  if (SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION) != 1) {
    return Error{Errc::unknown, "TLS 1.2 is not available"};
  }
  context->set_verify_mode(ssl::verify_peer, failure);
  if (failure) return Error{Errc::unknown, "TLS verification: " + failure.message()};
  if (authorities.empty()) {
    context->set_default_verify_paths(failure);
  } else {
    context->load_verify_file(authorities, failure);
  }
  if (failure)
    return Error{Errc::bad_input, "certificate authorities " + authorities + ": " + failure.message()};
  return context;
}

Result<void> expect_host(ssl_st* session, const std::string& host) {
  boost::system::error_code no_address;
  boost::asio::ip::make_address(host, no_address);
  X509_VERIFY_PARAM* expected = SSL_get0_param(session);
  bool accepted = false;
  if (no_address) {
    X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    accepted = X509_VERIFY_PARAM_set1_host(expected, host.c_str(), host.size()) == 1 &&
               SSL_set_tlsext_host_name(session, host.c_str()) == 1;
  } else {
    accepted = X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1;
  }
  if (!accepted) return Error{Errc::bad_input, "no host name: " + host};
  return {};
}

Error refused_by(const ssl_st* session, const boost::system::error_code& failure) {
  const long verdict = SSL_get_verify_result(session);
  if (verdict == X509_V_OK) return Error{Errc::unreachable, "TLS: " + failure.message()};
  return Error{Errc::unreachable,
               std::string("TLS: certificate refused: ") + X509_verify_cert_error_string(verdict)};
}

}  // namespace bot::tls
