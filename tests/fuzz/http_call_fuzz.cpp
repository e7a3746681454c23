/// A query names its parameters whatever it holds: one that was written into it is read back, and no decoding
/// makes more bytes than there were. An input is the query of a callback.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "bot/net/http_server.hpp"

using namespace bot;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

/// Every byte as its number, so that none of them means anything.
std::string written(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char one : bytes) {
    const auto byte = static_cast<unsigned char>(one);
    text += '%';
    text += digits[byte / 16U];
    text += digits[byte % 16U];
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string query(reinterpret_cast<const char*>(data), size);
  HttpCall call;
  call.query = query;
  for (const char* name : {"msg_signature", "timestamp", "nonce", "echostr", "access_token", ""})
    require(call.parameter(name).size() <= query.size());
  call.query = written("sign\n") + "=" + written(query) + "&" + query;
  require(call.parameter("sign\n") == query);
  return 0;
}
