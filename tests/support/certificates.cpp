#include "tests/support/certificates.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <memory>
#include <stdexcept>

namespace support {

namespace {

template <auto free>
struct Freed {
  template <class T>
  void operator()(T* it) const {
    free(it);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Freed<X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free>>;

constexpr long kDay = 24L * 60 * 60;

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("no test certificate: ") + what);
}

std::string text_of(const Memory& memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

std::string pem(const X509Ptr& certificate) {
  const Memory memory(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_X509(memory.get(), certificate.get()) == 1, "PEM");
  return text_of(memory);
}

std::string pem(const Key& key) {
  const Memory memory(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_PrivateKey(memory.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
          "PEM");
  return text_of(memory);
}

void extend(X509* certificate, X509* issuer, int kind, const std::string& text) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, kind, text.c_str()));
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, text.c_str());
}

X509Ptr unsigned_certificate(const Key& key, const char* name, long serial) {
  X509Ptr made(X509_new());
  require(X509_set_version(made.get(), 2) == 1, "version");
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), kDay);
  X509_set_pubkey(made.get(), key.get());
  const auto* text = reinterpret_cast<const unsigned char*>(name);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8, text, -1, -1, 0);
  return made;
}

void expire(const X509Ptr& certificate) {
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3 * kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), -kDay);
}

void sign(const X509Ptr& certificate, const X509Ptr& issuer, const Key& key) {
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get()));
  require(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0, "signature");
}

std::string subject_alternative(const std::string& host) {
  boost::system::error_code is_name;
  boost::asio::ip::make_address(host, is_name);
  return (is_name ? "DNS:" : "IP:") + host;
}

}  // namespace

Certificate make_certificate(const std::string& host, Validity validity) {
  const Key authority_key(EVP_EC_gen("P-256"));
  const Key key(EVP_EC_gen("P-256"));
  require(authority_key && key, "keys");

  const X509Ptr authority = unsigned_certificate(authority_key, "Test authority", 1);
  extend(authority.get(), authority.get(), NID_basic_constraints, "critical,CA:TRUE");
  extend(authority.get(), authority.get(), NID_key_usage, "critical,keyCertSign");
  sign(authority, authority, authority_key);

  const X509Ptr own = unsigned_certificate(key, "Test server", 2);
  if (validity == Validity::expired) expire(own);
  extend(own.get(), authority.get(), NID_subject_alt_name, subject_alternative(host));
  sign(own, authority, authority_key);
  return Certificate{pem(authority), pem(own), pem(key)};
}

}  // namespace support
