/// Opening an envelope never fails but by its value, and what was sealed comes out as it was.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "bot/base/hashes.hpp"
#include "bot/platforms/wecom/button_key.hpp"
#include "bot/platforms/wecom/crypto.hpp"
#include "tests/support/wecom_vectors.hpp"

using namespace bot;
using namespace bot::wecom;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

/// Signed by who knows the token, so that the inside is reached.
Result<std::string> opened(const Envelope& envelope, std::string_view encrypted) {
  const std::string signature = envelope.signature("1", "n", encrypted);
  return envelope.opened({signature, "1", "n", encrypted});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static const Envelope envelope = *Envelope::with(support::kOwnToken, support::kOwnKey);
  require(!envelope.is_signed({bytes, "1", "n", bytes}));
  opened(envelope, bytes);
  opened(envelope, base64(bytes));
  const auto back = opened(envelope, envelope.encrypted(bytes, "0123456789abcdef"));
  require(back.has_value() && *back == bytes);
  Envelope::with("t", bytes);
  opened_media("PJQ4jMLp3M9xHgzPIRIGrY6xnJ2YGKDdjMPlyvT6G7A", bytes);
  opened_media(bytes, std::string(32, 'x'));
  command_in(bytes);
  return 0;
}
