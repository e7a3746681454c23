#include "bot/platforms/onebot/credentials.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "bot/base/hashes.hpp"
#include "bot/base/utf8.hpp"

namespace bot::onebot {

namespace {

bool same_word(std::string_view word, std::string_view lower) {
  return std::ranges::equal(word, lower, {}, [](unsigned char c) { return std::tolower(c); });
}

std::string token_in(const HttpCall& call) {
  const std::string_view header = utf8::trimmed(call.header("Authorization"));
  const std::size_t end = std::min(header.find(' '), header.size());
  const std::string_view scheme = header.substr(0, end);
  const std::string_view token = utf8::trimmed(header.substr(end));
  const bool known = same_word(scheme, "bearer") || same_word(scheme, "token");
  if (known && !token.empty()) return std::string(token);
  return call.parameter("access_token");
}

}  // namespace

HttpReply verdict_on_token(const HttpCall& call, const std::string& token) {
  if (token.empty()) return HttpReply(101);
  const std::string given = token_in(call);
  if (given.empty()) return HttpReply(401, "the token is missing");
  return same_secret(given, token) ? HttpReply(101) : HttpReply(403, "the token is wrong");
}

HttpReply verdict_on_signature(const HttpCall& call, const std::string& key) {
  if (key.empty()) return HttpReply(204);
  const std::string_view given = call.header("X-Signature");
  if (given.empty()) return HttpReply(401, "the signature is missing");
  const std::string right = "sha1=" + hmac_sha1_hex(key, call.body);
  return same_secret(given, right) ? HttpReply(204) : HttpReply(403, "the signature is wrong");
}

}  // namespace bot::onebot
