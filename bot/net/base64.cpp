#include "bot/net/base64.hpp"

#include <openssl/evp.h>

#include <limits>
#include <stdexcept>

namespace bot {

std::string base64(std::string_view bytes) {
  if (bytes.size() > std::numeric_limits<int>::max() / 2) throw std::length_error("too long for base64");
  std::string encoded((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a zero
  const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()), from, static_cast<int>(bytes.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return encoded;
}

}  // namespace bot
