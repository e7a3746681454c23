#include "bot/net/platform.hpp"

namespace bot {

Task<MembersListed> Platform::members(Address) {
  MembersListed none;
  none.failure = "the platform has no list of members";
  co_return none;
}

}  // namespace bot
