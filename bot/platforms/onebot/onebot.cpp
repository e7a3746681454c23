#include "bot/platforms/onebot/onebot.hpp"

#include <boost/asio/io_context.hpp>
#include <utility>

#include "bot/base/log.hpp"
#include "bot/platforms/onebot/account.hpp"
#include "bot/platforms/onebot/hub.hpp"
#include "bot/platforms/onebot/transport.hpp"

namespace bot {

namespace {

using onebot::Account;
using onebot::Action;
using onebot::Answer;
using onebot::Line;
using onebot::Transport;

constexpr Milliseconds kHistoryLimit = std::chrono::seconds(15);
constexpr Milliseconds kListLimit = std::chrono::seconds(15);
constexpr Milliseconds kQuotaLimit = std::chrono::seconds(3);

SendOutcome outcome_of(Answer answer) {
  if (const auto* response = std::get_if<onebot::Response>(&answer)) return onebot::outcome_of(*response);
  if (auto* not_sent = std::get_if<NotSent>(&answer)) return std::move(*not_sent);
  return std::get<Unknown>(std::move(answer));
}

Action history_in(const Address& chat) {
  return chat.direct ? Action::private_history : Action::group_history;
}

Message without_mention_all(const Message& message, const std::string& instead) {
  Message plain;
  for (const Segment& part : message.parts()) {
    plain.add(std::holds_alternative<MentionAll>(part) ? Segment(Text{instead}) : part);
  }
  return plain;
}

class OneBot final : public Platform {
 public:
  OneBot(const boost::asio::any_io_executor& executor, AccountConfig config, const OneBotParts& parts)
      : config_(std::move(config)),
        account_(config_.name, parts.sink, parts.clock, parts.seed),
        transport_(made(executor, parts)) {}

  const std::string& account() const noexcept override { return config_.name; }

  Capabilities capabilities(const Address& chat) const override {
    Capabilities capabilities;
    capabilities.mention = !chat.direct;
    capabilities.mention_all = !chat.direct;
    capabilities.history = account_.abilities.has(history_in(chat));
    capabilities.members = !chat.direct;
    capabilities.recall = true;
    return capabilities;
  }

  Task<void> run() override { return transport_->run(); }
  void stop() noexcept override { transport_->stop(); }

  Task<SendOutcome> send(Delivery delivery) override {
    const std::shared_ptr<Line> line = transport_->line();
    if (!line) co_return NotSent{"no connection"};
    if (const auto reason = line->closed_for_sends()) co_return NotSent{*reason};
    if (!delivery.everyone.empty()) {
      const bool allowed = co_await may_mention_all(line, delivery.to);
      if (!allowed) delivery.message = without_mention_all(delivery.message, delivery.everyone);
    }
    const std::string echo = delivery.echo.empty() ? account_.fresh_echo() : delivery.echo;
    std::string call = onebot::write_send(delivery.to, delivery.message, echo, account_.route(delivery.to));
    if (call.empty()) co_return Refused{"nothing in the message can be sent"};
    Answer answer = co_await line->call(echo, std::move(call), config_.answer_limit);
    SendOutcome outcome = outcome_of(std::move(answer));
    complain(delivery, outcome);
    co_return outcome;
  }

  Task<HistoryRead> history(Address chat, std::size_t count) override {
    HistoryRead nothing;
    nothing.supported = account_.abilities.has(history_in(chat));
    if (!nothing.supported) {
      nothing.failure = "the implementation has no history";
      co_return nothing;
    }
    const std::shared_ptr<Line> line = transport_->line();
    if (!line || line->closed_for_sends()) {
      nothing.failure = "no connection";
      co_return nothing;
    }
    const std::string echo = account_.fresh_echo();
    std::string call = onebot::write_history(chat, count, echo);
    Answer answer = co_await line->call(echo, std::move(call), kHistoryLimit);
    if (auto* response = std::get_if<onebot::Response>(&answer)) {
      HistoryRead read = onebot::history_of(std::move(*response));
      if (!read.supported) account_.abilities.learn_missing(history_in(chat));
      co_return read;
    }
    nothing.failure = "no answer";
    co_return nothing;
  }

  Task<MembersListed> members(Address group) override {
    MembersListed nothing;
    nothing.failure = "no connection";
    const std::shared_ptr<Line> line = transport_->line();
    if (!line || line->closed_for_sends()) co_return nothing;
    const std::string echo = account_.fresh_echo();
    std::string call = onebot::write_members(group, echo);
    Answer answer = co_await line->call(echo, std::move(call), kListLimit);
    if (auto* response = std::get_if<onebot::Response>(&answer)) {
      MembersListed listed = onebot::members_of(std::move(*response));
      co_return listed;
    }
    nothing.failure = "no answer";
    co_return nothing;
  }

 private:
  /// Without quota QQ swallows the whole message and says nothing. An implementation that cannot be asked is
  /// trusted.
  Task<bool> may_mention_all(std::shared_ptr<Line> line, Address group) {
    if (!account_.abilities.has(Action::mention_all_quota)) co_return true;
    const std::string echo = account_.fresh_echo();
    std::string call = onebot::write_mention_all_quota(group, echo);
    Answer answer = co_await line->call(echo, std::move(call), kQuotaLimit);
    const auto* response = std::get_if<onebot::Response>(&answer);
    if (response != nullptr && !response->ok && onebot::is_unknown_action(response->retcode))
      account_.abilities.learn_missing(Action::mention_all_quota);
    co_return response == nullptr || response->mention_all.value_or(true);
  }

  std::unique_ptr<Transport> made(const boost::asio::any_io_executor& executor, const OneBotParts& parts) {
    const onebot::TransportParts with{executor, config_, account_, parts.clock, parts.seed};
    if (config_.transport == "reverse") return onebot::make_reverse(with, parts.hub);
    if (config_.transport == "http") return onebot::make_http(with, parts.hub);
    return onebot::make_forward(with);
  }

  void complain(const Delivery& delivery, const SendOutcome& outcome) const {
    const auto* unknown = std::get_if<Unknown>(&outcome);
    const auto* refused = std::get_if<Refused>(&outcome);
    if (unknown == nullptr && refused == nullptr) return;
    log::warning("send not confirmed", {{"account", config_.name},
                                        {"chat", delivery.to.chat},
                                        {"outbox", delivery.outbox},
                                        {"why", unknown == nullptr ? refused->reason : unknown->reason}});
  }

  AccountConfig config_;
  Account account_;
  std::unique_ptr<Transport> transport_;
};

}  // namespace

std::shared_ptr<OneBotHub> make_onebot_hub(HttpServer& server) {
  return onebot::Hub::at(server);
}

std::unique_ptr<Platform> make_onebot(boost::asio::io_context& context, AccountConfig config,
                                      const OneBotParts& parts) {
  return std::make_unique<OneBot>(context.get_executor(), std::move(config), parts);
}

}  // namespace bot
