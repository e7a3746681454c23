#pragma once

#include <optional>
#include <string>
#include <string_view>

/// What platforms sign and name bytes with. OpenSSL does the work.
namespace bot {

/// The 32 raw bytes of HMAC-SHA256. Either may be empty.
std::string hmac_sha256(std::string_view key, std::string_view data);
/// Lower-case hexadecimal.
std::string hmac_sha1_hex(std::string_view key, std::string_view data);
std::string sha1_hex(std::string_view data);
std::string sha256_hex(std::string_view data);
/// Lower-case hexadecimal; for platforms that name bytes by it, not for proofs.
std::string md5_hex(std::string_view data);

/// With padding, in one line.
std::string base64(std::string_view bytes);
/// nullopt for anything that base64() does not write.
std::optional<std::string> from_base64(std::string_view text);

/// Takes as long whatever the difference is, so that nobody can guess a secret piece by piece.
bool same_secret(std::string_view left, std::string_view right) noexcept;

}  // namespace bot
