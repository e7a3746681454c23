#include "bot/platforms/wecom/robot.hpp"

#include <boost/asio/io_context.hpp>
#include <functional>
#include <utility>
#include <variant>
#include <vector>

#include "bot/base/log.hpp"
#include "bot/net/in_order.hpp"
#include "bot/net/redial.hpp"

namespace bot {

namespace {

using wecom::Account;
using wecom::Ack;
using wecom::Calls;
using wecom::Route;
using wecom::Session;

constexpr std::int64_t kPerMinute = 30;
constexpr std::int64_t kPerHour = 1000;

SendOutcome outcome_of(Calls::Answer answer) {
  if (const auto* ack = std::get_if<Ack>(&answer)) return wecom::outcome_of(*ack);
  if (auto* not_sent = std::get_if<NotSent>(&answer)) return std::move(*not_sent);
  return std::get<Unknown>(std::move(answer));
}

/// The outcome of a step before anything was shown.
SendOutcome unseen(SendOutcome outcome) {
  auto* unknown = std::get_if<Unknown>(&outcome);
  return unknown == nullptr ? std::move(outcome) : SendOutcome(NotSent{std::move(unknown->reason)});
}

/// The outcome of a step after something was shown, which must not be shown again.
SendOutcome half_seen(SendOutcome outcome) {
  auto* not_sent = std::get_if<NotSent>(&outcome);
  return not_sent == nullptr ? std::move(outcome) : SendOutcome(Unknown{std::move(not_sent->reason)});
}

/// One thing to show in a chat, however it gets there. A class with a constructor, because it crosses
/// `co_await`.
class Piece {
 public:
  using Write = std::function<std::string(const Route&)>;
  Piece(const Delivery& delivery, Write frame)
      : to(delivery.to), answers(delivery.answers), write(std::move(frame)) {}

  Address to;
  std::string answers;
  Write write;
  std::string attempt{};
};

class Robot final : public Platform, public Dialled {
 public:
  Robot(const boost::asio::any_io_executor& executor, AccountConfig config, EventSink& sink,
        const Clock& clock, std::uint64_t seed, wecom::RobotTimes times)
      : executor_(executor),
        config_(std::move(config)),
        clock_(clock),
        times_(times),
        account_(config_, sink, clock, seed),
        redial_(*this, executor, clock, seed),
        order_(executor) {}

  const std::string& account() const noexcept override { return config_.name; }

  Capabilities capabilities(const Address& chat) const override {
    Capabilities capabilities;
    capabilities.hears = chat.direct ? Hears::everything : Hears::mentions;
    capabilities.mention_all = false;
    capabilities.history = false;
    capabilities.buttons = true;
    capabilities.reply_window = std::chrono::hours(24);
    capabilities.text = wecom::kTextLimit;
    capabilities.per_chat = {Rate{kPerMinute, std::chrono::minutes(1)},
                             Rate{kPerHour, std::chrono::hours(1)}};
    return capabilities;
  }

  Task<void> run() override { return redial_.run(); }

  void stop() noexcept override {
    redial_.stop();
    if (session_) session_->stop();
  }

  Task<SendOutcome> send(Delivery delivery) override {
    const InOrder::Place place(order_, delivery.to);
    co_await place.reached();
    const std::int64_t outbox = delivery.outbox;
    const Address to = delivery.to;
    SendOutcome outcome = co_await deliver(std::move(delivery));
    account_.standing.complain(to, outbox, outcome);
    co_return outcome;
  }

  Task<HistoryRead> history(Address, std::size_t) override {
    HistoryRead nothing;
    nothing.supported = false;
    nothing.failure = "WeCom has no history";
    co_return nothing;
  }

  Task<Error> connection() override {
    replaced_ = false;
    auto socket = make_websocket(executor_, wecom::options_of(config_));
    if (!socket) {
      account_.standing.down(socket.error().detail);
      co_return socket.error();
    }
    session_ = std::make_shared<Session>(executor_, account_, std::move(*socket), times_);
    const std::shared_ptr<Session> session = session_;
    const Error why = co_await session->live();
    replaced_ = session->replaced();
    session_.reset();
    co_return why;
  }

  Milliseconds ended(const Error& why, Milliseconds usual) override {
    const Milliseconds pause = usual + (replaced_ ? times_.aside : Milliseconds(0));
    const auto tell = is_for_a_person(why) ? log::error : log::warning;
    tell("not connected", {{"account", config_.name},
                           {"why", why.detail},
                           {"secret", config_.secret.source()},
                           {"again in ms", pause.count()}});
    return pause;
  }

