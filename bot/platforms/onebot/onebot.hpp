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

/// A QQ account behind an implementation of OneBot v11 (NapCat, LLBot, Lagrange …) that we dial over
/// WebSocket. `sink` and `clock` must outlive it; `seed` drives the echoes of calls and the jitter of
/// reconnecting.
///
/// Offers MessagePosted; LinkUp when the account can be used; LinkDown once whenever it no longer can, also
/// when the very first attempt fails; GroupsListed after each LinkUp. A refused token is one LinkDown, and
/// the next attempt comes half a minute to five minutes later.
std::unique_ptr<Platform> make_onebot(boost::asio::io_context& context, AccountConfig config, EventSink& sink,
                                      const Clock& clock, std::uint64_t seed);

}  // namespace bot
