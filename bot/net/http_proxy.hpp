#pragma once

#include <optional>
#include <string>

#include "bot/base/result.hpp"
#include "bot/net/url.hpp"

namespace bot {

/// Which proxies there are, as the usual environment variables say it.
struct HttpProxies {
  std::string http{};    ///< address for http://; empty: none
  std::string https{};   ///< address for https://, asked with CONNECT; empty: none
  std::string direct{};  ///< hosts without a proxy, with commas: "localhost,.example.cn"; "*": all

  /// http_proxy, https_proxy and no_proxy; of the last two also in capitals, of the first not, because a web
  /// server would let a stranger set that one (CVE-2016-5385).
  static HttpProxies from_environment();
};

/// A proxy on the way.
struct HttpProxy {
  Url place{};
  std::string authorization{};  ///< value of the Proxy-Authorization header; empty: none
};

/// The proxy for an address, or none. Errc::bad_input when the configured one is no http:// address.
Result<std::optional<HttpProxy>> proxy_for(const Url& url, const HttpProxies& proxies);

}  // namespace bot
