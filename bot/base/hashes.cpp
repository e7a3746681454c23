#include "bot/base/hashes.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

namespace bot {

namespace {

using Bytes = std::array<unsigned char, EVP_MAX_MD_SIZE>;

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hex(const Bytes& bytes, std::size_t count) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    text += digits[bytes[i] >> 4U];
    text += digits[bytes[i] & 15U];
  }
  return text;
}

std::string hex_digest(const EVP_MD* method, std::string_view data) {
  Bytes bytes{};
  unsigned count = 0;
  if (EVP_Digest(data.data(), data.size(), bytes.data(), &count, method, nullptr) != 1)
    throw std::runtime_error("OpenSSL computes no digest");
  return hex(bytes, count);
}

/// Returns how many bytes it is.
std::size_t hmac(const EVP_MD* method, std::string_view key, std::string_view data, Bytes& bytes) {
  unsigned count = 0;
  const unsigned char* done =
      HMAC(method, key.data(), static_cast<int>(key.size()), raw(data), data.size(), bytes.data(), &count);
  if (done == nullptr) throw std::runtime_error("OpenSSL computes no HMAC");
  return count;
}

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view data) {
  Bytes bytes{};
  const std::size_t count = hmac(EVP_sha256(), key, data, bytes);
  return std::string(reinterpret_cast<const char*>(bytes.data()), count);
}

std::string hmac_sha1_hex(std::string_view key, std::string_view data) {
  Bytes bytes{};
  const std::size_t count = hmac(EVP_sha1(), key, data, bytes);
  return hex(bytes, count);
}

std::string sha1_hex(std::string_view data) {
  return hex_digest(EVP_sha1(), data);
}

std::string sha256_hex(std::string_view data) {
  return hex_digest(EVP_sha256(), data);
}

std::string md5_hex(std::string_view data) {
  return hex_digest(EVP_md5(), data);
}

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), raw(bytes),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), raw(text),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  // OpenSSL counts the padding as bytes.
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  // OpenSSL skips blanks and accepts stray bits at the end.
  return base64(bytes) == text ? std::optional(std::move(bytes)) : std::nullopt;
}

bool same_secret(std::string_view left, std::string_view right) noexcept {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace bot
