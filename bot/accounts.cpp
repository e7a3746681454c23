#include "bot/accounts.hpp"

#include <stdexcept>

#include "bot/platforms/onebot/onebot.hpp"
#include "bot/platforms/webhook/webhook_account.hpp"
#include "bot/platforms/wecom/callback.hpp"
#include "bot/platforms/wecom/robot.hpp"

namespace bot {

bool is_dialled(const AccountConfig& account) {
  return account.transport == "reverse" || account.transport == "http" || account.transport == "callback";
}

std::unique_ptr<Platform> make_account(boost::asio::io_context& context, const AccountConfig& account,
                                       const AccountParts& parts) {
  if (account.platform == "onebot11")
    return make_onebot(context, account,
                       {.sink = parts.sink, .clock = parts.clock, .seed = parts.seed, .hub = parts.hub});
  if (only_speaks(account))
    return make_webhook_account(context, account, parts.sink, parts.clock, parts.seed);
  if (account.platform == "wecom-robot" && account.transport == "connection")
    return make_wecom_robot(context, account, parts.sink, parts.clock, parts.seed);
  if (account.platform == "wecom-robot" && parts.server != nullptr)
    return make_wecom_callback(context, account, parts.sink, parts.clock, parts.seed, *parts.server);
  throw std::runtime_error("account " + account.name + ": this platform cannot be reached yet");
}

}  // namespace bot
