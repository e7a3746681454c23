#pragma once

#include <cstdint>
#include <memory>

#include "bot/base/instant.hpp"
#include "bot/chat/account.hpp"
#include "bot/chat/event.hpp"
#include "bot/net/platform.hpp"

namespace boost::asio {
class io_context;
}

namespace bot {

class HttpServer;
namespace onebot {
class Hub;
}
/// Where platforms that dial us find their account. Several accounts share one port.
using OneBotHub = onebot::Hub;

/// Once per server, before it runs. The server keeps it alive.
std::shared_ptr<OneBotHub> make_onebot_hub(HttpServer& server);

/// What an account is made with. `sink` and `clock` must outlive it; `seed` drives the echoes of calls and
/// the jitter of reconnecting.
struct OneBotParts {
  EventSink& sink;
  const Clock& clock;
  std::uint64_t seed = 0;
  std::shared_ptr<OneBotHub> hub{};  ///< for the transports "reverse" and "http"
};

/// A QQ account behind an implementation of OneBot v11 (NapCat, LLBot, Lagrange …), by the transport that its
/// configuration names: we dial over WebSocket, are dialled over WebSocket, or both sides speak HTTP.
///
/// Offers MessagePosted; LinkUp when the account can be used; LinkDown once whenever it no longer can, also
/// when the very first attempt fails or nobody has dialled yet; GroupsListed after each LinkUp. A refused
/// token is one LinkDown, and the next attempt comes half a minute to five minutes later.
std::unique_ptr<Platform> make_onebot(boost::asio::io_context& context, AccountConfig config,
                                      const OneBotParts& parts);

}  // namespace bot
