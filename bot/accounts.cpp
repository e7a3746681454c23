#include "bot/accounts.hpp"

#include <stdexcept>

#include "bot/platforms/onebot/onebot.hpp"
#include "bot/platforms/webhook/webhook_account.hpp"

namespace bot {

bool is_dialled(const AccountConfig& account) {
  return account.transport == "reverse" || account.transport == "http" || account.transport == "callback";
}

std::unique_ptr<Platform> make_account(boost::asio::io_context& context, const AccountConfig& account,
                                       const AccountParts& parts) {
  if (account.platform == "onebot11")
    return make_onebot(context, account, parts.sink, parts.clock, parts.seed);
  if (only_speaks(account))
    return make_webhook_account(context, account, parts.sink, parts.clock, parts.seed);
  throw std::runtime_error("account " + account.name + ": this platform cannot be reached yet");
}

}  // namespace bot
