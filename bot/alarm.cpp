#include "bot/alarm.hpp"

#include "bot/base/log.hpp"
#include "bot/command.hpp"
#include "bot/net/webhook.hpp"

namespace bot {

namespace {

constexpr auto kAgain = std::chrono::hours(1);
constexpr Milliseconds kCommandLimit = std::chrono::seconds(30);
constexpr auto kStillNews = std::chrono::minutes(10);
constexpr std::size_t kMostJobs = 100;

/// As logs call it; a webhook by where its address is written.
std::string name_of(const AlarmRoute& route) {
  if (!route.account.empty()) return "account " + route.account;
  return route.command.empty() ? "webhook " + route.webhook.source() : "command " + route.command.front();
}

WebhookRobot robot_of(const AlarmRoute& route) {
  return {webhook_kind(route.preset), route.webhook.value(), route.secret.value()};
}

}  // namespace

Bell::Bell(std::vector<AlarmRoute> routes, Postman& postman, const Clock& clock, HttpOptions http)
    : routes_(std::move(routes)), postman_(postman), clock_(clock), http_(std::move(http)), thread_([this] {
        work_off();
      }) {}

Bell::~Bell() {
  {
    const std::lock_guard guard(lock_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Bell::ring(const Alarm& alarm) {
  const bool due = is_due(alarm);
  log::warning(alarm.over ? "alarm is over" : "alarm",
               {{"kind", alarm.kind}, {"account", alarm.account}, {"rung", due ? "yes" : "no"}});
  if (!due) return;
  for (const AlarmRoute& route : routes_) {
    if (!route.works_without(alarm.account)) continue;
    if (route.account.empty()) {
      queue(route, alarm.text);
    } else {
      say(route, alarm.text);
    }
  }
}

bool Bell::is_due(const Alarm& alarm) {
  const SteadyTime now = clock_.steady();
  const auto [found, is_new] = rung_.try_emplace(std::pair(alarm.kind, alarm.account));
  Rung& rung = found->second;
  if (alarm.over) return std::exchange(rung.open, false);
  if (!is_new && now < rung.last + kAgain) return false;
  rung.last = now;
  rung.open = true;
  return true;
}

void Bell::say(const AlarmRoute& route, const std::string& text) {
  const bool direct = route.group.empty();
  Delivery delivery(Address{route.account, direct ? route.to : route.group, direct}, Message(text));
  delivery.kind = "alarm";
  delivery.expires = clock_.now() + kStillNews;
  postman_.send({std::move(delivery)});
}

void Bell::queue(const AlarmRoute& route, const std::string& text) {
  {
    const std::lock_guard guard(lock_);
    if (jobs_.size() < kMostJobs) jobs_.push_back(Job{&route, text});
  }
  changed_.notify_all();
}

void Bell::work_off() {
  std::unique_lock guard(lock_);
  while (true) {
    changed_.wait(guard, [this] { return stopping_ || !jobs_.empty(); });
    if (stopping_) return;
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    guard.unlock();
    carry_out(job);
    guard.lock();
  }
}

void Bell::carry_out(const Job& job) const {
  const AlarmRoute& route = *job.route;
  const Result<void> done = route.command.empty()
                                ? post_to_webhook(robot_of(route), job.text, clock_.now(), http_)
                                : run_command(route.command, job.text + "\n", kCommandLimit);
  if (done) {
    log::info("alarm was passed on", {{"by", name_of(route)}});
  } else {
    log::error("alarm was not passed on", {{"by", name_of(route)}, {"why", done.error().detail}});
  }
}

}  // namespace bot
