#pragma once

#include <string>

#include "bot/base/instant.hpp"
#include "bot/base/result.hpp"
#include "bot/chat/account.hpp"

namespace bot {

/// "https://host:port" of the webhook's address, which may be shown. Errc::bad_input when it is no address.
Result<std::string> webhook_server(const AccountConfig& config);

/// Visits the webhook's server, with TLS and through the proxy as the service does, but asks for its front
/// page: nothing is said in the group, and the password in the address does not leave. Any answer will do.
/// Blocks for `limit` at most. The errors of HttpClient::fetch().
Result<void> probe_webhook(const AccountConfig& config, Milliseconds limit = std::chrono::seconds(10));

}  // namespace bot