 private:
  Task<SendOutcome> deliver(Delivery delivery) {
    const std::shared_ptr<Session> session = session_;
    if (!session) co_return NotSent{"no connection"};
    if (const auto reason = session->closed_for_sends()) co_return NotSent{*reason};
    std::vector<Piece> pieces;
    add_words(pieces, delivery);
    const std::vector<wecom::Media> all = wecom::media_of(delivery.message);
    for (const wecom::Media& media : all) {
      std::string media_id;
      SendOutcome uploaded = co_await upload(session, &media, &media_id);
      if (!std::holds_alternative<Sent>(uploaded)) co_return unseen(std::move(uploaded));
      pieces.emplace_back(delivery, [to = delivery.to, type = media.type, media_id](const Route& route) {
        return wecom::write_media(to, type, media_id, route);
      });
    }
    if (pieces.empty()) co_return Refused{"nothing in the message can be sent"};
    if (pieces.size() == 1) pieces.front().attempt = delivery.echo;
    SendOutcome outcome = co_await show_all(session, std::move(pieces));
    co_return outcome;
  }

  void add_words(std::vector<Piece>& pieces, const Delivery& delivery) {
    const std::string name = account_.fresh_name();
    if (wecom::write_words(delivery, {}, name).empty()) return;
    pieces.emplace_back(
        delivery, [delivery, name](const Route& route) { return wecom::write_words(delivery, route, name); });
  }

  Task<SendOutcome> show_all(std::shared_ptr<Session> session, std::vector<Piece> pieces) {
    SendOutcome outcome = Sent{};
    bool seen = false;
    for (Piece& piece : pieces) {
      outcome = co_await show(session, std::move(piece));
      if (seen) outcome = half_seen(std::move(outcome));
      if (!std::holds_alternative<Sent>(outcome)) break;
      seen = true;
    }
    co_return outcome;
  }

  /// As an answer where that is possible, else as a push.
  Task<SendOutcome> show(std::shared_ptr<Session> session, Piece piece) {
    const auto asked = account_.questions.key(piece.to, piece.answers, clock_.steady());
    if (asked) {
      session->ask(*asked, piece.write({*asked, true}), piece.attempt);
      Calls::Answer answer = co_await session->answer(*asked, config_.answer_limit);
      const auto* ack = std::get_if<Ack>(&answer);
      const bool too_late = ack != nullptr && wecom::is_too_late_to_answer(*ack);
      // A late ack would be taken for that of the next answer.
      if (ack == nullptr || too_late) account_.questions.forget(piece.to, piece.answers);
      if (!too_late) co_return outcome_of(std::move(answer));
    }
    const std::string req_id = piece.attempt.empty() ? account_.fresh_name() : piece.attempt;
    session->ask(req_id, piece.write({req_id, false}), piece.attempt);
    Calls::Answer answer = co_await session->answer(req_id, config_.answer_limit);
    co_return outcome_of(std::move(answer));
  }

  /// Sent: the platform has it, under `media_id`.
  Task<SendOutcome> upload(std::shared_ptr<Session> session, const wecom::Media* media,
                           std::string* media_id) {
    std::string req_id = account_.fresh_name();
    Calls::Answer begun = co_await call(session, req_id, wecom::write_upload_begin(*media, req_id));
    const auto* begin = std::get_if<Ack>(&begun);
    if (begin == nullptr || begin->code != 0) co_return outcome_of(std::move(begun));
    const std::string upload_id = begin->upload_id;
    for (std::size_t index = 0; index * wecom::kPiece < media->bytes.size(); ++index) {
      req_id = account_.fresh_name();
      const std::string_view piece =
          std::string_view(media->bytes).substr(index * wecom::kPiece, wecom::kPiece);
      Calls::Answer taken =
          co_await call(session, req_id, wecom::write_upload_piece(upload_id, index, piece, req_id));
      const auto* ack = std::get_if<Ack>(&taken);
      if (ack == nullptr || ack->code != 0) co_return outcome_of(std::move(taken));
    }
    req_id = account_.fresh_name();
    Calls::Answer ended = co_await call(session, req_id, wecom::write_upload_end(upload_id, req_id));
    if (const auto* end = std::get_if<Ack>(&ended)) *media_id = end->media_id;
    co_return outcome_of(std::move(ended));
  }

  Task<Calls::Answer> call(std::shared_ptr<Session> session, std::string req_id, std::string frame) {
    session->ask(req_id, std::move(frame));
    Calls::Answer answer = co_await session->answer(std::move(req_id), config_.answer_limit);
    co_return answer;
  }

  boost::asio::any_io_executor executor_;
  AccountConfig config_;
  const Clock& clock_;
  wecom::RobotTimes times_;
  Account account_;
  Redial redial_;
  InOrder order_;
  std::shared_ptr<Session> session_;
  bool replaced_ = false;
};

}  // namespace

std::unique_ptr<Platform> make_wecom_robot(boost::asio::io_context& context, AccountConfig config,
                                           EventSink& sink, const Clock& clock, std::uint64_t seed,
                                           wecom::RobotTimes times) {
  return std::make_unique<Robot>(context.get_executor(), std::move(config), sink, clock, seed, times);
}

}  // namespace bot
