#include "bot/platforms/webhook/webhook_probe.hpp"

#include "bot/net/http_fetch.hpp"
#include "bot/net/url.hpp"

namespace bot {

Result<std::string> webhook_server(const AccountConfig& config) {
  const Result<Url> url = parsed_url(config.webhook.value(), kHttpSchemes);
  if (!url) return url.error();
  return (url->secure ? "https://" : "http://") + url->authority;
}

Result<void> probe_webhook(const AccountConfig& config, Milliseconds limit) {
  const Result<std::string> server = webhook_server(config);
  if (!server) return server.error();
  HttpOptions options;
  options.authorities = config.certificate_authority;
  options.proxies = HttpProxies::from_environment();
  options.limit = limit;
  const Result<HttpAnswer> answer = fetch_and_wait(HttpRequest("GET", *server + "/"), options);
  if (!answer) return answer.error();
  return {};
}

}  // namespace bot
