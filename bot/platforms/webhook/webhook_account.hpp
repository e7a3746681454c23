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

/// An account that only speaks: a group robot of WeCom ("wecom-webhook"), DingTalk or Feishu, or any server
/// that takes signed JSON ("webhook"). `config.webhook` is its whole address and password, `config.secret`
/// signs. It has one chat, so every group's address means that one; private chats are refused. `sink` and
/// `clock` must outlive it; `seed` drives the names of messages that no row of the outbox stands for.
///
/// Nobody can ask such a robot how it is without speaking, so the account counts as up from the start. Offers
/// LinkUp once; LinkDown when the platform says that nothing can be said there any more (the robot was
/// removed, its key is not valid, its settings let nothing in); LinkUp when a message got through after all.
/// It can be sent to all the time. Offers nothing else.
///
/// Messages leave one after the other, each on a connection of its own: one that the server just closed would
/// leave in doubt whether the message arrived.
std::unique_ptr<Platform> make_webhook_account(boost::asio::io_context& context, AccountConfig config,
                                               EventSink& sink, const Clock& clock, std::uint64_t seed);

}  // namespace bot
