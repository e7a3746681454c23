#pragma once

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "bot/chat/delivery.hpp"
#include "bot/net/network.hpp"
#include "bot/platforms/onebot/onebot.hpp"
#include "tests/support/onebot_counterpart.hpp"
#include "tests/support/recording_sink.hpp"

/// A bot whose one account dials a scripted OneBot server over real sockets.
namespace support {

inline constexpr const char* kGroup = "987654321";

inline bot::AccountConfig account(const std::string& url, const std::string& token = "",
                                  const std::string& authority = "") {
  bot::AccountConfig config;
  config.name = "qq";
  config.platform = "onebot11";
  config.url = url;
  config.token = bot::Secret(token, "literal");
  config.certificate_authority = authority;
  return config;
}

inline bot::Delivery delivery(std::int64_t outbox, const std::string& text,
                              const std::string& chat = kGroup) {
  bot::Delivery made(bot::Address{"qq", chat, false}, bot::Message(text));
  made.outbox = outbox;
  made.subject = "L" + std::to_string(outbox);
  return made;
}

/// A bot with one account.
struct Bot {
  explicit Bot(bot::AccountConfig config) : network(sink, clock) {
    network.add([&](boost::asio::io_context& context) {
      return bot::make_onebot(context, std::move(config), {.sink = sink, .clock = clock, .seed = 42});
    });
    network.start();
  }

  void send(std::vector<bot::Delivery> deliveries) { network.send(std::move(deliveries)); }
  void send(bot::Delivery one) {
    std::vector<bot::Delivery> deliveries;
    deliveries.push_back(std::move(one));
    network.send(std::move(deliveries));
  }
  std::size_t links_down() { return sink.all<bot::LinkDown>().size(); }
  std::string posted(std::size_t count) {
    const auto message = sink.wait<bot::MessagePosted>(count);
    return message ? message->message.plain() : "nothing came";
  }

  bot::SystemClock clock;
  support::RecordingSink sink;
  bot::Network network;
};

/// A bot that is connected to a counterpart.
struct Linked {
  explicit Linked(CounterpartOptions options = {})
      : qq(options), bot(account(qq.url(), options.token, qq.authority_file())) {
    REQUIRE(qq.wait_until_ready());
    REQUIRE(bot.sink.wait<bot::LinkUp>());
  }
  OneBotCounterpart qq;
  Bot bot;
};

template <class Outcome>
bool ended_as(const std::optional<bot::Settled>& settled) {
  return settled && std::holds_alternative<Outcome>(settled->outcome);
}

}  // namespace support
