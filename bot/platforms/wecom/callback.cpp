#include "bot/platforms/wecom/callback.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <charconv>
#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>

#include "bot/base/json.hpp"
#include "bot/base/log.hpp"
#include "bot/base/random.hpp"
#include "bot/net/http_client.hpp"
#include "bot/net/in_order.hpp"
#include "bot/net/standing.hpp"
#include "bot/net/task.hpp"
#include "bot/net/url.hpp"
#include "bot/platforms/wecom/codec.hpp"
#include "bot/platforms/wecom/crypto.hpp"
#include "bot/platforms/wecom/open_questions.hpp"
#include "bot/platforms/wecom/seen_lately.hpp"

namespace bot {

namespace {

using wecom::Ack;
using wecom::Envelope;
using wecom::OpenQuestions;
using wecom::Said;
using wecom::Sealed;
using wecom::SeenLately;

constexpr const char* kPlatform = "https://qyapi.weixin.qq.com";
constexpr Milliseconds kAnswerWindow = std::chrono::hours(1);
constexpr Milliseconds kClockSkew = std::chrono::minutes(10);
constexpr std::size_t kMostQuestions = 4096;
constexpr int kOk = 200;
constexpr int kBadRequest = 400;
constexpr int kForbidden = 403;
constexpr int kServerError = 500;
constexpr int kUnavailable = 503;

/// The parts of a request that its signature covers.
class Signed {
 public:
  Signed(const HttpCall& call, std::string sealed)
      : signature_(call.parameter("msg_signature")),
        timestamp_(call.parameter("timestamp")),
        nonce_(call.parameter("nonce")),
        encrypted_(std::move(sealed)) {}

  Sealed sealed() const { return {signature_, timestamp_, nonce_, encrypted_}; }
  std::string name() const { return timestamp_ + ' ' + nonce_; }

  bool is_timely(Instant now) const {
    std::int64_t seconds = 0;
    const char* end = timestamp_.data() + timestamp_.size();
    const auto [stop, failure] = std::from_chars(timestamp_.data(), end, seconds);
    if (failure != std::errc() || stop != end) return false;
    const std::int64_t skew = std::chrono::duration_cast<std::chrono::seconds>(kClockSkew).count();
    const std::int64_t present = in_ms(now) / 1000;
    return seconds >= present - skew && seconds <= present + skew;
  }

 private:
  std::string signature_;
  std::string timestamp_;
  std::string nonce_;
  std::string encrypted_;
};

std::string sealed_in(const std::string& body) {
  const auto parsed = json::parsed(body);
  return parsed ? json::text(json::member(*parsed, "encrypt")) : std::string();
}

/// The address must not lead anywhere else, whoever wrote it into the message.
bool leads_to(const std::string& url, const std::string& origin) {
  const auto address = parsed_url(url, kHttpSchemes);
  const auto home = parsed_url(origin, kHttpSchemes);
  return address && home && address->secure == home->secure && address->host == home->host &&
         address->port == home->port;
}

SendOutcome outcome_of(const Result<HttpAnswer>& answer) {
  if (!answer) {
    if (may_have_arrived(answer.error())) return Unknown{answer.error().detail};
    return NotSent{answer.error().detail};
  }
  if (answer->status >= kServerError) return Unknown{"answered with HTTP " + std::to_string(answer->status)};
  if (answer->status != kOk) return Refused{"answered with HTTP " + std::to_string(answer->status)};
  return wecom::outcome_of(wecom::read_ack(answer->body));
}

Envelope envelope_of(const AccountConfig& config) {
  auto envelope = Envelope::with(config.token.value(), config.aes_key.value());
  if (!envelope) throw std::runtime_error("account " + config.name + ": " + envelope.error().detail);
  return *envelope;
}

std::unique_ptr<HttpClient> client_of(boost::asio::io_context& context, const AccountConfig& config) {
  HttpOptions options;
  options.authorities = config.certificate_authority;
  options.proxies = HttpProxies::from_environment();
  auto client = make_http_client(context.get_executor(), std::move(options));
  if (!client) throw std::runtime_error("account " + config.name + ": " + client.error().detail);
  return std::move(*client);
}

class Callback final : public Platform {
 public:
  Callback(boost::asio::io_context& context, AccountConfig config, EventSink& sink, const Clock& clock,
           std::uint64_t seed, HttpServer& server)
      : config_(std::move(config)),
        origin_(config_.url.empty() ? kPlatform : config_.url),
        clock_(clock),
        envelope_(envelope_of(config_)),
        client_(client_of(context, config_)),
        random_(seed),
        standing_(config_.name, sink, clock),
        stopped_(context.get_executor()),
        order_(context.get_executor()) {
    const std::string path = wecom_callback_path(config_);
    server.on("GET", path, [this](HttpCall call) { return answer_check(std::move(call)); });
    server.on("POST", path, [this](HttpCall call) { return hear(std::move(call)); });
  }

  const std::string& account() const noexcept override { return config_.name; }

  Capabilities capabilities(const Address& chat) const override {
    Capabilities capabilities;
    capabilities.push = false;
    capabilities.hears = chat.direct ? Hears::everything : Hears::mentions;
    capabilities.mention_all = false;
    capabilities.history = false;
    capabilities.pictures = false;
    capabilities.buttons = true;
    capabilities.reply_window = kAnswerWindow;
    capabilities.text = wecom::kTextLimit;
    return capabilities;
  }

