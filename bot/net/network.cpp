#include "bot/net/network.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>

#include "bot/base/log.hpp"
#include "bot/net/http_server.hpp"
#include "bot/net/platform.hpp"
#include "bot/net/task.hpp"

namespace bot {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds kStopLimit{10};

}  // namespace

// Everything but `accepting` belongs to the net thread while that runs.
struct Network::Loop {
  Loop(EventSink& sink_, const Clock& clock_) : sink(sink_), clock(clock_) {}

  EventSink& sink;
  const Clock& clock;
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  std::unique_ptr<HttpServer> server;  // null unless somebody dials us
  std::vector<std::unique_ptr<Platform>> platforms;
  Scope accounts{context.get_executor()};
  Scope sends{context.get_executor()};
  Scope closing{context.get_executor()};
  asio::steady_timer stop_limit{context};
  std::thread thread{};
  std::mutex gate;
  bool accepting = true;  // guarded by `gate`

  void run();
  void hand_out(std::vector<Delivery> deliveries);
  Platform* platform_of(const std::string& account) const;
  Task<void> deliver(Platform* platform, Delivery delivery);
  Task<SendOutcome> attempt(Platform* platform, Delivery delivery);
  void look_up(const Address& chat, std::size_t count);
  Task<void> tell_history(Platform* platform, Address chat, std::size_t count);
  Task<HistoryRead> read(Platform* platform, Address chat, std::size_t count);
  void list(const Address& group);
  Task<void> tell_members(Platform* platform, Address group);
  Task<MembersListed> members_of(Platform* platform, Address group);
  void settle(const Delivery& delivery, SendOutcome outcome);
  void settle(Address where, Settled settled);
  void begin_stop();
  Task<void> drain();
};

void Network::Loop::run() {
  try {
    context.run();
  } catch (const std::exception& error) {
    log::error("net thread failed", {{"why", error.what()}});
    throw;
  }
}

Platform* Network::Loop::platform_of(const std::string& account) const {
  const auto found = std::find_if(platforms.begin(), platforms.end(),
                                  [&](const auto& platform) { return platform->account() == account; });
  return found == platforms.end() ? nullptr : found->get();
}

void Network::Loop::hand_out(std::vector<Delivery> deliveries) {
  for (Delivery& delivery : deliveries) {
    Platform* platform = platform_of(delivery.to.account);
    if (platform == nullptr) {
      settle(delivery, NotSent{"no such account: " + delivery.to.account});
    } else if (delivery.expires < clock.now()) {
      settle(delivery, NotSent{"expired"});
    } else {
      std::string name = "send " + delivery.to.account;
      spawn(sends, std::move(name), deliver(platform, std::move(delivery)));
    }
  }
}

Task<void> Network::Loop::deliver(Platform* platform, Delivery delivery) {
  const Address where = delivery.to;
  Settled settled{delivery.outbox, delivery.subject, Unknown{}};
  SendOutcome outcome = co_await attempt(platform, std::move(delivery));
  settled.outcome = std::move(outcome);
  settle(where, std::move(settled));
}

// A delivery must be settled even if the platform has a bug.
Task<SendOutcome> Network::Loop::attempt(Platform* platform, Delivery delivery) {
  std::string why;
  try {
    SendOutcome outcome = co_await platform->send(std::move(delivery));
    co_return outcome;
  } catch (const std::exception& error) {
    why = error.what();
  }
  log::error("send failed", {{"account", platform->account()}, {"why", why}});
  co_return Unknown{why};
}

void Network::Loop::look_up(const Address& chat, std::size_t count) {
  Platform* platform = platform_of(chat.account);
  if (platform == nullptr) return;
  spawn(sends, "history " + chat.account, tell_history(platform, chat, count));
}

Task<void> Network::Loop::tell_history(Platform* platform, Address chat, std::size_t count) {
  HistoryRead history = co_await read(platform, chat, count);
  history.asked = count;
  Event event(std::move(chat), clock.now(), std::move(history));
  if (!sink.offer(event)) log::error("a history was not taken");
}

Task<HistoryRead> Network::Loop::read(Platform* platform, Address chat, std::size_t count) {
  HistoryRead nothing;
  try {
    HistoryRead history = co_await platform->history(std::move(chat), count);
    co_return history;
  } catch (const std::exception& error) {
    nothing.failure = error.what();
  }
  log::error("history failed", {{"account", platform->account()}, {"why", nothing.failure}});
  co_return nothing;
}

