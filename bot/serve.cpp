#include "bot/serve.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <iostream>
#include <memory>
#include <thread>

#include "bot/alarm.hpp"
#include "bot/app.hpp"
#include "bot/base/log.hpp"
#include "bot/config/alarm_reader.hpp"
#include "bot/data_folder.hpp"
#include "bot/desk/inbox.hpp"
#include "bot/metrics.hpp"
#include "bot/net/network.hpp"
#include "bot/platforms/onebot/onebot.hpp"

namespace bot {

namespace {

/// Events of one transaction. More of them share one sync of the disk, at the price of latency.
constexpr std::size_t kBatch = 512;
/// How long a stepped wall clock can go unnoticed.
constexpr auto kLongestSleep = std::chrono::seconds(60);
constexpr auto kPublishedEvery = std::chrono::seconds(1);

/// Shows the desk's figures as metrics, at most once a second. Belongs to the desk's thread; does nothing
/// without metrics.
class Publisher {
 public:
  Publisher(Desk& desk, const Inbox& inbox, const Clock& clock, Metrics* metrics)
      : desk_(desk), inbox_(inbox), clock_(clock), metrics_(metrics) {}

  /// To be called whenever the desk has worked.
  void worked() {
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
  /// When there is something to show that worked() could not show yet.
  SteadyTime wake_time() const { return behind_ ? next_ : SteadyTime::max(); }

 private:
  Desk& desk_;
  const Inbox& inbox_;
  const Clock& clock_;
  Metrics* metrics_;
  SteadyTime next_{};
  bool behind_ = false;
};

/// The desk's thread: takes what has arrived, wakes for what falls due, stops the program when the database
/// cannot be trusted.
class DeskThread {
 public:
  /// `metrics` may be absent.
  DeskThread(Desk& desk, Inbox& inbox, const Clock& clock, Metrics* metrics)
      : desk_(desk), inbox_(inbox), clock_(clock), publisher_(desk, inbox, clock, metrics) {}

  ~DeskThread() {
    inbox_.stop();
    join();
  }
  DeskThread(const DeskThread&) = delete;
  DeskThread& operator=(const DeskThread&) = delete;

  void start() {
    thread_ = std::thread([this] { run(); });
  }
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  bool failed() const noexcept { return failed_; }

 private:
  void run() {
    try {
      publisher_.worked();
      while (!inbox_.stopped()) {
        desk_.handle(inbox_.take(kBatch, wake_time()));
        publisher_.worked();
      }
      for (auto rest = inbox_.take(kBatch, clock_.steady()); !rest.empty();
           rest = inbox_.take(kBatch, clock_.steady())) {
        desk_.handle(std::move(rest));
      }
      desk_.stop();
    } catch (const std::exception& failure) {
      log::error("the database cannot be trusted any more; stopping", {{"why", failure.what()}});
      failed_ = true;
      kill(getpid(), SIGTERM);
    }
  }

  SteadyTime wake_time() const {
    const SteadyTime now = clock_.steady();
    const SteadyTime wake = std::min({now + kLongestSleep, desk_.next_release(), publisher_.wake_time()});
    const Instant due = desk_.next_due();
    const Milliseconds wait = due == Instant::max() ? Milliseconds(kLongestSleep) : due - clock_.now();
    return wait < kLongestSleep ? std::min(wake, now + wait) : wake;
  }

  Desk& desk_;
  Inbox& inbox_;
  const Clock& clock_;
  Publisher publisher_;
  std::thread thread_;
  std::atomic<bool> failed_ = false;
};

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

void wait_for_stop_signal() {
  const sigset_t signals = stop_signals();
  int received = 0;
  sigwait(&signals, &received);
}

void add_accounts(const Config& config, Network& network, EventSink& sink, const Clock& clock) {
  Random random = Random::from_entropy();
  for (const AccountConfig& account : config.accounts) {
    const std::uint64_t seed = random.next();
    network.add([&account, &sink, &clock, seed](boost::asio::io_context& context) {
      return make_onebot(context, account, sink, clock, seed);
    });
  }
}

HttpOptions webhook_options() {
  HttpOptions options;
  options.proxies = HttpProxies::from_environment();
  return options;
}

std::shared_ptr<const Content> checked_content(const std::filesystem::path& folder) {
  Problems problems;
  auto content = load_content(folder, problems);
  for (const Problem& problem : problems) log::error("content", {{"problem", printed(problem)}});
  return content;
}

/// Null when none are wanted.
std::unique_ptr<Metrics> shown_metrics(const Config& config, const Clock& clock) {
  if (config.metrics_port == 0) return nullptr;
  auto metrics = std::make_unique<Metrics>(config.metrics_port, clock);
  log::info("metrics", {{"at", fmt::format("http://127.0.0.1:{}/metrics", metrics->port())}});
  return metrics;
}

int serve(const Config& config, const std::filesystem::path& content_path) {
  const SystemClock clock;
  DataFolder data(config.data, config.database, clock);
  const auto content = checked_content(content_path);
  const auto metrics = shown_metrics(config, clock);
  Inbox inbox;
  Network network(inbox, clock);
  Bell bell(config.alarms, network, clock, webhook_options());
  App app(config, content, data.db(), clock, network, Random::from_entropy().next(), build_day(), &bell);
  add_accounts(config, network, inbox, clock);
  for (const Problem& problem : unwatched_accounts(config)) {
    log::warning("alarms", {{"problem", printed(problem)}});
  }
  for (const Problem& problem : app.problems()) {
    const bool wrong = problem.weight == Problem::Weight::error;
    (wrong ? log::error : log::warning)("schedules", {{"problem", printed(problem)}});
  }
  if (has_errors(app.problems())) return 1;
  DeskThread desk(app.desk(), inbox, clock, metrics.get());
  desk.start();
  network.start();
  log::info("running", {{"accounts", static_cast<std::int64_t>(config.accounts.size())},
                        {"data", config.data.string()},
                        {"database", config.database.empty() ? "sqlite" : "postgresql"},
                        {"lessons", static_cast<std::int64_t>(content->library.lessons())}});
  wait_for_stop_signal();
  network.stop();
  inbox.stop();
  desk.join();
  log::info("stopped", {});
  return desk.failed() ? 1 : 0;
}

}  // namespace

int run_service(const Config& config, const std::filesystem::path& content_path) {
  if (config.accounts.empty()) {
    std::cerr << config.file.string()
              << ": no account — add an [[account]] with name, platform, url and token\n";
    return 1;
  }
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);  // nobody has to read the log
  signal(SIGXFSZ, SIG_IGN);  // a limit on the size of files is a full disk, not a reason to die in a write
  try {
    return serve(config, content_path);
  } catch (const sql::Unavailable& failure) {
    throw std::runtime_error(unusable(config.data, failure));
  }
}

}  // namespace bot
