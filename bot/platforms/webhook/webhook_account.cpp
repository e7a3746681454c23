#include "bot/platforms/webhook/webhook_account.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bot/base/hashes.hpp"
#include "bot/base/log.hpp"
#include "bot/base/random.hpp"
#include "bot/net/http_client.hpp"
#include "bot/net/webhook.hpp"
#include "bot/net/webhook_verdict.hpp"

namespace bot {

namespace {

constexpr std::size_t kNameLength = 32;

WebhookKind kind_of(const AccountConfig& config) {
  if (config.platform == "wecom-webhook") return WebhookKind::wecom;
  return config.platform == "webhook" ? WebhookKind::standard : webhook_kind(config.platform);
}

/// 2048 bytes is WeCom's limit, less what webhook_requests() may put between. Feishu's body may have 20 KB,
/// and its JSON is longer than the text. DingTalk takes 20,000 bytes.
TextLimit text_of(WebhookKind kind) {
  switch (kind) {
    case WebhookKind::wecom:
      return {2000, TextLimit::Unit::bytes};
    case WebhookKind::dingtalk:
      return {5000, TextLimit::Unit::characters};
    case WebhookKind::feishu:
      return {18'000, TextLimit::Unit::bytes};
    case WebhookKind::plain:
    case WebhookKind::standard:
      break;
  }
  return {3000, TextLimit::Unit::characters};
}

/// 4096 bytes less what the markup takes.
constexpr TextLimit kMarkdown{4000, TextLimit::Unit::bytes};

std::vector<Rate> rates_of(WebhookKind kind) {
  const Rate twenty{20, std::chrono::minutes(1)};
  switch (kind) {
    case WebhookKind::wecom:
    case WebhookKind::dingtalk:
      return {twenty};
    case WebhookKind::feishu:
      return {Rate{100, std::chrono::minutes(1)}, Rate{5, std::chrono::seconds(1)}};
    case WebhookKind::plain:
    case WebhookKind::standard:
      break;
  }
  return {};
}

Capabilities capabilities_of(WebhookKind kind, WecomFormat format) {
  Capabilities capabilities;
  capabilities.hears = Hears::nothing;
  capabilities.history = false;
  capabilities.pictures = kind == WebhookKind::wecom;
  capabilities.text = format == WecomFormat::text ? text_of(kind) : kMarkdown;
  capabilities.per_account = rates_of(kind);
  return capabilities;
}

HttpOptions options_of(const AccountConfig& config) {
  HttpOptions options;
  options.authorities = config.certificate_authority;
  options.proxies = HttpProxies::from_environment();
  options.limit = config.answer_limit;
  options.idle_limit = Milliseconds(0);
  return options;
}

/// Lets one coroutine in at a time, in the order of their coming.
class Queue {
 public:
  explicit Queue(const boost::asio::any_io_executor& executor) : next_(executor) {}

  /// A place in the queue, from its making to its end.
  class Place {
   public:
    explicit Place(Queue& queue) : queue_(queue), number_(queue.last_++) {}
    ~Place() {
      ++queue_.first_;
      queue_.next_.wake();
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    Task<void> reached() {
      while (queue_.first_ != number_) co_await queue_.next_.wait();
    }

   private:
    Queue& queue_;
    std::uint64_t number_;
  };

 private:
  Waiter next_;
  std::uint64_t first_ = 0;
  std::uint64_t last_ = 0;
};

class WebhookAccount final : public Platform {
 public:
  WebhookAccount(const boost::asio::any_io_executor& executor, AccountConfig config, EventSink& sink,
                 const Clock& clock, std::uint64_t seed)
      : config_(std::move(config)),
        robot_(kind_of(config_), config_.webhook.value(), config_.secret.value()),
        capabilities_(capabilities_of(robot_.kind, wecom_format(config_.format))),
        sink_(sink),
        clock_(clock),
        random_(seed),
        queue_(executor),
        end_(executor) {
    robot_.format = wecom_format(config_.format);
    auto client = make_http_client(executor, options_of(config_));
    if (client)
      client_ = std::move(*client);
    else
      fault_ = client.error().detail;
  }

  const std::string& account() const noexcept override { return config_.name; }

  Capabilities capabilities(const Address& chat) const override {
    Capabilities capabilities = capabilities_;
    capabilities.push = !chat.direct;
    return capabilities;
  }

  Task<void> run() override {
    if (client_)
      up();
    else
      down(fault_);
    while (!stopping_) co_await end_.wait();
  }

  void stop() noexcept override {
    stopping_ = true;
    if (client_) client_->close();
    end_.wake();
  }

  Task<SendOutcome> send(Delivery delivery) override {
    if (delivery.to.direct) co_return Refused{"a webhook has one group and no private chats", true};
    if (!client_) co_return NotSent{fault_, std::nullopt};
    Queue::Place place(queue_);
    co_await place.reached();
    if (stopping_) co_return NotSent{"stopped", std::nullopt};
    if (delivery.expires < clock_.now()) co_return NotSent{"expired", std::nullopt};
    SendOutcome outcome = co_await post_all(delivery);
    weigh(delivery, outcome);
    co_return outcome;
  }

  Task<HistoryRead> history(Address, std::size_t) override {
    HistoryRead nothing;
    nothing.failure = "a webhook hears nothing";
    nothing.supported = false;
    co_return nothing;
  }

 private:
  enum class Standing { untold, up, down };

  /// The first post decides: what was said is not said again because a picture behind it was not taken.
  Task<SendOutcome> post_all(Delivery delivery) {
    const std::string id = name_of(delivery);
    std::vector<HttpRequest> requests = webhook_requests(robot_, delivery, id, clock_.now());
    std::vector<WebhookFile> files = webhook_files(robot_, delivery, random_.unique_name());
    if (requests.empty() && files.empty()) co_return Refused{"nothing in the message can be sent", false};
    std::optional<SendOutcome> decided;
    for (HttpRequest& request : requests) {
      SendOutcome outcome = co_await post(std::move(request));
      if (!goes_on(decided, std::move(outcome), delivery)) break;
    }
    for (WebhookFile& file : files) {
      if (decided && !std::holds_alternative<Sent>(*decided)) break;
      SendOutcome outcome = co_await post_file(std::move(file));
      if (!goes_on(decided, std::move(outcome), delivery)) break;
    }
    if (auto* sent = std::get_if<Sent>(&*decided); sent != nullptr && robot_.kind == WebhookKind::standard)
      sent->message_id = id;
    co_return std::move(*decided);
  }

  /// Whether what comes next may be posted.
  bool goes_on(std::optional<SendOutcome>& decided, SendOutcome outcome, const Delivery& delivery) const {
    const bool sent = std::holds_alternative<Sent>(outcome);
    if (!decided) {
      decided = std::move(outcome);
    } else if (!sent) {
      complain(delivery, webhook_error(outcome).detail);
    }
    return sent;
  }

  /// Until the message that names the upload is posted, nothing was shown.
  Task<SendOutcome> post_file(WebhookFile file) {
    const Result<HttpAnswer> answer = co_await client_->fetch(std::move(file.upload));
    if (!answer) co_return NotSent{answer.error().detail, std::nullopt};
    SendOutcome taken = webhook_verdict(robot_.kind, *answer);
    if (std::holds_alternative<Unknown>(taken)) co_return NotSent{webhook_error(taken).detail, std::nullopt};
    if (!std::holds_alternative<Sent>(taken)) co_return taken;
    const std::string media_id = media_id_of(*answer);
    if (media_id.empty()) co_return Refused{"the upload got no name", false};
    SendOutcome outcome = co_await post(webhook_file_message(robot_, file.msgtype, media_id));
    co_return outcome;
  }

  Task<SendOutcome> post(HttpRequest request) {
    const Result<HttpAnswer> answer = co_await client_->fetch(std::move(request));
    if (!answer) co_return webhook_verdict(answer.error());
    co_return webhook_verdict(robot_.kind, *answer);
  }

  /// The same for every attempt at a row, and another for every other row: also after the database was lost
  /// and rows are counted from the beginning again.
  std::string name_of(const Delivery& delivery) {
    if (delivery.outbox == 0) return "msg_" + random_.unique_name();
    const std::string row =
        fmt::format("{}\n{}\n{}", config_.name, delivery.outbox, delivery.message.plain());
    return "msg_" + sha256_hex(row).substr(0, kNameLength);
  }

  void weigh(const Delivery& delivery, const SendOutcome& outcome) {
    if (std::holds_alternative<Sent>(outcome)) return up();
    const std::string reason = webhook_error(outcome).detail;
    complain(delivery, reason);
    const auto* refused = std::get_if<Refused>(&outcome);
    if (refused != nullptr && refused->whole_chat) down(reason);
  }

  void complain(const Delivery& delivery, const std::string& why) const {
    log::warning("send not confirmed",
                 {{"account", config_.name}, {"outbox", delivery.outbox}, {"why", why}});
  }

  void up() {
    if (std::exchange(standing_, Standing::up) != Standing::up) tell(LinkUp{config_.name, config_.platform});
  }

  void down(const std::string& reason) {
    if (std::exchange(standing_, Standing::down) != Standing::down) tell(LinkDown{reason});
  }

  void tell(Happening what) {
    Event event(Address{config_.name, {}, false}, clock_.now(), std::move(what));
    if (!sink_.offer(event)) log::error("the state of an account was not taken", {{"account", config_.name}});
  }

  const AccountConfig config_;
  WebhookRobot robot_;
  const Capabilities capabilities_;
  EventSink& sink_;
  const Clock& clock_;
  Random random_;
  Queue queue_;
  Waiter end_;
  std::unique_ptr<HttpClient> client_{};
  std::string fault_{};  // why there is no client
  Standing standing_ = Standing::untold;
  bool stopping_ = false;
};

}  // namespace

std::unique_ptr<Platform> make_webhook_account(boost::asio::io_context& context, AccountConfig config,
                                               EventSink& sink, const Clock& clock, std::uint64_t seed) {
  return std::make_unique<WebhookAccount>(context.get_executor(), std::move(config), sink, clock, seed);
}

}  // namespace bot
