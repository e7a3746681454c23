#pragma once

#include "bot/net/calls.hpp"
#include "bot/platforms/onebot/codec.hpp"

namespace bot::onebot {

using Calls = CallTable<Response>;
using Answer = Calls::Answer;

}  // namespace bot::onebot
