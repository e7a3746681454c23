#include "bot/metrics.hpp"

#include <fmt/format.h>
#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "bot/base/log.hpp"

namespace bot {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Families = std::vector<MetricFamily>;
using Labels = std::vector<ClientMetric::Label>;

/// Answers are small and rare; a second thread serves whoever asks while the first is held up.
constexpr std::size_t kThreads = 2;

MetricFamily family(MetricType type, std::string name, std::string help) {
  MetricFamily made;
  made.name = std::move(name);
  made.help = std::move(help);
  made.type = type;
  return made;
}

void add(MetricFamily& to, double value, Labels labels = {}) {
  ClientMetric metric;
  metric.label = std::move(labels);
  (to.type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  to.metric.push_back(std::move(metric));
}

MetricFamily counter(std::string name, std::string help, std::int64_t count) {
  MetricFamily made = family(MetricType::Counter, std::move(name), std::move(help));
  add(made, static_cast<double>(count));
  return made;
}

MetricFamily gauge(std::string name, std::string help, std::int64_t value) {
  MetricFamily made = family(MetricType::Gauge, std::move(name), std::move(help));
  add(made, static_cast<double>(value));
  return made;
}

MetricFamily in_seconds(std::string name, std::string help, Milliseconds time) {
  MetricFamily made = family(MetricType::Gauge, std::move(name), std::move(help));
  add(made, std::chrono::duration<double>(time).count());
  return made;
}

std::int64_t resident_bytes() {
  std::int64_t all_pages = 0;
  std::int64_t resident_pages = 0;
  std::ifstream("/proc/self/statm") >> all_pages >> resident_pages;
  return resident_pages * sysconf(_SC_PAGESIZE);
}

MetricFamily messages(const Figures& figures) {
  MetricFamily made = family(MetricType::Counter, "xueban_messages_total",
                             "Messages by account and by what became of them; planned: queued.");
  MessageCounts counts = figures.messages;
  // A counter that is there before it counts lets an alert see the first failure.
  for (const auto& [account, up] : figures.accounts_up) counts.counted("planned", account, 0);
  for (const auto& [account, states] : counts.by_account()) {
    for (const std::string_view state : message_states) {
      add(made, static_cast<double>(counts.count(state, account)),
          {{"account", account}, {"verdict", std::string(state)}});
    }
  }
  return made;
}

MetricFamily accounts(const Figures& figures) {
  MetricFamily made = family(MetricType::Gauge, "xueban_account_up", "1 while the account can be used.");
  for (const auto& [account, up] : figures.accounts_up) add(made, up ? 1 : 0, {{"account", account}});
  return made;
}

void add_desk(const Figures& figures, Families& to) {
  to.push_back(
      counter("xueban_events_heard_total", "Messages heard in groups and in private.", figures.events));
  to.push_back(counter("xueban_commands_total", "Commands run.", figures.commands));
  to.push_back(
      counter("xueban_turns_failed_total", "Turns and pushes that ended with an error.", figures.failed));
  to.push_back(gauge("xueban_inbox_waiting", "Events not handled yet.", figures.inbox_waiting));
  to.push_back(counter("xueban_inbox_refused_total",
                       "Times that a full inbox made a connection stop reading.", figures.inbox_refused));
  to.push_back(gauge("xueban_pushes_held", "1 while all pushes are held.", figures.pushes_held));
}

void add_outbox(const Figures& figures, Instant now, Families& to) {
  const Instant oldest = figures.oldest_unknown.value_or(now);
  to.push_back(messages(figures));
  to.push_back(accounts(figures));
  to.push_back(gauge("xueban_outbox_waiting", "Messages queued and not handed over.", figures.waiting));
  to.push_back(gauge("xueban_outbox_in_flight", "Messages whose verdict is awaited.", figures.in_flight));
  to.push_back(in_seconds("xueban_outbox_oldest_unknown_age_seconds",
                          "Age of the oldest send that nobody can vouch for; 0 when there is none.",
                          std::max(now - oldest, Milliseconds(0))));
}

void add_storage(const Figures& figures, Families& to) {
  to.push_back(gauge("xueban_database_bytes", "Size of the database.", figures.database_bytes));
  to.push_back(gauge("xueban_resident_memory_bytes", "Resident memory of the process.", resident_bytes()));
  to.push_back(
      counter("xueban_log_lines_lost_total", "Lines of the log that could not be written.", log::lost()));
  if (!figures.last_commit) return;
  to.push_back(in_seconds("xueban_last_commit_timestamp_seconds", "Time of the last commit, since 1970.",
                          figures.last_commit->time_since_epoch()));
}

}  // namespace

class Metrics::Collector final : public prometheus::Collectable {
 public:
  explicit Collector(const Clock& clock) : clock_(clock) {}

  void publish(std::shared_ptr<const Figures> figures) {
    const std::lock_guard lock(mutex_);
    figures_ = std::move(figures);
  }

  Families Collect() const override {
    const std::shared_ptr<const Figures> figures = published();
    Families families;
    add_desk(*figures, families);
    add_outbox(*figures, clock_.now(), families);
    add_storage(*figures, families);
    return families;
  }

 private:
  std::shared_ptr<const Figures> published() const {
    const std::lock_guard lock(mutex_);
    return figures_;
  }

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Figures> figures_ = std::make_shared<const Figures>();
};

struct Metrics::Server {
  explicit Server(std::uint16_t port) : exposer(fmt::format("127.0.0.1:{}", port), kThreads) {}
  prometheus::Exposer exposer;
};

Metrics::Metrics(std::uint16_t port, const Clock& clock) : collector_(std::make_shared<Collector>(clock)) {
  try {
    server_ = std::make_unique<Server>(port);
  } catch (const std::exception&) {
    throw std::runtime_error(
        fmt::format("the metrics cannot be shown on 127.0.0.1:{} \u2014 another program has that port, or it "
                    "needs rights that this account has not; write another one at [metrics] port, or \"off\"",
                    port));
  }
  server_->exposer.RegisterCollectable(collector_);
}

Metrics::~Metrics() = default;

void Metrics::publish(Figures figures) {
  collector_->publish(std::make_shared<const Figures>(std::move(figures)));
}

std::uint16_t Metrics::port() const {
  return static_cast<std::uint16_t>(server_->exposer.GetListeningPorts().front());
}

}  // namespace bot
