#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "bot/base/instant.hpp"
#include "bot/base/result.hpp"
#include "bot/chat/account.hpp"
#include "bot/chat/event.hpp"
#include "bot/net/http_server.hpp"
#include "bot/net/platform.hpp"

namespace boost::asio {
class io_context;
}

namespace bot {

/// The path of an account's callback address: "/wecom/NAME".
std::string wecom_callback_path(const AccountConfig& account);

/// Whether token and EncodingAESKey open what they have sealed. Errc::bad_input when they cannot be used.
Result<void> check_wecom_callback(const AccountConfig& account);

/// An intelligent robot of WeCom that the platform dials (wecom.md 4). Each message can be answered once and
/// within an hour, at the response_url that it brings, which must lead to WeCom; nothing else can be said.
/// The server, the sink and the clock outlive it. `AccountConfig::url` is for tests: answers go to that
/// origin instead. Throws std::runtime_error when the account's key cannot be used.
std::unique_ptr<Platform> make_wecom_callback(boost::asio::io_context& context, AccountConfig config,
                                              EventSink& sink, const Clock& clock, std::uint64_t seed,
                                              HttpServer& server);

}  // namespace bot
