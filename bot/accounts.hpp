#pragma once

#include <cstdint>
#include <memory>

#include "bot/base/instant.hpp"
#include "bot/chat/account.hpp"
#include "bot/chat/event.hpp"
#include "bot/net/http_server.hpp"
#include "bot/net/platform.hpp"
#include "bot/platforms/onebot/onebot.hpp"

namespace boost::asio {
class io_context;
}

namespace bot {

/// What every account is made with. The sink, the clock and the server outlive it.
struct AccountParts {
  EventSink& sink;
  const Clock& clock;
  std::uint64_t seed = 0;
  HttpServer* server = nullptr;      ///< there when is_dialled()
  std::shared_ptr<OneBotHub> hub{};  ///< of that server
};

/// Whether the platform dials us, so that a server must listen.
bool is_dialled(const AccountConfig& account);

/// The door that the configuration describes.
std::unique_ptr<Platform> make_account(boost::asio::io_context& context, const AccountConfig& account,
                                       const AccountParts& parts);

}  // namespace bot
