#include "bot/base/hashes.hpp"
#include "bot/platforms/wecom/crypto.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/wecom_vectors.hpp"

using namespace bot;
using namespace bot::wecom;
using namespace support;

namespace {

Envelope official() {
  return *Envelope::with(kOfficialToken, kOfficialKey, kOfficialReceiver);
}
Envelope own(const std::string& receiver = "") {
  return *Envelope::with(kOwnToken, kOwnKey, receiver);
}

/// As the sender of `encrypted` would sign it.
Result<std::string> opened(const Envelope& envelope, const std::string& encrypted) {
  const std::string signature = envelope.signature("1767225600", "n", encrypted);
  return envelope.opened({signature, "1767225600", "n", encrypted});
}

bool is_bad(const Result<std::string>& result) {
  return !result && result.error().code == Errc::bad_input;
}

std::string from_hex(const std::string& digits) {
  std::string bytes;
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    bytes += static_cast<char>(std::stoi(digits.substr(at, 2), nullptr, 16));
  }
  return bytes;
}

}  // namespace

TEST_CASE("WeCom's own sample: the check of the address, and a message") {
  const auto echo = official().opened(
      {"5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "1409659589", "263014780", kOfficialEcho});
  REQUIRE(echo.has_value());
  CHECK(*echo == "1616140317555161061");
  CHECK(official().encrypted(*echo, "c41b64491c2468d0") == kOfficialEcho);

  const auto message = official().opened(
      {"477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149", kOfficialMessage});
  REQUIRE(message.has_value());
  CHECK(message->find("<Content><![CDATA[hello]]></Content>\n") != std::string::npos);
  CHECK(message->find("<MsgId>4561255354251345929</MsgId>") != std::string::npos);
  CHECK(official().encrypted(*message, "0960688932c47ef1") == kOfficialMessage);
}

TEST_CASE("a key whose last character has spare bits; empty and other receivers") {
  const auto echo =
      own().opened({"c4cd615643454198c4e326aad2d7fd4d281e9401", "1767225600", "nonce123", kRobotEcho});
  REQUIRE(echo.has_value());
  CHECK(*echo == "4822031915");
  const auto message =
      own().opened({"585bc8acdbe7d970653e6d21b8d69634c8dcd0a9", "1767225601", "n-2", kRobotSealed});
  REQUIRE(message.has_value());
  CHECK(*message == kRobotMessage);
  CHECK(own().encrypted(kRobotMessage, "fedcba9876543210") == kRobotSealed);
  CHECK(own().encrypted(kAnswerMessage, "AAAABBBBCCCCDDDD") == kAnswerSealed);
  CHECK(own().signature("1767225602", "n-2", kAnswerSealed) == "a650a87f89f6820442a3d8f01774a9a043e6457f");
  const auto app =
      own(kOwnReceiver).opened({"1be751c034d7f5880ec6a0aadb063216cf8a93ee", "1767225603", "n4", kAppSealed});
  REQUIRE(app.has_value());
  CHECK(*app == kAppMessage);
}

TEST_CASE("padding around the boundary of 32 bytes") {
  const std::vector<std::pair<std::size_t, std::string>> cases = {
      {11, "Q3stYC6hdFzMh9T8HCvyDINhMCEmGJDDHMa/19fEKsk="},
      {12, "Q3stYC6hdFzMh9T8HCvyDL/REUy6XoCe3sU4HvxrUh7Kcl/rt/AR422qmJnDgwvf9NNo3s2z/BJTFH23ClXu3A=="},
      {13, "Q3stYC6hdFzMh9T8HCvyDLP9bEdQt0PxbWVX7BLPzJ4Hj8QcfSz4JNsXzuHXd4JJw3QCecs4FK9eHbghVqzjrA=="}};
  for (const auto& [count, encrypted] : cases) {
    CAPTURE(count);
    const std::string message(count, 'x');
    CHECK(own().encrypted(message, "0123456789abcdef") == encrypted);
    CHECK(*opened(own(), encrypted) == message);
  }
}

TEST_CASE("a signature with one wrong digit, or none, is refused") {
  const std::string signature = "c4cd615643454198c4e326aad2d7fd4d281e9401";
  for (std::size_t at = 0; at < signature.size(); ++at) {
    std::string wrong = signature;
    wrong[at] = wrong[at] == '0' ? '1' : '0';
    const auto result = own().opened({wrong, "1767225600", "nonce123", kRobotEcho});
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Errc::refused);
  }
  CHECK_FALSE(own().opened({"", "1767225600", "nonce123", kRobotEcho}).has_value());
  CHECK_FALSE(own().opened({signature + "0", "1767225600", "nonce123", kRobotEcho}).has_value());
  CHECK_FALSE(own().opened({signature, "1767225601", "nonce123", kRobotEcho}).has_value());
  CHECK_FALSE(Envelope::with("another", kOwnKey)
                  ->opened({signature, "1767225600", "nonce123", kRobotEcho})
                  .has_value());
}

TEST_CASE("signed, but not what it should be") {
  CHECK(is_bad(opened(own(), kAppSealed)));         // another receiver
  CHECK(is_bad(opened(own("ww1"), kRobotSealed)));  // none, but one is expected
  CHECK(is_bad(opened(official(), kRobotSealed)));  // another key
  CHECK(is_bad(opened(own(), "")));
  CHECK(is_bad(opened(own(), "====")));
  CHECK(is_bad(opened(own(), "no base64!")));
  CHECK(is_bad(opened(own(), base64(std::string(17, 'x')))));
  CHECK(is_bad(opened(own(), base64(std::string(32, 'x')))));
}

TEST_CASE("signed with the right key, and broken inside") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"padding of 0", "Q3stYC6hdFzMh9T8HCvyDCVZxcyQbjrOcGWnAvQ0j28="},
      {"padding of 33",
       "Q3stYC6hdFzMh9T8HCvyDIVtoBqia7ZeGWWQdDe9d369hSct09AZkd1dkk50u4kuMlLg+5w8duylz64r9ySBHA=="},
      {"uneven padding", "Q3stYC6hdFzMh9T8HCvyDKsb6FcHpmzr+6B3EFQOJHc="},
      {"a length one too long", "Q3stYC6hdFzMh9T8HCvyDKYOsc6KpDKC5K8z+QXkIV0="},
      {"a length of 4 GiB", "Q3stYC6hdFzMh9T8HCvyDOradshh7zvsHOLDOq1GxJ0="},
      {"nothing but padding", "mvbabGlr1RK2fbfudn9WPJz7jnmem7if9W0uDrMjeE0="},
      {"too short for a length", "sA4EvKTJuo/xfyTU3SnfPdb/0w6/DudBmWkt+0RgQOw="}};
  for (const auto& [what, encrypted] : cases) {
    CAPTURE(what);
    CHECK(is_bad(opened(own(), encrypted)));
  }
}

TEST_CASE("a key that is none") {
  CHECK_FALSE(Envelope::with("t", "").has_value());
  CHECK_FALSE(Envelope::with("t", std::string(42, 'a')).has_value());
  CHECK_FALSE(Envelope::with("t", std::string(44, 'a')).has_value());
  CHECK_FALSE(Envelope::with("t", std::string(42, 'a') + "-").has_value());
}

TEST_CASE("media of the long connection") {
  const std::string bytes = from_hex("7fca7a52a6113e7689954d462e5fc5dec7a398ed4a731161c8bab5e279cecf01");
  const std::string key = "PJQ4jMLp3M9xHgzPIRIGrY6xnJ2YGKDdjMPlyvT6G7A";
  for (const std::string sign : {"=", ""}) {
    const auto plain = opened_media(key + sign, bytes);
    REQUIRE(plain.has_value());
    CHECK(*plain == "%PDF-1.4 study plan\n");
  }
  CHECK(is_bad(opened_media("PJQ4", bytes)));
  CHECK(is_bad(opened_media(key, bytes.substr(1))));
  CHECK(is_bad(opened_media(key, "")));
}
