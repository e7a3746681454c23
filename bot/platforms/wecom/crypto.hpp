#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "bot/base/result.hpp"

/// WeCom's envelopes (protocols: wecom.md 4.1): AES-256-CBC with padding to 32 bytes, signed with SHA-1.
/// Nothing here knows what is inside.
namespace bot::wecom {

using AesKey = std::array<unsigned char, 32>;

/// What arrives around a message; borrowed. Percent signs are decoded already.
struct Sealed {
  std::string_view signature{};
  std::string_view timestamp{};
  std::string_view nonce{};
  std::string_view encrypted{};  ///< Base64
};

/// The token and the EncodingAESKey of one callback address.
class Envelope {
 public:
  /// Errc::bad_input: the key is not 43 characters of Base64. The last one may hold spare bits, as in WeCom's
  /// own sample. `receiver` is the "receiveid": empty for a company's own robot.
  static Result<Envelope> with(std::string token, std::string_view encoding_aes_key,
                               std::string receiver = {});

  /// 40 lower-case hexadecimal digits.
  std::string signature(std::string_view timestamp, std::string_view nonce, std::string_view encrypted) const;
  /// Whether it comes from who knows the token. Compares in constant time.
  bool is_signed(const Sealed& sealed) const;
  /// What is inside. Errc::refused: the signature is wrong. Errc::bad_input: it is right, but the inside is
  /// no message to this receiver.
  Result<std::string> opened(const Sealed& sealed) const;

  /// The "encrypt" of a message. `salt` is 16 random bytes.
  std::string encrypted(std::string_view message, std::string_view salt) const;

 private:
  Envelope(std::string token, AesKey key, std::string receiver)
      : token_(std::move(token)), key_(key), receiver_(std::move(receiver)) {}

  std::string token_;
  AesKey key_;
  std::string receiver_;
};

/// A picture or a file as the platform keeps it; `key` is the message's "aeskey", with or without "=" at its
/// end. Errc::bad_input when key or bytes are none.
Result<std::string> opened_media(std::string_view key, std::string_view bytes);

}  // namespace bot::wecom
