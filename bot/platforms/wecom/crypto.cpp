#include "bot/platforms/wecom/crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "bot/base/hashes.hpp"

namespace bot::wecom {

namespace {

constexpr std::size_t kBlock = 16;  // of AES
constexpr std::size_t kPadTo = 32;
constexpr std::size_t kSalt = 16;
constexpr std::size_t kLengthField = 4;
constexpr std::size_t kKeyCharacters = 43;
constexpr unsigned kByte = 8;

struct Freed {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, Freed>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

bool is_base64(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '/';
}

/// Spare bits of the last character count for nothing, and "=" may be missing.
std::optional<std::string> from_lenient_base64(std::string_view text) {
  for (int signs = 0; signs < 2 && text.ends_with('='); ++signs) text.remove_suffix(1);
  if (text.size() % 4 == 1 || !std::ranges::all_of(text, is_base64)) return std::nullopt;
  std::string whole(text);
  whole.append((4 - whole.size() % 4) % 4, 'A');
  std::string decoded(whole.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(bytes_of(decoded), bytes_of(whole), static_cast<int>(whole.size())) < 0)
    return std::nullopt;
  decoded.resize(text.size() * 3 / 4);
  return decoded;
}

std::optional<AesKey> key_from(std::string_view text) {
  const auto decoded = from_lenient_base64(text);
  AesKey key{};
  if (!decoded || decoded->size() != key.size()) return std::nullopt;
  std::ranges::transform(*decoded, key.begin(), [](char c) { return static_cast<unsigned char>(c); });
  return key;
}

enum class Direction : int { decrypt = 0, encrypt = 1 };

/// AES-256-CBC over whole blocks; the key's beginning is the first vector.
std::string ciphered(const AesKey& key, std::string_view blocks, Direction direction) {
  const Context context(EVP_CIPHER_CTX_new());
  std::string result(blocks.size() + kBlock, '\0');
  int written = 0;
  int rest = 0;
  const bool done = context &&
                    EVP_CipherInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, key.data(), key.data(),
                                      static_cast<int>(direction)) == 1 &&
                    EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
                    EVP_CipherUpdate(context.get(), bytes_of(result), &written, bytes_of(blocks),
                                     static_cast<int>(blocks.size())) == 1 &&
                    EVP_CipherFinal_ex(context.get(), bytes_of(result) + written, &rest) == 1;
  if (!done) throw std::runtime_error("AES-256-CBC failed");
  result.resize(static_cast<std::size_t>(written + rest));
  return result;
}

/// Without PKCS#7 padding to 32 bytes, every byte of which is checked.
std::optional<std::string> unpadded(std::string padded) {
  if (padded.empty()) return std::nullopt;
  const auto count = static_cast<std::size_t>(static_cast<unsigned char>(padded.back()));
  if (count == 0 || count > kPadTo || count > padded.size()) return std::nullopt;
  const std::string_view padding = std::string_view(padded).substr(padded.size() - count);
  if (padding.find_first_not_of(padded.back()) != std::string_view::npos) return std::nullopt;
  padded.resize(padded.size() - count);
  return padded;
}

std::optional<std::string> decrypted(const AesKey& key, std::string_view bytes) {
  if (bytes.empty() || bytes.size() % kBlock != 0) return std::nullopt;
  return unpadded(ciphered(key, bytes, Direction::decrypt));
}

std::size_t length_in(std::string_view field) {
  std::size_t length = 0;
  for (const char c : field) length = (length << kByte) | static_cast<unsigned char>(c);
  return length;
}

std::string length_field(std::size_t length) {
  std::string field(kLengthField, '\0');
  for (std::size_t at = kLengthField; at > 0; --at) {
    field[at - 1] = static_cast<char>(length & 0xffU);
    length >>= kByte;
  }
  return field;
}

}  // namespace

Result<Envelope> Envelope::with(std::string token, std::string_view encoding_aes_key, std::string receiver) {
  const auto key = encoding_aes_key.size() == kKeyCharacters ? key_from(encoding_aes_key) : std::nullopt;
  if (!key) return Error{Errc::bad_input, "the EncodingAESKey is not 43 characters of Base64"};
  return Envelope(std::move(token), *key, std::move(receiver));
}

std::string Envelope::signature(std::string_view timestamp, std::string_view nonce,
                                std::string_view encrypted) const {
  std::array<std::string_view, 4> parts{token_, timestamp, nonce, encrypted};
  std::ranges::sort(parts);
  std::string joined;
  for (const std::string_view part : parts) joined += part;
  return sha1_hex(joined);
}

bool Envelope::is_signed(const Sealed& sealed) const {
  const std::string right = signature(sealed.timestamp, sealed.nonce, sealed.encrypted);
  return same_secret(sealed.signature, right);
}

Result<std::string> Envelope::opened(const Sealed& sealed) const {
  if (!is_signed(sealed)) return Error{Errc::refused, "the signature is wrong"};
  const auto bytes = from_lenient_base64(sealed.encrypted);
  if (!bytes) return Error{Errc::bad_input, "not in Base64"};
  const auto plain = decrypted(key_, *bytes);
  if (!plain || plain->size() < kSalt + kLengthField)
    return Error{Errc::bad_input, "not encrypted with this EncodingAESKey"};
  const std::string_view inside = std::string_view(*plain).substr(kSalt + kLengthField);
  const std::size_t length = length_in(std::string_view(*plain).substr(kSalt, kLengthField));
  if (length > inside.size()) return Error{Errc::bad_input, "longer than it is"};
  if (inside.substr(length) != receiver_) return Error{Errc::bad_input, "meant for another receiver"};
  return std::string(inside.substr(0, length));
}

std::string Envelope::encrypted(std::string_view message, std::string_view salt) const {
  std::string plain(salt);
  plain.resize(kSalt, '0');
  plain += length_field(message.size());
  plain += message;
  plain += receiver_;
  const std::size_t count = kPadTo - plain.size() % kPadTo;
  plain.append(count, static_cast<char>(count));
  return base64(ciphered(key_, plain, Direction::encrypt));
}

Result<std::string> opened_media(std::string_view key, std::string_view bytes) {
  const auto aes_key = key_from(key);
  if (!aes_key) return Error{Errc::bad_input, "the aeskey is not 32 bytes in Base64"};
  auto plain = decrypted(*aes_key, bytes);
  if (!plain) return Error{Errc::bad_input, "not encrypted with this aeskey"};
  return std::move(*plain);
}

}  // namespace bot::wecom