void Network::Loop::list(const Address& group) {
  Platform* platform = platform_of(group.account);
  if (platform == nullptr) return;
  spawn(sends, "members " + group.account, tell_members(platform, group));
}

Task<void> Network::Loop::tell_members(Platform* platform, Address group) {
  MembersListed listed = co_await members_of(platform, group);
  Event event(std::move(group), clock.now(), std::move(listed));
  if (!sink.offer(event)) log::error("a list of members was not taken");
}

Task<MembersListed> Network::Loop::members_of(Platform* platform, Address group) {
  MembersListed nothing;
  try {
    MembersListed listed = co_await platform->members(std::move(group));
    co_return listed;
  } catch (const std::exception& error) {
    nothing.failure = error.what();
  }
  log::error("members failed", {{"account", platform->account()}, {"why", nothing.failure}});
  co_return nothing;
}

void Network::Loop::settle(const Delivery& delivery, SendOutcome outcome) {
  settle(delivery.to, Settled{delivery.outbox, delivery.subject, std::move(outcome)});
}

void Network::Loop::settle(Address where, Settled settled) {
  Event event(std::move(where), clock.now(), std::move(settled));
  if (!sink.offer(event)) log::error("outcome of a send was not taken");
}

void Network::Loop::begin_stop() {
  stop_limit.expires_after(kStopLimit);
  stop_limit.async_wait([this](const boost::system::error_code& cancelled) {
    if (cancelled) return;
    log::error("net thread did not come to rest in time");
    context.stop();
  });
  for (const auto& platform : platforms) platform->stop();
  if (server) server->stop();
  spawn(closing, "stop", drain());
}

Task<void> Network::Loop::drain() {
  co_await sends.joined();
  co_await accounts.joined();
  // Nothing may run on when the platforms go.
  work.reset();
  stop_limit.cancel();
}

Network::Network(EventSink& sink, const Clock& clock) : loop_(std::make_unique<Loop>(sink, clock)) {}

Network::~Network() {
  stop();
}

HttpServer& Network::listen(const HttpServerOptions& options) {
  if (loop_->server || !loop_->platforms.empty()) throw std::logic_error("the server comes first, and once");
  loop_->server = make_http_server(loop_->context.get_executor(), options).value();
  return *loop_->server;
}

void Network::add(const MakePlatform& make) {
  std::unique_ptr<Platform> platform = make(loop_->context);
  if (loop_->platform_of(platform->account()) != nullptr) {
    throw std::logic_error("two accounts are called " + platform->account());
  }
  loop_->platforms.push_back(std::move(platform));
}

void Network::start() {
  if (loop_->server) spawn(loop_->accounts, "server", loop_->server->run());
  for (const auto& platform : loop_->platforms) {
    spawn(loop_->accounts, "account " + platform->account(), platform->run());
  }
  loop_->thread = std::thread([loop = loop_.get()] { loop->run(); });
}

void Network::send(std::vector<Delivery> deliveries) {
  {
    const std::lock_guard lock(loop_->gate);
    if (loop_->accepting) {
      asio::post(loop_->context, [loop = loop_.get(), deliveries = std::move(deliveries)]() mutable {
        loop->hand_out(std::move(deliveries));
      });
      return;
    }
  }
  for (const Delivery& delivery : deliveries) loop_->settle(delivery, NotSent{"stopped"});
}

void Network::read_history(const Address& chat, std::size_t count) {
  const std::lock_guard lock(loop_->gate);
  if (!loop_->accepting) return;
  asio::post(loop_->context, [loop = loop_.get(), chat, count] { loop->look_up(chat, count); });
}

void Network::read_members(const Address& group) {
  const std::lock_guard lock(loop_->gate);
  if (!loop_->accepting) return;
  asio::post(loop_->context, [loop = loop_.get(), group] { loop->list(group); });
}

// The list of platforms does not change after start().
Capabilities Network::capabilities(const Address& chat) const {
  const Platform* platform = loop_->platform_of(chat.account);
  if (platform != nullptr) return platform->capabilities(chat);
  Capabilities none;
  none.push = false;
  none.hears = Hears::nothing;
  return none;
}

void Network::stop() {
  {
    const std::lock_guard lock(loop_->gate);
    if (!loop_->accepting) return;
    loop_->accepting = false;
    asio::post(loop_->context, [loop = loop_.get()] { loop->begin_stop(); });
  }
  // Never started: what was handed in is decided here.
  if (!loop_->thread.joinable())
    loop_->run();
  else
    loop_->thread.join();
}

}  // namespace bot
