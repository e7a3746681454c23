#pragma once

#include "bot/base/result.hpp"
#include "bot/net/http_client.hpp"

namespace bot {

/// One request on a connection of its own. Blocks until it is answered, at most `options.limit` and what the
/// system needs to look up a name. Any thread but the net thread. The errors of HttpClient::fetch().
Result<HttpAnswer> fetch_and_wait(HttpRequest request, HttpOptions options);

}  // namespace bot