  // Nobody can tell whether the platform will call, so listening is all there is to being up.
  Task<void> run() override {
    standing_.up(config_.self, "WeCom callback");
    while (!stopping_) {
      co_await stopped_.wait();
    }
  }

  void stop() noexcept override {
    stopping_ = true;
    client_->close();
    stopped_.wake();
  }

  Task<SendOutcome> send(Delivery delivery) override {
    const InOrder::Place place(order_, delivery.to);
    co_await place.reached();
    const std::int64_t outbox = delivery.outbox;
    const Address to = delivery.to;
    SendOutcome outcome = co_await answer(std::move(delivery));
    standing_.complain(to, outbox, outcome);
    co_return outcome;
  }

  Task<HistoryRead> history(Address, std::size_t) override {
    HistoryRead nothing;
    nothing.supported = false;
    nothing.failure = "WeCom has no history";
    co_return nothing;
  }

 private:
  /// The check of the address, when it is entered at the platform: it wants the bare text back.
  Task<HttpReply> answer_check(HttpCall call) {
    const Signed request(call, call.parameter("echostr"));
    const auto echo = envelope_.opened(request.sealed());
    if (!echo) co_return turned_away(echo.error());
    if (!request.is_timely(clock_.now())) co_return turned_away(Error{Errc::refused, "too old or too new"});
    co_return HttpReply(kOk, *echo);
  }

  Task<SendOutcome> answer(Delivery delivery) {
    if (stopping_) co_return NotSent{"stopped"};
    if (delivery.answers.empty()) co_return Refused{"a callback's robot can only answer"};
    const auto url = questions_.key(delivery.to, delivery.answers, clock_.steady());
    if (!url) co_return Refused{"the platform allows one answer within an hour"};
    HttpRequest request("POST", *url);
    request.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
    request.body = wecom::write_response(delivery, random_.unique_name());
    if (request.body.empty()) co_return Refused{"nothing in the message can be sent"};
    const Result<HttpAnswer> answered = co_await client_->fetch(std::move(request));
    SendOutcome outcome = outcome_of(answered);
    const bool used = !std::holds_alternative<NotSent>(outcome);
    if (used) questions_.forget(delivery.to, delivery.answers);
    co_return outcome;
  }

  // The reply is empty and goes out at once; the answer takes the way of the response_url.
  Task<HttpReply> hear(HttpCall call) {
    const Signed request(call, sealed_in(call.body));
    const auto message = envelope_.opened(request.sealed());
    if (!message) co_return turned_away(message.error());
    if (!request.is_timely(clock_.now())) co_return turned_away(Error{Errc::refused, "too old or too new"});
    if (!seen_.is_new(request.name(), clock_.steady())) co_return HttpReply(kOk);
    wecom::Frame frame = wecom::read_callback(*message, wecom::Reader{config_.name, clock_.now()});
    auto* said = std::get_if<Said>(&frame);
    if (said != nullptr && !take(*said)) {
      seen_.forget(request.name());
      co_return HttpReply(kUnavailable);
    }
    co_return HttpReply(kOk);
  }

  /// False when the desk is full; the platform then comes again.
  bool take(Said& said) {
    const Address where = said.event.where;
    const std::string id = std::get<MessagePosted>(said.event.what).id;
    if (!standing_.offer(said.event)) return false;
    if (said.response_url.empty()) return true;
    if (leads_to(said.response_url, origin_)) {
      questions_.add(where, id, said.response_url, clock_.steady());
    } else {
      log::error("the address for an answer leads elsewhere", {{"account", config_.name}});
    }
    return true;
  }

  HttpReply turned_away(const Error& why) {
    log::warning("callback turned away", {{"account", config_.name}, {"why", why.detail}});
    return HttpReply(why.code == Errc::refused ? kForbidden : kBadRequest);
  }

  AccountConfig config_;
  std::string origin_;
  const Clock& clock_;
  Envelope envelope_;
  std::unique_ptr<HttpClient> client_;
  Random random_;
  Standing standing_;
  Waiter stopped_;
  InOrder order_;
  OpenQuestions questions_{kAnswerWindow, kMostQuestions};
  SeenLately seen_{2 * kClockSkew};
  bool stopping_ = false;
};

}  // namespace

std::string wecom_callback_path(const AccountConfig& account) {
  return "/wecom/" + account.name;
}

Result<void> check_wecom_callback(const AccountConfig& account) {
  constexpr std::string_view words = "check";
  const auto envelope = Envelope::with(account.token.value(), account.aes_key.value());
  if (!envelope) return envelope.error();
  const std::string encrypted = envelope->encrypted(words, "0123456789abcdef");
  const std::string signature = envelope->signature("1", "n", encrypted);
  const auto opened = envelope->opened({signature, "1", "n", encrypted});
  if (!opened) return opened.error();
  if (*opened != words) return Error{Errc::unknown, "what was sealed came out changed"};
  return {};
}

std::unique_ptr<Platform> make_wecom_callback(boost::asio::io_context& context, AccountConfig config,
                                              EventSink& sink, const Clock& clock, std::uint64_t seed,
                                              HttpServer& server) {
  return std::make_unique<Callback>(context, std::move(config), sink, clock, seed, server);
}

}  // namespace bot
