#pragma once

#include <boost/json/fwd.hpp>

#include "bot/platforms/onebot/codec.hpp"

/// Events that are no messages: somebody came, left, was muted, took a message back, wants something.
/// What lacks the fields that make it one is Ignored, and so is what nobody uses.
namespace bot::onebot {

/// `post_type` "notice".
Frame read_notice(const boost::json::value& frame, const Reader& reader);
/// `post_type` "request".
Frame read_request(const boost::json::value& frame, const Reader& reader);

}  // namespace bot::onebot
