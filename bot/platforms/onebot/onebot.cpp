#include "bot/platforms/onebot/onebot.hpp"

#include <boost/asio/io_context.hpp>
#include <utility>

#include "bot/base/log.hpp"
#include "bot/net/backoff.hpp"
#include "bot/net/websocket.hpp"
#include "bot/platforms/onebot/session.hpp"

namespace bot {

namespace {

using onebot::Account;
using onebot::Action;
using onebot::Answer;
using onebot::Session;

constexpr Milliseconds kHistoryLimit = std::chrono::seconds(15);
constexpr Milliseconds kQuotaLimit = std::chrono::seconds(3);
constexpr std::uint64_t kOtherStream = 0x9E3779B97F4A7C15U;

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
  OneBot(const boost::asio::any_io_executor& executor, AccountConfig config, EventSink& sink,
         const Clock& clock, std::uint64_t seed)
      : executor_(executor),
        config_(std::move(config)),
        clock_(clock),
        account_(config_.name, sink, clock, seed),
        backoff_(seed ^ kOtherStream),
        pause_(executor) {}

  const std::string& account() const noexcept override { return config_.name; }

  Capabilities capabilities(const Address& chat) const override {
    Capabilities capabilities;
    capabilities.mention = !chat.direct;
    capabilities.mention_all = !chat.direct;
    capabilities.history = account_.abilities.has(history_in(chat));
    capabilities.recall = true;
    return capabilities;
  }

  Task<void> run() override {
    while (!stopping_) {
      const SteadyTime began = clock_.steady();
      const Error why = co_await connection();
      if (stopping_) break;
      const SteadyTime ended = clock_.steady();
      const Milliseconds pause = pause_after(why, std::chrono::duration_cast<Milliseconds>(ended - began));
      co_await pause_.wait_for(pause);
    }
  }

  void stop() noexcept override {
    stopping_ = true;
    pause_.wake();
    if (session_) session_->stop();
  }

  Task<SendOutcome> send(Delivery delivery) override {
    const std::shared_ptr<Session> session = session_;
    if (!session) co_return NotSent{"no connection"};
    if (const auto reason = session->closed_for_sends()) co_return NotSent{*reason};
    if (!delivery.everyone.empty()) {
      const bool allowed = co_await may_mention_all(session, delivery.to);
      if (!allowed) delivery.message = without_mention_all(delivery.message, delivery.everyone);
    }
    const std::string echo = delivery.echo.empty() ? account_.fresh_echo() : delivery.echo;
    std::string call = onebot::write_send(delivery.to, delivery.message, echo, account_.route(delivery.to));
    if (call.empty()) co_return Refused{"nothing in the message can be sent"};
    session->ask(echo, std::move(call));
    Answer answer = co_await session->answer(echo, config_.answer_limit);
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
    const std::shared_ptr<Session> session = session_;
    if (!session || session->closed_for_sends()) {
      nothing.failure = "no connection";
      co_return nothing;
    }
    const std::string echo = account_.fresh_echo();
    session->ask(echo, onebot::write_history(chat, count, echo));
    Answer answer = co_await session->answer(echo, kHistoryLimit);
    if (auto* response = std::get_if<onebot::Response>(&answer)) {
      HistoryRead read = onebot::history_of(std::move(*response));
      if (!read.supported) account_.abilities.learn_missing(history_in(chat));
      co_return read;
    }
    nothing.failure = "no answer";
    co_return nothing;
  }

 private:
  /// Without quota QQ swallows the whole message and says nothing. An implementation that cannot be asked is
  /// trusted.
  Task<bool> may_mention_all(std::shared_ptr<Session> session, Address group) {
    if (!account_.abilities.has(Action::mention_all_quota)) co_return true;
    const std::string echo = account_.fresh_echo();
    session->ask(echo, onebot::write_mention_all_quota(group, echo));
    Answer answer = co_await session->answer(echo, kQuotaLimit);
    const auto* response = std::get_if<onebot::Response>(&answer);
    if (response != nullptr && !response->ok && onebot::is_unknown_action(response->retcode))
      account_.abilities.learn_missing(Action::mention_all_quota);
    co_return response == nullptr || response->mention_all.value_or(true);
  }

  Task<Error> connection() {
    auto socket = make_websocket(executor_, onebot::options_of(config_));
    if (!socket) {
      account_.down(socket.error().detail);
      co_return socket.error();
    }
    session_ = std::make_shared<Session>(executor_, account_, std::move(*socket));
    const std::shared_ptr<Session> session = session_;
    const Error why = co_await session->live();
    session_.reset();
    co_return why;
  }

  // What a person has to mend is not asked for again soon.
  Milliseconds pause_after(const Error& why, Milliseconds lived) {
    const bool hopeless = why.code == Errc::refused || why.code == Errc::bad_input;
    const Milliseconds pause = hopeless ? backoff_.after_refusal() : backoff_.after_loss(lived);
    if (why.code == Errc::refused) {
      log::error(
          "token refused",
          {{"account", config_.name}, {"token", config_.token.source()}, {"again in ms", pause.count()}});
    } else {
      log::warning("not connected",
                   {{"account", config_.name}, {"why", why.detail}, {"again in ms", pause.count()}});
    }
    return pause;
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

  boost::asio::any_io_executor executor_;
  AccountConfig config_;
  const Clock& clock_;
  Account account_;
  Backoff backoff_;
  Waiter pause_;
  std::shared_ptr<Session> session_;
  bool stopping_ = false;
};

}  // namespace

std::unique_ptr<Platform> make_onebot(boost::asio::io_context& context, AccountConfig config, EventSink& sink,
                                      const Clock& clock, std::uint64_t seed) {
  return std::make_unique<OneBot>(context.get_executor(), std::move(config), sink, clock, seed);
}

}  // namespace bot
