#include "bot/net/webhook.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "bot/base/json.hpp"

namespace bot {

namespace {

Task<void> post(HttpClient* client, HttpRequest request, std::optional<Result<HttpAnswer>>* result) {
  Result<HttpAnswer> answer = co_await client->fetch(std::move(request));
  *result = std::move(answer);
  client->close();
}

}  // namespace

std::string webhook_body(const std::string& preset, const std::string& text) {
  boost::json::object body;
  if (preset == "feishu") {
    body["msg_type"] = "text";
    body["content"] = {{"text", text}};
  } else if (preset == "wecom" || preset == "dingtalk") {
    body["msgtype"] = "text";
    body["text"] = {{"content", text}};
  } else {
    body["text"] = text;
  }
  return boost::json::serialize(body);
}

Result<void> webhook_verdict(const std::string& preset, const HttpAnswer& answer) {
  if (answer.status < 200 || answer.status > 299)
    return Error{Errc::refused, "answered with HTTP " + std::to_string(answer.status)};
  const auto body = json::parsed(answer.body);
  if (preset == "plain" || !body) return {};
  const auto number = json::integer(json::member(*body, preset == "feishu" ? "code" : "errcode"));
  if (number.value_or(0) != 0) return Error{Errc::refused, "answered with error " + std::to_string(*number)};
  return {};
}

Result<void> post_to_webhook(const std::string& url, const std::string& preset, const std::string& text,
                             HttpOptions options) {
  boost::asio::io_context context(1);
  const auto client = make_http_client(context.get_executor(), std::move(options));
  if (!client) return client.error();
  HttpRequest request("POST", url);
  request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  request.body = webhook_body(preset, text);
  std::optional<Result<HttpAnswer>> answer;
  Scope scope(context.get_executor());
  spawn(scope, "webhook", post(client->get(), std::move(request), &answer));
  context.run();
  if (!answer) return Error{Errc::unknown, "the request failed"};
  if (!*answer) return answer->error();
  return webhook_verdict(preset, **answer);
}

}  // namespace bot
