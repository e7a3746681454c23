#pragma once

#include <boost/json/fwd.hpp>

#include "bot/chat/message.hpp"

namespace bot::onebot {

/// An array of segments, one segment, or a string with CQ codes; nothing at all for anything else. A segment
/// that nobody reads, or that lacks what makes it one, stays Raw.
Message message_of(const boost::json::value* content);

}  // namespace bot::onebot
