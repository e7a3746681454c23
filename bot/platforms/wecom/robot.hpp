#pragma once

#include <cstdint>
#include <memory>

#include "bot/base/instant.hpp"
#include "bot/chat/account.hpp"
#include "bot/chat/event.hpp"
#include "bot/net/platform.hpp"
#include "bot/platforms/wecom/session.hpp"

namespace boost::asio {
class io_context;
}

namespace bot {

/// An intelligent robot of WeCom that dials the platform (wecom.md 3). What answers a message goes out as an
/// answer to it, everything else as a push. Another program that subscribes as the same robot ends the
/// connection; it is left alone for minutes, because two that fight serve nobody. `sink` and `clock` must
/// outlive it; `seed` drives names and jitter.
std::unique_ptr<Platform> make_wecom_robot(boost::asio::io_context& context, AccountConfig config,
                                           EventSink& sink, const Clock& clock, std::uint64_t seed,
                                           wecom::RobotTimes times = {});

}  // namespace bot
