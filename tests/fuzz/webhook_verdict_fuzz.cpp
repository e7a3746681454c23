/// Reading an answer never fails, and no reason repeats the platform's words. An input is a line with the
/// status and the kind of webhook, and the body behind it, which is the header Retry-After as well.
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "bot/net/webhook_verdict.hpp"

using namespace bot;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

HttpAnswer answer_of(std::string_view line, std::string_view body) {
  HttpAnswer answer;
  std::from_chars(line.data(), line.data() + line.size(), answer.status);
  answer.headers.emplace_back("Retry-After", body);
  answer.body = std::string(body);
  return answer;
}

/// A platform says with a zero that it took the message; other servers say it with the status.
void check(WebhookKind kind, const HttpAnswer& answer) {
  constexpr std::size_t longest = 120;
  const SendOutcome outcome = webhook_verdict(kind, answer);
  require(webhook_error(outcome).detail.size() <= longest);
  const bool sent = std::holds_alternative<Sent>(outcome);
  if (sent && kind == WebhookKind::standard) require(answer.status >= 200 && answer.status < 300);
  if (sent && kind != WebhookKind::standard)
    require(answer.status < 500 && answer.body.find('0') != std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t end = bytes.find('\n');
  const std::string_view line = bytes.substr(0, end);
  const std::string_view body = end == std::string_view::npos ? std::string_view() : bytes.substr(end + 1);
  const std::size_t space = line.find(' ');
  const WebhookKind kind =
      webhook_kind(space == std::string_view::npos ? std::string_view() : line.substr(space + 1));
  check(kind == WebhookKind::plain ? WebhookKind::standard : kind, answer_of(line, body));
  return 0;
}
