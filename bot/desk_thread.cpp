#include "bot/desk_thread.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>

#include "bot/base/log.hpp"

namespace bot {

namespace {

/// Events of one transaction. More of them share one sync of the disk, at the price of latency.
constexpr std::size_t kBatch = 512;
/// How long a stepped wall clock can go unnoticed.
constexpr auto kLongestSleep = std::chrono::seconds(60);
constexpr auto kPublishedEvery = std::chrono::seconds(1);

}  // namespace

void Publisher::worked() {
  if (metrics_ == nullptr) return;
  const SteadyTime now = clock_.steady();
  behind_ = now < next_;
  if (behind_) return;
  next_ = now + kPublishedEvery;
  Figures figures = desk_.figures();
  const Inbox::Load load = inbox_.load();
  figures.inbox_waiting = static_cast<std::int64_t>(load.waiting);
  figures.inbox_refused = load.refused;
  metrics_->publish(std::move(figures));
}

DeskThread::~DeskThread() {
  inbox_.stop();
  join();
}

void DeskThread::start() {
  thread_ = std::thread([this] { run(); });
}

void DeskThread::join() {
  if (thread_.joinable()) thread_.join();
}

void DeskThread::finish_sends(Milliseconds most) {
  set(Stage::finishing);
  inbox_.nudge();
  std::unique_lock lock(mutex_);
  finished_.wait_for(lock, most, [this] { return stage_ == Stage::finished; });
}

void DeskThread::set(Stage stage) {
  {
    const std::lock_guard lock(mutex_);
    stage_ = stage;
  }
  finished_.notify_all();
}

DeskThread::Stage DeskThread::stage() const {
  const std::lock_guard lock(mutex_);
  return stage_;
}

void DeskThread::run() {
  try {
    work();
  } catch (const std::exception& failure) {
    log::error("the database cannot be trusted any more; stopping", {{"why", failure.what()}});
    failed_ = true;
    set(Stage::finished);
    kill(getpid(), SIGTERM);
  }
}

void DeskThread::work() {
  publisher_.worked();
  while (!inbox_.stopped()) {
    watch_finish();
    desk_.handle(inbox_.take(kBatch, wake_time()));
    publisher_.worked();
  }
  for (auto rest = inbox_.take(kBatch, clock_.steady()); !rest.empty();
       rest = inbox_.take(kBatch, clock_.steady())) {
    desk_.handle(std::move(rest));
  }
  desk_.stop();
}

void DeskThread::watch_finish() {
  if (stage() != Stage::finishing) return;
  desk_.send_no_more();
  if (!desk_.awaits_verdicts()) set(Stage::finished);
}

SteadyTime DeskThread::wake_time() const {
  const SteadyTime now = clock_.steady();
  const SteadyTime wake = std::min({now + kLongestSleep, desk_.next_release(), publisher_.wake_time()});
  const Instant due = desk_.next_due();
  const Milliseconds wait = due == Instant::max() ? Milliseconds(kLongestSleep) : due - clock_.now();
  return wait < kLongestSleep ? std::min(wake, now + wait) : wake;
}

}  // namespace bot
