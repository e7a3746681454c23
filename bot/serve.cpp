#include "bot/serve.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "bot/accounts.hpp"
#include "bot/alarm.hpp"
#include "bot/app.hpp"
#include "bot/base/log.hpp"
#include "bot/config/alarm_reader.hpp"
#include "bot/data_folder.hpp"
#include "bot/desk_thread.hpp"
#include "bot/metrics.hpp"
#include "bot/net/network.hpp"

namespace bot {

namespace {

/// An orderly stop waits so long for verdicts, so that nothing is unknown afterwards.
constexpr auto kFinishing = std::chrono::seconds(6);

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

/// Null when no platform dials us.
HttpServer* listening(const Config& config, Network& network) {
  if (std::ranges::none_of(config.accounts, is_dialled)) return nullptr;
  HttpServerOptions options;
  options.address = config.server_address;
  options.port = config.server_port;
  try {
    return &network.listen(options);
  } catch (const std::runtime_error& failure) {
    throw std::runtime_error(
        fmt::format("{} \u2014 write another address or port at [server], or stop the program that has it",
                    failure.what()));
  }
}

void add_accounts(const Config& config, Network& network, EventSink& sink, const Clock& clock) {
  HttpServer* server = listening(config, network);
  const auto hub = server == nullptr ? nullptr : make_onebot_hub(*server);
  Random random = Random::from_entropy();
  for (const AccountConfig& account : config.accounts) {
    const std::uint64_t seed = random.next();
    network.add([&account, &sink, &clock, seed, server, hub](boost::asio::io_context& context) {
      return make_account(context, account,
                          {.sink = sink, .clock = clock, .seed = seed, .server = server, .hub = hub});
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
  people::Forgotten forgotten(people::forgotten_file(config.data));
  App app(config, content, data.db(), clock, network, Random::from_entropy().next(), build_day(), &bell,
          &forgotten);
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
  desk.finish_sends(kFinishing);
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
    throw std::runtime_error(unusable(config.data, config.database, failure));
  }
}

}  // namespace bot
