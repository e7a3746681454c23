/// Who may dial us: tokens, and signatures by the vectors that were computed elsewhere.
#include "bot/platforms/onebot/credentials.hpp"

#include <doctest/doctest.h>

#include <string>

#include "bot/base/hashes.hpp"

using namespace bot;
using namespace bot::onebot;

namespace {

constexpr const char* kSecret = "kukafei3";
constexpr const char* kMessage =
    R"({"time":1515204254,"self_id":10001000,"post_type":"message","message_type":"group","sub_type":"normal",)"
    R"("message_id":12,"group_id":987654321,"user_id":12345678,"message":"/remind 20:00 复习&练习[1]",)"
    R"("raw_message":"/remind 20:00 复习&amp;练习&#91;1&#93;","font":0,"sender":{"user_id":12345678,)"
    R"("nickname":"小明","role":"member"}})";
constexpr const char* kHeartbeat =
    R"({"time":1700000000,"self_id":10001000,"post_type":"meta_event","meta_event_type":"heartbeat",)"
    R"("status":{"online":true,"good":true},"interval":30000})";

int verdict(const std::string& body, const std::string& signature) {
  HttpCall call;
  call.body = body;
  if (!signature.empty()) call.headers.emplace_back("x-signature", signature);
  return verdict_on_signature(call, kSecret).status;
}

int token_verdict(const std::string& authorization, const std::string& query = "") {
  HttpCall call;
  call.query = query;
  if (!authorization.empty()) call.headers.emplace_back("authorization", authorization);
  return verdict_on_token(call, "T").status;
}

}  // namespace

TEST_CASE("signatures: the vectors") {
  CHECK(std::string(kMessage).size() == 336);
  CHECK(std::string(kHeartbeat).size() == 147);
  CHECK(verdict(kMessage, "sha1=904330d74ee2618f5ccf0f1a68fbbeef29ec9a70") == 204);
  CHECK(verdict(kHeartbeat, "sha1=54cdc6c157a4505252e5287e08f6141dad2e9fda") == 204);
  CHECK(verdict("", "sha1=df568eed1ad9e1bb5a8c710f7177fff84d282379") == 204);
}

TEST_CASE("signatures: anything else is refused") {
  const std::string right = "sha1=54cdc6c157a4505252e5287e08f6141dad2e9fda";
  std::string body = kHeartbeat;
  body[10] = '2';
  CHECK(verdict(body, right) == 403);
  CHECK(verdict(std::string(kHeartbeat) + "\n", right) == 403);
  CHECK(verdict(kHeartbeat, "sha1=54CDC6C157A4505252E5287E08F6141DAD2E9FDA") == 403);
  CHECK(verdict(kHeartbeat, right.substr(5)) == 403);
  CHECK(verdict(kHeartbeat, right.substr(0, 44)) == 403);
  CHECK(verdict(kHeartbeat, "sha1=") == 403);
  CHECK(verdict(kHeartbeat, "") == 401);
  CHECK(verdict_on_signature(HttpCall(), "").status == 204);
}

TEST_CASE("tokens: Bearer, Token and the query, in any case") {
  for (const std::string header : {"Bearer T", "bearer T", "Token T", "TOKEN   T", " Bearer T "})
    CHECK_MESSAGE(token_verdict(header) == 101, header);
  CHECK(token_verdict("", "access_token=T") == 101);
  CHECK(token_verdict("", "x=1&access_token=%54") == 101);
  CHECK(token_verdict("Bearer ", "access_token=T") == 101);
  for (const std::string header : {"Bearer", "Bearer ", "T", "Basic T", ""})
    CHECK_MESSAGE(token_verdict(header) == 401, header);
  for (const std::string header : {"Bearer t", "Bearer TT", "Bearer T T", "Bearer x"})
    CHECK_MESSAGE(token_verdict(header) == 403, header);
  CHECK(token_verdict("Bearer x", "access_token=T") == 403);
  CHECK(token_verdict("", "access_token=x") == 403);
  CHECK(verdict_on_token(HttpCall(), "").status == 101);
}

TEST_CASE("secrets are compared whole") {
  CHECK(same_secret("", ""));
  CHECK(same_secret("abc", "abc"));
  CHECK_FALSE(same_secret("abc", "abd"));
  CHECK_FALSE(same_secret("abc", "ab"));
  CHECK_FALSE(same_secret("", "a"));
}
