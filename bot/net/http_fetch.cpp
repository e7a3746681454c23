#include "bot/net/http_fetch.hpp"

#include <boost/asio/io_context.hpp>
#include <optional>
#include <utility>

namespace bot {

namespace {

Task<void> fetch(HttpClient* client, HttpRequest request, std::optional<Result<HttpAnswer>>* result) {
  Result<HttpAnswer> answer = co_await client->fetch(std::move(request));
  *result = std::move(answer);
  client->close();
}

}  // namespace

Result<HttpAnswer> fetch_and_wait(HttpRequest request, HttpOptions options) {
  boost::asio::io_context context(1);
  const auto client = make_http_client(context.get_executor(), std::move(options));
  if (!client) return client.error();
  std::optional<Result<HttpAnswer>> answer;
  Scope scope(context.get_executor());
  spawn(scope, "fetch", fetch(client->get(), std::move(request), &answer));
  context.run();
  if (!answer) return Error{Errc::unknown, "the request failed"};
  return std::move(*answer);
}

}  // namespace bot
