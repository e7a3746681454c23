#include "bot/net/http_proxy.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <cstdlib>
#include <string_view>

#include "bot/base/hashes.hpp"

namespace bot {

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string either(const char* name, const char* other) {
  std::string value = variable(name);
  return value.empty() ? variable(other) : value;
}

/// "example.cn", ".example.cn" and "*.example.cn" all mean the host and everything below it.
bool covers(std::string_view entry, std::string_view host) {
  if (entry == "*") return true;
  if (entry.starts_with('*')) entry.remove_prefix(1);
  if (entry.starts_with('.')) entry.remove_prefix(1);
  if (entry.empty() || !host.ends_with(entry)) return false;
  return host.size() == entry.size() || host[host.size() - entry.size() - 1] == '.';
}

bool is_direct(const std::string& host, std::string_view list) {
  while (!list.empty()) {
    const std::string_view entry = list.substr(0, list.find_first_of(", "));
    if (covers(entry, host)) return true;
    list.remove_prefix(std::min(list.size(), entry.size() + 1));
  }
  return false;
}

}  // namespace

HttpProxies HttpProxies::from_environment() {
  return {variable("http_proxy"), either("https_proxy", "HTTPS_PROXY"), either("no_proxy", "NO_PROXY")};
}

Result<std::optional<HttpProxy>> proxy_for(const Url& url, const HttpProxies& proxies) {
  std::string address = url.secure ? proxies.https : proxies.http;
  if (address.empty() || is_direct(url.host, proxies.direct)) return std::optional<HttpProxy>();
  if (address.find("://") == std::string::npos) address.insert(0, "http://");
  const auto parsed = boost::urls::parse_uri(address);
  if (!parsed) return Error{Errc::bad_input, "the proxy's address is no http:// address"};
  boost::urls::url bare(*parsed);
  const std::string login = bare.has_userinfo() ? bare.user() + ":" + bare.password() : std::string();
  bare.remove_userinfo();
  const Result<Url> place = parsed_url(std::string(bare.buffer()), kHttpSchemes);
  if (!place || place->secure) return Error{Errc::bad_input, "the proxy's address is no http:// address"};
  return std::optional(HttpProxy{*place, login.empty() ? login : "Basic " + base64(login)});
}

}  // namespace bot
