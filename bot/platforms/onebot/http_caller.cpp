#include "bot/platforms/onebot/http_caller.hpp"

#include <boost/json.hpp>

#include "bot/base/json.hpp"
#include "bot/net/url.hpp"

namespace bot::onebot {

namespace {

constexpr std::int64_t kBadParameter = 1400;
constexpr std::int64_t kUnknownAction = 1404;
constexpr std::int64_t kHttpToSocket = 1000;
constexpr std::size_t kAnswerLimit = std::size_t{4} * 1024 * 1024;  // as over WebSocket

bool is_own_machine(const std::string& url) {
  const Result<Url> place = parsed_url(url, kHttpSchemes);
  return place && (place->host == "localhost" || place->host == "::1" || place->host.starts_with("127."));
}

HttpOptions options_for(const AccountConfig& config) {
  HttpOptions options;
  options.authorities = config.certificate_authority;
  options.limit = config.answer_limit;
  options.body_limit = kAnswerLimit;
  if (!is_own_machine(config.url)) options.proxies = HttpProxies::from_environment();
  return options;
}

Posted failed(int status) {
  Response response;
  response.retcode = status == 404 ? kUnknownAction : kBadParameter;
  response.message = "HTTP " + std::to_string(status);
  return Posted(std::move(response));
}

Posted understood(const std::string& body) {
  Frame frame = read_frame(body, Reader());
  auto* response = std::get_if<Response>(&frame);
  if (response == nullptr) {
    const std::string why = "the answer is none of OneBot";
    return Posted(Unknown{why}, Error{Errc::unknown, why});
  }
  const bool renamed = response->retcode == 400 || response->retcode == 404;
  if (renamed) response->retcode += kHttpToSocket;
  return Posted(std::move(*response));
}

}  // namespace

Posted posted_from(const HttpAnswer& answer) {
  if (answer.status >= 200 && answer.status < 300) return understood(answer.body);
  if (answer.status == 401 || answer.status == 403) {
    const std::string why = "the token was refused";
    return Posted(NotSent{why}, Error{Errc::refused, why});
  }
  if (answer.status == 400 || answer.status == 404 || answer.status == 406) return failed(answer.status);
  const std::string why = "answered with HTTP " + std::to_string(answer.status);
  return Posted(Unknown{why}, Error{Errc::unknown, why});
}

HttpCaller::HttpCaller(std::unique_ptr<HttpClient> client, const AccountConfig& config)
    : client_(std::move(client)), url_(config.url) {
  if (!url_.ends_with('/')) url_ += '/';
  if (!config.token.empty()) authorization_ = "Bearer " + config.token.value();
}

Result<std::unique_ptr<HttpCaller>> HttpCaller::made(const boost::asio::any_io_executor& executor,
                                                     const AccountConfig& config) {
  auto client = make_http_client(executor, options_for(config));
  if (!client) return client.error();
  return std::unique_ptr<HttpCaller>(new HttpCaller(std::move(*client), config));
}

Task<Posted> HttpCaller::post(std::string frame) {
  const boost::json::value call = boost::json::parse(frame);
  HttpRequest request("POST", url_ + json::text(json::member(call, "action")));
  request.headers.emplace_back("Content-Type", "application/json");
  if (!authorization_.empty()) request.headers.emplace_back("Authorization", authorization_);
  request.body = boost::json::serialize(call.at("params"));
  const Result<HttpAnswer> answer = co_await client_->fetch(std::move(request));
  if (answer) co_return posted_from(*answer);
  const std::string& why = answer.error().detail;
  if (may_have_arrived(answer.error())) co_return Posted(Unknown{why}, answer.error());
  co_return Posted(NotSent{why}, answer.error());
}

}  // namespace bot::onebot
